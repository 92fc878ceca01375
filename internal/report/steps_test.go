package report

import (
	"strings"
	"testing"

	"mailprobe/internal/document"
)

// TestStepsInReports: three numbered steps at most, an administrator's marked,
// nobody told to do what he cannot, and all of the advice with -v.
func TestStepsInReports(t *testing.T) {
	const advice = "The administrator must allow it. It takes an hour. Ask for it. Wait a day. Try again. Passwords end in December 2026."
	f := document.Finding{Code: "auth.smtp_auth_disabled", Severity: "error", Blame: "account", Message: "It is off.", Remedy: advice}
	d := &document.Document{Verdict: document.Fails, Endpoints: []document.Endpoint{{Server: document.Server{Protocol: "smtp", Host: "smtp.example.com", Port: 587, Security: "starttls"},
		Verdict: document.Fails, Findings: []document.Finding{f}}}, Faults: []document.Fault{{Endpoints: []int{0}}}}
	for verbose, want := range map[bool]string{
		false: `│ Who must act   The administrator of this account; you cannot do it yourself.
│ What to do     1. (administrator) The administrator must allow it. It takes an hour.
│                2. Ask for it.
│                3. Wait a day.
│ Read more`,
		true: `│                3. Wait a day.
│ All advice     ` + advice[:90],
	} {
		p := newPage(Options{Width: 130, Verbose: verbose, Frames: true})
		p.faults(d)
		if got := p.String(); !strings.Contains(got, want) {
			t.Errorf("verbose %t\ngot  %s\nwant %s", verbose, got, want)
		}
	}
	if who := whoMustAct(nil, document.Finding{Blame: "account", Remedy: "Type the password again. The administrator can help."}); !strings.HasPrefix(who, "You") {
		t.Errorf("got  %s\nwant You", who)
	}
}
