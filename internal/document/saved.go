// Package document reads what was saved of a run.
package document

import (
	"cmp"
	"encoding/json"
	"strings"

	"mailprobe/internal/finding"
	"mailprobe/internal/replies"
)

// A savedReport is what is read of the JSON that "mailprobe --json" writes.
type savedReport struct {
	Schema   int `json:"schema"`
	Provider struct {
		ID string `json:"id"`
	} `json:"provider"`
	Findings  []savedFinding `json:"findings"`
	Endpoints []struct {
		Findings []savedFinding `json:"findings"`
	} `json:"endpoints"`
}

type savedFinding struct {
	Code     string           `json:"code"`
	Severity finding.Severity `json:"severity"`
	Blame    finding.Blame    `json:"blame"`
	Message  string           `json:"message"`
	Remedy   string           `json:"remedy"`
	HelpURL  string           `json:"help_url"`
	Evidence string           `json:"evidence"`
}

// Explain explains each finding of a saved report; false: the text is
// none. Several reports may follow each other or stand in one list.
func Explain(text string) ([]replies.Match, bool) {
	text = strings.TrimSpace(text)
	if text == "" || len(text) > maxSaved || text[0] != '{' && text[0] != '[' {
		return nil, false
	}
	var out []replies.Match
	seen := map[savedFinding]bool{}
	for _, report := range savedReports(text) {
		all := report.Findings
		for _, e := range report.Endpoints {
			all = append(all, e.Findings...)
		}
		for _, f := range all {
			if !seen[f] && f.Code != "" {
				out = append(out, explainFinding(f, report.Provider.ID))
			}
			seen[f] = true
		}
	}
	return out, out != nil
}

func savedReports(text string) []savedReport {
	var out []savedReport
	if text[0] == '[' {
		if json.Unmarshal([]byte(text), &out) != nil {
			return nil
		}
		return out
	}
	for d := json.NewDecoder(strings.NewReader(text)); d.More(); {
		var one savedReport
		if d.Decode(&one) != nil {
			return out
		}
		out = append(out, one)
	}
	return out
}

// maxSaved bounds a saved report, in bytes.
const maxSaved = 256 << 10

// explainFinding puts the code's page behind what the finding said.
func explainFinding(f savedFinding, provider string) replies.Match {
	page, _ := finding.PageOf(f.Code)
	m := replies.Match{Code: f.Code, Severity: cmp.Or(f.Severity, page.Severity), Blame: cmp.Or(f.Blame, page.Blame),
		Provider: provider, Title: page.Title, Cause: f.Message, Remedy: cmp.Or(f.Remedy, page.Fix),
		HelpURL: f.HelpURL, Evidence: f.Evidence, Judged: finding.JudgedMaybe, References: page.References}
	if page.Means != "" && !strings.Contains(m.Cause, page.Means) {
		m.Cause = strings.TrimSpace(m.Cause + " " + page.Means)
	}
	return m
}
