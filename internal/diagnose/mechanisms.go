package diagnose

import (
	"fmt"

	"mailprobe/internal/finding"

	"mailprobe/internal/probe"
)

// mechanismFindings judges announced mechanisms that the server does not
// really have.
func mechanismFindings(r *probe.Result, _ Context) []finding.Finding {
	var all []finding.Finding
	for _, c := range r.Checked {
		if c.Real {
			continue
		}
		f := finding.Finding{Code: "auth.mechanism_not_real", Severity: finding.Warning, Blame: finding.Provider, Phase: probe.SignIn,
			Message: fmt.Sprintf("%s announces the sign-in method %s and refuses it when it is asked for.", r.Endpoint.Address(), c.Mechanism),
			Remedy:  "Choose another method in the mail program. The provider should not announce what the server does not do."}
		if c.Reply != nil {
			f.Evidence = finding.Saw(c.Reply.Text)
		}
		all = append(all, f)
	}
	return all
}
