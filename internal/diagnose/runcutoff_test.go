package diagnose

import (
	"strings"
	"testing"

	"mailprobe/internal/finding"
	"mailprobe/internal/probe"
	"mailprobe/internal/settings"
)

// begunAt is what became of a sign-in without a credential; nil: it was
// answered.
func begunAt(url string, err error) *probe.Result {
	r := ready(url, []string{"IMAP4rev1"}, []string{"PLAIN"}, "")
	step := probe.Step{Phase: probe.Mechanism, Status: probe.OK}
	if err != nil {
		step.Status, step.Err = probe.Failed, err
	}
	r.Steps = append(r.Steps, step)
	return r
}

// TestCutAtSignIn: who ends a sign-in without an answer is told by one without
// a credential, here and at another provider, and the password is never blamed.
func TestCutAtSignIn(t *testing.T) {
	const other = "imaps://mail.example.org"
	closed, mute := &probe.ProtocolError{Fault: probe.ClosedEarly}, &probe.ProtocolError{Fault: probe.Silent}
	cut := triedBy(probe.Auth{Status: probe.AuthUnknown, Mechanism: "PLAIN", Cause: closed, Reason: "closed"})
	cut.Mechanisms, cut.SecretSent = []string{"PLAIN"}, true
	silent := triedBy(probe.Auth{Status: probe.AuthUnknown, Mechanism: "PLAIN", Cause: &probe.ProtocolError{Fault: probe.Silent}, Reason: "silent"})
	silent.Mechanisms, silent.SecretSent = []string{"PLAIN"}, true
	own := cut.Endpoint.String()
	for _, tt := range []struct {
		name     string
		r        *probe.Result
		controls []Control
		want     string
		says     string
	}{
		{"silence, and nothing to compare with", silent, nil, "auth.no_verdict warning provider", "without a verdict"},
		{"silence as soon as one begins", silent, []Control{{Result: begunAt(own, mute)}, {Result: begunAt(other, nil), Elsewhere: true}}, "auth.no_verdict warning provider", "so the password is not the reason"},
		{"nothing to compare with", cut, nil, "auth.no_verdict warning unknown", "after the password was sent and before an answer"},
		{"cut as soon as one begins", cut, []Control{{Result: begunAt(own, closed)}, {Result: begunAt(other, nil), Elsewhere: true}}, "auth.no_verdict warning provider", "so the password is not the reason"},
		{"cut everywhere", cut, []Control{{Result: begunAt(own, closed)}, {Result: begunAt(other, closed), Elsewhere: true}}, "net.interference warning local-network", "Nothing is known about the password"},
		{"cut behind the secret alone", cut, []Control{{Result: begunAt(own, nil)}, {Result: begunAt(other, nil), Elsewhere: true}}, "auth.no_verdict warning unknown", "was answered"},
		{"cut elsewhere alone", cut, []Control{{Result: begunAt(own, nil)}, {Result: begunAt(other, closed), Elsewhere: true}}, "auth.no_verdict warning unknown", "was answered"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, each := Run([]Case{{Result: tt.r, Findings: Result(tt.r, Context{})}}, tt.controls, Context{})
			if got := codesOf(t, each[0]); got != tt.want || !strings.Contains(each[0][0].Says(), tt.says) {
				t.Errorf("got  %s: %s\nwant %s: %s", got, each[0][0].Says(), tt.want, tt.says)
			}
		})
	}
}

// TestCutBesideAccepted: a password that another service accepts is right.
func TestCutBesideAccepted(t *testing.T) {
	cut := triedBy(probe.Auth{Status: probe.AuthUnknown, Mechanism: "PLAIN", Cause: &probe.ProtocolError{Fault: probe.ClosedEarly}, Reason: "closed"})
	in := triedBy(probe.Auth{Status: probe.AuthAccepted, Mechanism: "PLAIN"})
	_, each := Run([]Case{{Result: cut, Findings: Result(cut, Context{})}, {Result: in}}, nil, Context{})
	if f := each[0][0]; f.Code != noVerdict || f.Severity != finding.Warning || !strings.Contains(f.Says(), "accepts the same password") {
		t.Errorf("got  %+v\nwant it to be right", f)
	}
}

// TestBeginsSignIn: a sign-in is begun without a credential where one was cut,
// by the same mechanism, and not where it was judged.
func TestBeginsSignIn(t *testing.T) {
	cut := triedBy(probe.Auth{Status: probe.AuthUnknown, Mechanism: "PLAIN", Cause: &probe.ProtocolError{Fault: probe.ClosedEarly}})
	cut.Mechanisms = []string{"PLAIN"}
	no := probe.NewReply("NO", "[UNAVAILABLE] later")
	judged := triedBy(probe.Auth{Status: probe.AuthUnknown, Mechanism: "PLAIN", Reply: &no})
	judged.Mechanisms = []string{"PLAIN"}
	for _, tt := range []struct {
		r    *probe.Result
		want int
	}{{cut, 2}, {judged, 0}} {
		list := Comparisons([]Case{{Result: tt.r}}, nil, []settings.Endpoint{parsed("imaps://mail.example.org"), parsed("imaps://mail.example.net")})
		if len(list) != tt.want {
			t.Errorf("got  %+v\nwant %d", list, tt.want)
		}
		for _, c := range list {
			if c.Mechanism != "PLAIN" || c.Until != probe.Mechanism {
				t.Errorf("got  %+v\nwant PLAIN to be begun", c)
			}
		}
	}
}
