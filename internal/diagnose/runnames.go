package diagnose

import (
	"slices"

	"mailprobe/internal/finding"
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
			return nil // a server of the right name is reached from here
		}
	}
	if other == nil || !slices.ContainsFunc(s.cases, Case.isMisnamed) {
		return nil
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

func (k Case) isMisnamed() bool {
	how, _ := symptomOf(k.Result)
	return how == misnamed
}
