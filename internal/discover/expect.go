package discover

import (
	"fmt"
	"slices"
	"strings"

	"mailprobe/internal/finding"
	"mailprobe/internal/settings"
)

// Unexpected says which sources of a domain point to somebody else than the
// provider that is expected, and what is to be changed: after a move, records
// of the old provider are easily left behind.
func (r *Result) Unexpected(p *settings.Provider) []finding.Finding {
	var report Report
	for _, s := range r.Sources {
		if s.Source == Guess {
			continue
		}
		host, isMX := strings.CutPrefix(s.Where, r.Domain+" MX ")
		isMX = isMX && s.Source == MX && (s.Provider == nil || s.Provider.ID != p.ID)
		for _, o := range s.Offers {
			if isMX && s.Provider != nil {
				break // what it says of the provider's servers follows from the record
			}
			at := o.Endpoint(r.Target)
			if s.Status == Found && !Runs(p, at.Host) {
				report.unexpected(p, at.Address(), r.place(s, at))
			}
		}
		if isMX {
			report.unexpected(p, host, "the MX record of "+r.Domain)
		}
	}
	var all []finding.Finding
	for _, f := range report.Findings {
		all = append(all, f.Finding)
	}
	return all
}

func (r *Report) unexpected(p *settings.Provider, what, where string) {
	r.says(finding.Finding{Code: "settings.not_expected", Args: finding.Args{"what": what, "provider": p.Name, "where": where},
		Message: "{where} points to {what}, which is no server of {provider}.", Remedy: "Change {where} so that it names a server of {provider}, or take it out."})
}

// Runs reports whether a host is one of a provider's, in any role.
func Runs(p *settings.Provider, host string) bool {
	return slices.ContainsFunc(p.Settings(), func(s settings.Setting) bool { return strings.EqualFold(s.Host, host) })
}

// place names what is to be changed: the record, or the document.
func (r *Result) place(s Report, at settings.Endpoint) string {
	if name := SRVName(at.Protocol, at.Security, r.Domain); s.Source == SRV && name != "" {
		return "the SRV record " + name
	}
	return fmt.Sprintf("what %s publishes (%s)", s.Source, s.Where)
}
