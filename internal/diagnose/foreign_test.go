package diagnose

import (
	"strings"
	"syscall"
	"testing"
	"time"

	"mailprobe/internal/finding"
	"mailprobe/internal/probe"
	"mailprobe/internal/settings"
	"mailprobe/internal/tlscheck"
)

// ended is a Result that ended in phase with err.
func ended(p settings.Protocol, phase string, err error) *probe.Result {
	return &probe.Result{
		Endpoint: settings.Endpoint{Protocol: p, Host: "mail.example.com", Port: 1, Security: settings.StartTLS},
		Steps:    []probe.Step{{Phase: phase, Limit: 45 * time.Second, Status: probe.Failed, Err: err}},
	}
}

// gravest is the first of the findings in a Result, all of them sound.
func gravest(t *testing.T, r *probe.Result) finding.Finding {
	t.Helper()
	all := Result(r, Context{})
	sound(t, all)
	return all[0]
}

// Courier beyond MAXPERIP, HAProxy without a server and stunnel without a
// target hang up before they have said a word.
func TestHungUp(t *testing.T) {
	for _, row := range []struct {
		name, phase string
		err         probe.ProtocolError
		code, words string
	}{
		{"before the greeting", probe.Greeting, probe.ProtocolError{}, "proto.closed", "ends the connection before it has said a word."},
		{"reset before the greeting", probe.Greeting, probe.ProtocolError{Err: syscall.ECONNRESET}, "net.reset_after_connect", "breaks the connection off before it has said a word."},
		{"in the greeting", probe.Greeting, probe.ProtocolError{Detail: "220 m"}, "proto.closed", "in the middle of the conversation."},
		{"later", probe.Capabilities, probe.ProtocolError{}, "proto.closed", "in the middle of the conversation."},
		{"reset later", probe.Capabilities, probe.ProtocolError{Err: syscall.ECONNRESET}, "net.reset_after_connect", "breaks the connection off."},
	} {
		t.Run(row.name, func(t *testing.T) {
			row.err.Fault = probe.ClosedEarly
			f := gravest(t, ended(settings.IMAP, row.phase, &row.err))
			if f.Code != row.code || !strings.HasSuffix(f.Says(), row.words) {
				t.Errorf("got  %s: %s\nwant %s: ... %s", f.Code, f.Says(), row.code, row.words)
			}
			if spoken := row.phase != probe.Greeting || row.err.Detail != ""; spoken == strings.Contains(f.Advises(), "barred") {
				t.Errorf("got  the remedy %q", f.Advises())
			}
		})
	}
}

// A tarpit is told from a server that ends its lines by CR alone.
func TestSlowSpeaker(t *testing.T) {
	f := gravest(t, ended(settings.SMTP, probe.Greeting, &probe.ProtocolError{Fault: probe.Silent, Detail: "220 mail"}))
	if want := "has not ended its first line"; f.Code != "proto.silent" || !strings.Contains(f.Says(), want) {
		t.Errorf("got  %s: %s\nwant proto.silent: ... %s", f.Code, f.Says(), want)
	}
}

func TestEarlyConsent(t *testing.T) {
	f := gravest(t, ended(settings.SMTP, probe.SignIn, &probe.ProtocolError{Fault: probe.EarlyAnswer, Detail: "235 ok"}))
	if want := "answers a question that was not asked"; f.Code != "proto.malformed" || !strings.Contains(f.Says(), want) {
		t.Errorf("got  %s: %s\nwant proto.malformed: ... %s", f.Code, f.Says(), want)
	}
}

// The alert of TLS 1.3 that demands a certificate is lost if the server
// closes while EHLO is on its way.
func TestHungUpForCertificate(t *testing.T) {
	cut := &probe.ProtocolError{Fault: probe.ClosedEarly, Err: syscall.ECONNRESET}
	for _, row := range []struct {
		name, phase string
		asked       bool
		code        string
	}{
		{"asked, before the first answer", probe.Capabilities, true, "tls.client_cert_required"},
		{"asked, later", probe.Quit, true, "net.reset_after_connect"},
		{"not asked", probe.Capabilities, false, "net.reset_after_connect"},
	} {
		t.Run(row.name, func(t *testing.T) {
			r := ended(settings.SMTP, row.phase, cut)
			r.TLS = &tlscheck.State{CertAsked: row.asked}
			if f := gravest(t, r); f.Code != row.code {
				t.Errorf("got  %s\nwant %s", f.Code, row.code)
			}
		})
	}
}

// Nobody has signed in when a server turns the caller away, whatever the code
// of its reply stands for elsewhere.
func TestTurnedAwayIsNoSignIn(t *testing.T) {
	for _, row := range []struct {
		name, phase, command, status, text, want string
	}{
		{"the code of a rejection", probe.Greeting, "", "535", "not you", "turns the caller away at once."},
		{"a demand to sign in", probe.Greeting, "", "530", "5.7.0 Authentication required", "turns the caller away at once."},
		{"EHLO, the code of a rejection", probe.Capabilities, "EHLO", "535", "5.7.8 no", "refuses the command EHLO."},
	} {
		reply := probe.NewReply(row.status, row.text)
		found := Result(ended(settings.SMTP, row.phase, &probe.ReplyError{Command: row.command, Reply: reply}), Context{})
		f := found[0]
		if !strings.HasSuffix(f.Says(), row.want) || strings.Contains(strings.ToLower(f.Says()+f.Advises()), "password") {
			t.Errorf("%s\ngot  %s: %s %s\nwant ... %s", row.name, f.Code, f.Says(), f.Advises(), row.want)
		}
	}
}
