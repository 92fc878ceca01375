package document

import (
	"cmp"
	"strings"

	"mailprobe/internal/finding"
	"mailprobe/internal/replies"
)

// Explain explains each finding of saved documents, each once.
func Explain(saved []*Document) []replies.Match {
	var out []replies.Match
	said := map[[7]Text]bool{}
	for _, d := range saved {
		groups := [][]Finding{d.Findings}
		for _, e := range d.Endpoints {
			groups = append(groups, e.Findings)
		}
		for _, findings := range groups {
			for _, f := range findings {
				key := [...]Text{f.Code, f.Severity, f.Blame, f.Message, f.Remedy, f.HelpURL, f.Evidence}
				if !said[key] && f.Code != "" {
					out = append(out, f.explain(d.Provider))
				}
				said[key] = true
			}
		}
	}
	return out
}

// explain puts the code's page behind what the finding said.
func (f Finding) explain(of *Provider) replies.Match {
	page, _ := finding.PageOf(string(f.Code))
	m := replies.Match{
		Code: string(f.Code), Severity: cmp.Or(finding.Severity(f.Severity), page.Severity), Blame: cmp.Or(finding.Blame(f.Blame), page.Blame),
		Title: page.Title, Cause: string(f.Message), Remedy: cmp.Or(string(f.Remedy), page.Fix),
		HelpURL: string(f.HelpURL), Evidence: string(f.Evidence), Judged: finding.JudgedMaybe, References: page.References,
	}
	if of != nil {
		m.Provider = string(of.ID)
	}
	if page.Means != "" && !strings.Contains(m.Cause, page.Means) {
		m.Cause = strings.TrimSpace(m.Cause + " " + page.Means)
	}
	return m
}
