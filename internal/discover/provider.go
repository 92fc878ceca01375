package discover

import (
	"mailprobe/internal/finding"
	"mailprobe/internal/published"
	"mailprobe/internal/settings"
)

// of takes what the catalogue knows of a provider.
func (r Report) of(p *settings.Provider) Report {
	r.Provider, r.Status = p, Found
	for _, s := range p.Settings() {
		if s.Role != settings.Documented {
			continue
		}
		r.Offers = append(r.Offers, published.Offer{Protocol: s.Protocol, Host: s.Host, Port: s.Port, Security: s.Security, Username: s.Username, SignIn: waysOf(s)})
	}
	for _, n := range p.NotOffered {
		r.Absent = append(r.Absent, n.Protocol)
	}
	if len(r.Offers) == 0 {
		r.says(finding.Finding{Code: "service.not_offered", Severity: finding.Warning, Args: finding.Args{"provider": p.Name}, Message: "{provider} offers nothing to mail programs.", Remedy: "Use the provider's own apps or web site."})
		return r.none(p.Name + " offers nothing to mail programs")
	}
	return r
}

func waysOf(s settings.Setting) (ways []string) {
	seen := map[string]bool{}
	for _, w := range s.SignIn {
		way := w.Way
		if way == "app-password" {
			way = "password"
		}
		if w.Status != settings.RefusedWay && !seen[way] {
			ways, seen[way] = append(ways, way), true
		}
	}
	return ways
}

// OfProvider is what the catalogue says of a domain that is a provider's.
func OfProvider(p *settings.Provider, domain string) Report {
	return Report{Source: Catalogue, Where: domain}.of(p)
}
