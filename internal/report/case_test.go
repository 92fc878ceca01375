package report

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"mailprobe/internal/document"
	"mailprobe/internal/finding"
)

// sampleCases are the cases of a suite, one of each outcome.
func sampleCases() []*document.Document {
	list := documents(sampleWorks(), sampleTLS(), sampleCertificate(), sampleURL(), sampleUnknown())
	first, second := 0, 1
	page := func(code, severity, message string, at *int) document.Unmet {
		return document.Unmet{Endpoint: at, Finding: document.Finding{
			Code: document.Text(code), Severity: document.Text(severity), Message: document.Text(message), Args: map[string]document.Text{},
		}}
	}
	known := document.Unmet{Finding: list[2].Endpoints[0].Findings[0], Endpoint: &first, Known: true, Reason: "they renew it on Monday"}
	open := page("suite.not_judged", "error", "pop3s://outlook.office365.com:995: it could not be judged whether the setting works", &second)
	open.Open = true
	for i, c := range []document.Case{
		{Case: "office365", Outcome: document.AsExpected, Counts: document.Works, Expected: []document.Text{"works"}},
		{Case: "example", Outcome: document.Unexpected, Counts: document.Fails, Expected: []document.Text{"works", "TLS 1.2 or newer"}, Unmet: []document.Unmet{
			{Finding: list[1].Endpoints[0].Findings[0], Endpoint: &first}, page("suite.no_endpoint", "error", "line 9 names pop3, and the target has no such endpoint", nil),
		}},
		{Case: "renewing", Outcome: document.KnownFailure, Counts: document.Works, Unmet: []document.Unmet{known}},
		{Case: "once broken", Outcome: document.StaleKnownFailure, Counts: document.Works, Unmet: []document.Unmet{page("suite.stale_known_failure", "warning", "line 20: net.refused is known as a failure (moving), and was not found any more", nil)}},
		{Case: "far away", Outcome: document.CaseUnknown, Counts: document.Unknown, Attempts: 3, Unmet: []document.Unmet{open}},
	} {
		c.File, c.Line, c.Attempts = "mailprobe.yaml", 3+5*i, max(c.Attempts, 1)
		c.Unmet = append([]document.Unmet{}, c.Unmet...)
		c.Expected = append([]document.Text{}, c.Expected...)
		list[i].Case = &c
	}
	return list
}

var sampleSuite = Options{Suite: &document.Suite{Name: "Mail settings", File: "mailprobe.yaml", Cases: 5}}

func TestGoldenSuite(t *testing.T) {
	files := map[string]string{"suite.txt": "text", "suite.json": "json", "suite.xml": "junit", "suite.sarif": "sarif"}
	for format, ending := range fileEndings {
		files["suite"+ending] = format
	}
	for file, format := range files {
		t.Run(file, func(t *testing.T) {
			golden(t, file, write(t, format, sampleSuite, sampleCases()...))
		})
	}
}

// TestSuiteOfOne holds that a suite of one case has the object around it, too.
func TestSuiteOfOne(t *testing.T) {
	var got struct {
		Suite   document.Suite
		Reports []struct{ Outcome string }
		Verdict string
	}
	o := Options{Suite: &document.Suite{Name: "n", File: "f", Cases: 1}}
	if err := json.Unmarshal(write(t, "json", o, sampleCases()[2]), &got); err != nil || got.Verdict != "works" || len(got.Reports) != 1 || got.Suite.KnownFailure != 1 || got.Suite.Cases != 1 {
		t.Errorf("got  %+v, %v\nwant a known failure that counts as works", got, err)
	}
}

// TestSuiteCounts holds what each format makes of what counts, and what does
// not.
func TestSuiteCounts(t *testing.T) {
	for i, want := range []struct{ nagios, junit string }{
		{"OK", `failures="0" errors="0" skipped="0"`}, {"CRITICAL", `failures="2" errors="0" skipped="0"`}, {"OK", `failures="0" errors="0" skipped="1"`},
		{"WARNING", `failures="0" errors="0" skipped="0"`}, {"UNKNOWN", `failures="0" errors="1" skipped="0"`},
	} {
		d := sampleCases()[i]
		if i == 0 {
			d.Endpoints[1].Findings, d.Warnings = nil, nil
		}
		if got := string(write(t, "nagios", sampleSuite, d)); !strings.HasPrefix(got, "MAILPROBE "+want.nagios+" - Case "+d.Case.Case.String()) {
			t.Errorf("got  %s\nwant %s", got, want.nagios)
		}
		if got := string(write(t, "junit", sampleSuite, d)); !strings.Contains(got, want.junit) {
			t.Errorf("got  %s\nwant %s", got, want.junit)
		}
	}
	strict := sampleCases()[3]
	strict.Unmet[0].Severity, strict.Counts = document.Text(finding.Error), document.Fails
	if got := string(write(t, "junit", sampleSuite, strict)); !strings.Contains(got, `failures="1"`) {
		t.Errorf("got  %s\nwant a failure", got)
	}
}

// TestNotJudgedAndPassed holds that what could not be judged and may pass has one
// meaning in all formats, also with --strict: it does not count, and is said.
func TestNotJudgedAndPassed(t *testing.T) {
	for severity, want := range map[finding.Severity]map[string]string{
		finding.Info: {
			"nagios": "MAILPROBE OK - Case far away: could not be judged", "junit": `tests="2" failures="0" errors="0" skipped="1"`, "github": "\n::notice file=mailprobe.yaml,line=23,title=far away::Not judged: ",
			"text": "Not judged: ", "markdown": "could not be judged", "html": `<h2 class="unknown">`, "csv": "far away", "ndjson": `"outcome":"unknown","counts":"works"`, "json": `"verdict": "works"`,
			"prometheus": `outcome="unknown"} 1`, "sarif": `"level": "note"`,
		},
		finding.Warning: {
			"nagios": "MAILPROBE CRITICAL - Case far away: could not be judged", "junit": `tests="2" failures="0" errors="0" skipped="1"`, "github": "\n::warning file=mailprobe.yaml,line=23,title=far away::Not judged: ",
			"sarif": `"level": "warning"`,
		},
	} {
		d := sampleCases()[4]
		d.Endpoints, d.Faults, d.Warnings = d.Endpoints[1:2], nil, nil
		d.Endpoints[0].Verdict, d.Endpoints[0].Findings = document.Unknown, []document.Finding{{Code: "net.timeout", Severity: "warning", Message: "nothing came"}}
		*d.Unmet[0].Endpoint = 0
		d.Unmet[0].Severity, d.Counts = document.Text(severity), document.Works
		for format, part := range want {
			o := sampleSuite
			o.Strict, o.Targets = true, 1
			if got := string(write(t, format, o, d)); !strings.Contains(got, part) {
				t.Errorf("%s, %s: got  %s\nwant %s", severity, format, got, part)
			}
		}
	}
}

// TestWhoeverWroteTheSuite holds that no field of a case acts in any format.
func TestWhoeverWroteTheSuite(t *testing.T) {
	for _, format := range SuiteFormats() {
		list := sampleCases()
		for _, d := range list {
			poison(reflect.ValueOf(d).Elem(), func(string) bool { return false })
		}
		checkHarmless(t, format, write(t, format, sampleSuite, list...))
	}
}
