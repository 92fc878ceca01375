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
			return nil // this network lets a mail server through
		}
	}
	if other == nil || !slices.ContainsFunc(s.cases, Case.isWeb) {
		return nil
	}
	f := finding.Finding{Code: captiveCode, Args: finding.Args{"other": other.Host},
		Message:  "A web server answers in place of mail servers, at {other} as well: a login page, a proxy or a filter of this network is in the way, and nothing is known about these settings.",
		Remedy:   "Open a web page and sign in to the network if it asks for that. Otherwise try another network, or ask whoever runs this one.",
		Evidence: compared(nil, other)}
	return &commonCause{Finding: weighed(f), covers: func(k Case, f finding.Finding) bool { return k.isWeb() && (k.isWhy(f) || f.Code == captiveCode) },
		moot: captiveCode, short: "A web server answers in place of {server}, as elsewhere from here."}
}

func (k Case) isWeb() bool {
	how, _ := symptomOf(k.Result)
	return how == web
}

// onlyHere reports whether another provider's server speaks as it should where
// a web server answers at this one: nothing of the network is in the way.
func (s scene) onlyHere(k Case) bool { return s.compareCase(k).clear != nil }
