package diagnose

import (
	"slices"

	"mailprobe/internal/finding"
	"mailprobe/internal/probe"
	"mailprobe/internal/settings"
	"mailprobe/internal/tlscheck"
)

// misled tells that servers of unrelated owners all show certificates for other
// names: something leads the mail names, or the connections, to another server.
// nil: it is not so, or nothing shows it.
func misled(s scene) *commonCause {
	var other *sighting
	for _, x := range s.sightings() {
		switch how, _ := symptomOf(x.result); {
		case !x.elsewhere:
		case how == misnamed:
			other = &x
		case x.result.TLS != nil:
			return s.astray() // a server of the right name is reached from here
		}
	}
	if other == nil || !slices.ContainsFunc(s.cases, Case.isMisnamed) {
		return s.astray()
	}
	f := finding.Finding{Code: "net.interference", Args: finding.Args{"other": other.Host},
		Message:  "The servers that answer here show certificates for other names than they are called by, at {other} as well: the DNS server or something else in this network leads mail connections to another server.",
		Remedy:   "Do not sign in here. Open a web page and sign in to the network if it asks for that, set another DNS server, or try another network. Whoever runs this network must let mail connections through unchanged.",
		Evidence: compared(nil, other)}
	return &commonCause{Finding: weighed(f), short: "{server} is answered by a server of another name, as elsewhere from here.",
		covers: func(k Case, f finding.Finding) bool {
			return k.isMisnamed() && f.Code == certRules[tlscheck.NameMismatch].code
		}}
}

// astray tells that all hosts of a provider of the catalogue, two at least, are
// answered by servers of one other name: a filter that leads names to a page of
// its own looks so, and hardly a provider does. nil: it is not so.
func (s scene) astray() *commonCause {
	hosts, subject := map[string]bool{}, ""
	for _, k := range s.cases {
		if !isForOtherName(k.Result.TLS) || !catalogued(k.Provider) || len(k.Result.TLS.Chain) == 0 || k.ownName() || s.sameSigner(k) != nil {
			return nil
		}
		name := k.Result.TLS.Chain[0].Subject.CommonName
		if subject != "" && name != subject {
			return nil
		}
		subject, hosts[k.Result.Endpoint.Host] = name, true
	}
	if len(hosts) < 2 {
		return nil
	}
	f := finding.Finding{Code: "net.interference", Args: finding.Args{"owner": s.cases[0].Provider.Name, "name": quoted(subject)},
		Message: "All servers of {owner} are answered here by one whose certificate is for {name}, a name that is not theirs. More likely a DNS filter or something else in this network leads them astray than that all are set up wrongly.",
		Remedy:  "Do not sign in here. Set another DNS server, or try another network, such as a phone's; ask whoever runs this network to let mail connections through unchanged."}
	return &commonCause{Finding: weighed(f), short: "{server} is answered by a server of another name, like all servers of this provider from here.",
		covers: func(k Case, f finding.Finding) bool {
			return f.Code == certRules[tlscheck.NameMismatch].code || concernsAuthority(f)
		}}
}

// ownName reports whether a certificate is for a name like those of the
// provider's servers.
func (k Case) ownName() bool {
	return slices.ContainsFunc(k.Result.TLS.Chain[0].DNSNames, func(name string) bool {
		return slices.ContainsFunc(k.Provider.Settings(), func(x settings.Setting) bool { return related(x.Host, name) })
	})
}

// strangersName judges a certificate for other names that another provider's
// server shows as its own from here.
func (s scene) strangersName(k Case, f finding.Finding) finding.Finding {
	if !catalogued(k.Provider) || len(k.Result.TLS.Chain) == 0 {
		return f
	}
	for _, x := range s.sightings() {
		if !x.elsewhere || k.Result.TLS.Chain[0].VerifyHostname(x.Host) != nil || !got(probe.TLS, x.result) {
			continue
		}
		f.Blame, f.HelpURL, f.Args = finding.LocalNetwork, "", finding.Args{"other": x.Host}
		f.Message = "{server} is answered by the server of another provider, {other}: the DNS server of this computer, its hosts file or something else in this network leads the name astray."
		f.Remedy = "Do not sign in here. Look into the hosts file of this computer and at its DNS server, or set another one; try another network, such as a phone's."
		return f
	}
	return f
}

func (k Case) isMisnamed() bool {
	how, _ := symptomOf(k.Result)
	return how == misnamed
}
