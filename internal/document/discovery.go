package document

import (
	"mailprobe/internal/clients"
	"mailprobe/internal/discover"
	"mailprobe/internal/published"
	"mailprobe/internal/settings"
)

// A Discovery is what a domain publishes of its own mail settings.
type Discovery struct {
	Schema    int           `json:"schema"`
	Mailprobe Text          `json:"mailprobe"`
	Target    Text          `json:"target"`
	Domain    Text          `json:"domain"`
	Provider  *Provider     `json:"provider"`
	Sources   []FromSource  `json:"sources"`
	Clients   []Client      `json:"clients"`
	Readings  []Reading     `json:"readings"`
	Unread    []Unread      `json:"unread"`
	Conflicts []Conflict    `json:"conflicts"`
	Findings  []LintFinding `json:"findings"`
}

// A FromSource is what one source says.
type FromSource struct {
	Source   Text          `json:"source"`
	Where    Text          `json:"where"`
	Status   Text          `json:"status"`
	Reason   Text          `json:"reason"`
	Took     Millis        `json:"took_ms"`
	Findings []LintFinding `json:"findings"`
	Offers   []Offer       `json:"offers"`
	Absent   []Text        `json:"not_offered"`
	First    []Enable      `json:"enable"`
}

// An Enable is something to be done at the provider first.
type Enable struct {
	Text Text `json:"text"`
	URL  Text `json:"url"`
}

// A Conflict is a contradiction between two sources.
type Conflict struct {
	Code     Text   `json:"code"`
	Severity Text   `json:"severity"`
	Blame    Text   `json:"blame"`
	Protocol Text   `json:"protocol"`
	Sources  []Text `json:"sources"`
	Message  Text   `json:"message"`
	Remedy   Text   `json:"remedy"`
}

// DiscoveryOf returns what is said of a domain by a version of mailprobe.
func DiscoveryOf(r *discover.Result, version string) Discovery {
	d := Discovery{
		Schema: Schema, Mailprobe: Text(version), Target: Text(r.Target), Domain: Text(r.Domain),
		Sources:   Each(r.Sources, func(s discover.Report) FromSource { return fromSource(s, r.Target) }),
		Conflicts: Each(r.Conflicts, conflictOf), Findings: []LintFinding{},
	}
	d.Clients = Each(clients.All(), clientOf)
	d.Readings, d.Unread = readingsOf(clients.Of(r))
	if r.Provider != nil {
		d.Provider = &Provider{Text(r.Provider.ID), Text(r.Provider.Name)}
	}
	return d
}

func fromSource(s discover.Report, target string) FromSource {
	return FromSource{
		Source: Text(s.Source), Where: Text(s.Where), Status: Text(s.Status), Reason: Text(s.Reason), Took: millis(s.Took),
		Findings: Each(s.Findings, LintFindingOf),
		Offers:   Each(s.Offers, func(o published.Offer) Offer { return OfferOf(o, target) }),
		Absent:   Each(s.Absent, func(p settings.Protocol) Text { return Text(p) }),
		First:    Each(s.Enable, func(e published.Step) Enable { return Enable{Text(e.Text), Text(e.URL)} }),
	}
}

func conflictOf(c discover.Conflict) Conflict {
	return Conflict{Text(c.Code), Text(c.Severity), Text(c.Blame), Text(c.Protocol), Texts(c.Between[:]), Text(c.Says()), Text(c.Advises())}
}
