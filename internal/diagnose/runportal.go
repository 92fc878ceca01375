package diagnose

import (
	"slices"

	"mailprobe/internal/finding"
)

const captiveCode = "env.proxy_or_captive"

// portal tells that a web server answers in place of mail servers, here and at
// another provider alike. nil: it is not so, or nothing shows it.
func portal(s scene) *commonCause {
	var other *sighting
	for _, x := range s.sightings() {
		switch how, _ := symptomOf(x.result); {
		case !x.elsewhere:
		case how == web:
			other = &x
		case x.result.TLS != nil && !strangeAuthority(x.result.TLS) && !isForOtherName(x.result.TLS):
			return s.webAlone() // this network lets a mail server through
		}
	}
	if other == nil || !slices.ContainsFunc(s.cases, Case.isWeb) {
		return s.webAlone()
	}
	f := finding.Finding{Code: captiveCode, Args: finding.Args{"other": other.Host},
		Message:  "A web server answers in place of mail servers, at {other} as well: a login page, a proxy or a filter of this network is in the way, and nothing is known about these settings.",
		Remedy:   "Open a web page and sign in to the network if it asks for that. Otherwise try another network, or ask whoever runs this one.",
		Evidence: compared(nil, other)}
	return &commonCause{Finding: weighed(f), covers: func(k Case, f finding.Finding) bool { return k.isWeb() && (k.isWhy(f) || f.Code == captiveCode) },
		moot: captiveCode, short: "A web server answers in place of {server}, as elsewhere from here."}
}

// webAlone tells that a web server answers on every port of a provider of the
// catalogue, two at least: a filter that leads names to a page of its own looks
// so, and hardly a provider does. nil: it is not so.
func (s scene) webAlone() *commonCause {
	if len(s.cases) < 2 || slices.ContainsFunc(s.cases, func(k Case) bool { return !k.isWeb() || !catalogued(k.Provider) }) {
		return nil
	}
	f := finding.Finding{Code: captiveCode, Args: finding.Args{"owner": s.cases[0].Provider.Name},
		Message: "A web server answers here on all ports of {owner} that were tried. More likely a DNS filter or something else in this network leads them astray than that the provider has set all of them up so.",
		Remedy:  "Set another DNS server, or try another network, such as a phone's; ask whoever runs this network to let mail connections through. If it is the same there, look at the provider's settings page."}
	return &commonCause{Finding: weighed(f), covers: func(k Case, f finding.Finding) bool { return k.isWhy(f) || f.Code == captiveCode },
		moot: captiveCode, short: "A web server answers in place of {server}, as on all ports of this provider from here."}
}

func (k Case) isWeb() bool {
	how, _ := symptomOf(k.Result)
	return how == web
}

// onlyHere reports whether another provider's server speaks as it should where
// a web server answers at this one: nothing of the network is in the way.
func (s scene) onlyHere(k Case) bool { return s.compareCase(k).clear != nil }
