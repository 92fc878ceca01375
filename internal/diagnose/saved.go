package diagnose

import (
	"encoding/json"
	"strings"
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
	Code     string   `json:"code"`
	Severity Severity `json:"severity"`
	Blame    Blame    `json:"blame"`
	Message  string   `json:"message"`
	Remedy   string   `json:"remedy"`
	HelpURL  string   `json:"help_url"`
	Evidence string   `json:"evidence"`
}

// explainReport explains each finding of a saved report; false: the text is
// none. Several reports may follow each other or stand in one list.
func (t *table) explainReport(text string) ([]Match, bool) {
	text = strings.TrimSpace(text)
	if text == "" || len(text) > maxText || text[0] != '{' && text[0] != '[' {
		return nil, false
	}
	var out []Match
	seen := map[savedFinding]bool{}
	for _, report := range savedReports(text) {
		all := report.Findings
		for _, e := range report.Endpoints {
			all = append(all, e.Findings...)
		}
		for _, f := range all {
			if !seen[f] && f.Code != "" {
				out = append(out, t.explainFinding(f, report.Provider.ID))
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

// explainFinding puts the code's page behind what the finding said.
func (t *table) explainFinding(f savedFinding, provider string) Match {
	info, _ := t.lookup(f.Code)
	m := Match{Code: f.Code, Severity: or(f.Severity, info.Severity), Blame: or(f.Blame, info.Blame),
		Provider: provider, Title: info.Title, Cause: f.Message, Remedy: or(f.Remedy, info.Fix),
		HelpURL: f.HelpURL, Evidence: cut(f.Evidence), Judged: JudgedMaybe, References: info.References}
	if info.Means != "" && !strings.Contains(m.Cause, info.Means) {
		m.Cause = strings.TrimSpace(m.Cause + " " + info.Means)
	}
	return m
}
