package diagnose

import (
	"slices"
	"strings"
	"testing"

	"mailprobe/internal/auth"
	"mailprobe/internal/finding"
	"mailprobe/internal/probe"
	"mailprobe/internal/settings"
)

// The same words mean one thing to a password and another to a token.
func TestRefusalFitsWhatWasShown(t *testing.T) {
	for _, row := range []struct {
		name, mechanism, status, text string
		code, part                    string // of the message
	}{
		{"Exchange, password", "PLAIN", "NO", "AUTHENTICATE failed.", "auth.rejected", "password"},
		{"Exchange, token", "XOAUTH2", "NO", "AUTHENTICATE failed.", "auth.token_rejected", "token"},
		{"plain words, password", "PLAIN", "NO", "[AUTHENTICATIONFAILED] wrong", "auth.rejected", "password"},
		{"plain words, token", "OAUTHBEARER", "NO", "[AUTHENTICATIONFAILED] wrong", "auth.token_rejected", "token"},
		{"no words, password", "PLAIN", "NO", "Nie wieder", "auth.rejected", "password"},
		{"no words, token", "XOAUTH2", "NO", "Nie wieder", "auth.token_rejected", "token"},
		{"an answer that no row knows, password", "PLAIN", "999", "what now", "auth.rejected", "does not accept the user name and password"},
		{"an answer that no row knows, token", "XOAUTH2", "999", "what now", "auth.token_rejected", "does not accept the access token"},
		{"app password, to a token", "XOAUTH2", "NO", "[ALERT] Application-specific password required", "auth.token_rejected", "token"},
		{"app password", "PLAIN", "NO", "[ALERT] Application-specific password required", "auth.app_password_required", "2-Step"},
	} {
		t.Run(row.name, func(t *testing.T) {
			reply := probe.NewReply(row.status, row.text)
			r := &probe.Result{
				Endpoint: settings.Endpoint{Protocol: settings.IMAP, Host: "mail.example.com", Port: 993, Security: settings.TLS},
				Auth:     probe.Auth{Status: probe.AuthRejected, Mechanism: row.mechanism, Reply: &reply},
			}
			found := signInFindings(r, Context{})
			sound(t, found)
			if len(found) != 1 || found[0].Code != row.code || found[0].Severity != finding.Error || !strings.Contains(found[0].Says(), row.part) {
				t.Errorf("got  %v\nwant the error %s that says %q", found, row.code, row.part)
			}
		})
	}
}

// A server that does not know the first command of its protocol is at fault.
func TestFirstCommandRefused(t *testing.T) {
	for _, row := range []struct {
		protocol settings.Protocol
		command  string
		reply    probe.Reply
		code     string
	}{
		{settings.SMTP, "EHLO", probe.NewReply("502", "5.5.1 no such command"), "smtp.ehlo_rejected"},
		{settings.SMTP, "EHLO", probe.NewReply("554", "5.7.1 blocked using zen.spamhaus.org"), "send.blocklisted"},
		{settings.IMAP, "CAPABILITY", probe.NewReply("BAD", "unknown command"), "proto.command_refused"},
	} {
		t.Run(row.command+" "+row.reply.Text, func(t *testing.T) {
			r := ended(row.protocol, probe.Capabilities, &probe.ReplyError{Command: row.command, Reply: row.reply})
			f := gravest(t, r)
			if f.Code != row.code || f.Severity != finding.Error || f.Blame == finding.LocalMachine {
				t.Errorf("got  %s (%s, %s)\nwant the error %s, not of this computer", f.Code, f.Severity, f.Blame, row.code)
			}
		})
	}
}

// Where a row says that nothing was judged another service may try. A
// temporary status alone is no such sign, and a server that was asked too often
// is left in peace.
func TestNotJudged(t *testing.T) {
	for _, row := range []struct {
		protocol     settings.Protocol
		status, text string
		notJudged    bool
		tooOften     bool
	}{
		{settings.SMTP, "454", "4.7.0 Temporary authentication failure", true, false},
		{settings.SMTP, "454", "4.7.0 Too many login attempts, please try again later.", false, true},
		{settings.SMTP, "535", "5.7.8 wrong", false, false},
		{settings.SMTP, "535", "5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Tenant.", true, false},
		{settings.IMAP, "NO", "[UNAVAILABLE] Temporary authentication failure. [mail1:2026-11-23 01:20:00]", true, false},
		{settings.IMAP, "NO", "[UNAVAILABLE] later", false, false},
		{settings.IMAP, "NO", "[UNAVAILABLE] Authentication failed", false, false},
		{settings.IMAP, "NO", "[UNAVAILABLE] Temporary authentication failure: wrong password", false, false},
		{settings.IMAP, "NO", "[LIMIT] too many failed logins", false, false},
		{settings.IMAP, "NO", "[INUSE] try later", false, false},
		{settings.IMAP, "NO", "nope", false, false},
		{settings.IMAP, "BYE", "[UNAVAILABLE] later", false, false},
		{settings.POP3, "-ERR", "[IN-USE] locked", false, false},
		{settings.POP3, "-ERR", "[IN-USE] Mailbox is locked by another POP3 session.", true, false},
		{settings.POP3, "-ERR", "[SYS/TEMP] account temporarily locked", false, false},
		{settings.POP3, "-ERR", "[LOGIN-DELAY] too soon", false, false},
		{settings.SMTP, "454", "4.7.8 credentials invalid", false, false},
		{settings.SMTP, "421", "4.7.0 bye", false, false},
		{settings.SMTP, "432", "4.7.12 wrong", false, false},
		{settings.SMTP, "535", "5.7.8 Error: authentication failed: Invalid authentication mechanism", false, false},
		{settings.SMTP, "504", "5.5.4 Unsupported authentication mechanism", true, false},
	} {
		t.Run(row.status+" "+row.text, func(t *testing.T) {
			reply, e := probe.NewReply(row.status, row.text), settings.Endpoint{Protocol: row.protocol}
			a := probe.Auth{Sent: true, Reply: &reply}
			if got := NotJudged(e, a, nil); got != row.notJudged {
				t.Errorf("got  not judged: %v\nwant %v", got, row.notJudged)
			}
			if got := AskedTooOften(e, a, nil); got != row.tooOften {
				t.Errorf("got  asked too often: %v\nwant %v", got, row.tooOften)
			}
		})
	}
}

func TestTemporaryAfterSignIn(t *testing.T) {
	reply := probe.NewReply("BYE", "[UNAVAILABLE] down")
	r := ended(settings.IMAP, probe.Access, &probe.ReplyError{Command: "EXAMINE INBOX", Reply: reply})
	r.Auth.Status, r.AccessReply = probe.AuthAccepted, &reply
	f := gravest(t, r)
	if f.Code != "access.temporary" || f.Severity != finding.Warning || !strings.Contains(f.Says(), "accepts the sign-in") {
		t.Errorf("got  %v\nwant the warning access.temporary after a sign-in that was accepted", f)
	}
}

func TestDoubtMechanism(t *testing.T) {
	both := []string{"SCRAM-SHA-256", "PLAIN"}
	for _, row := range []struct {
		name      string
		status    probe.AuthStatus
		mechanism string
		offered   []string
		want      bool
	}{
		{"SCRAM refused beside PLAIN", probe.AuthRejected, "SCRAM-SHA-256", both, true},
		{"CRAM-MD5 refused beside PLAIN", probe.AuthRejected, "CRAM-MD5", both, true},
		{"SCRAM refused, nothing else offered", probe.AuthRejected, "SCRAM-SHA-256", both[:1], false},
		{"PLAIN refused", probe.AuthRejected, "PLAIN", both, false},
		{"SCRAM not judged", probe.AuthUnknown, "SCRAM-SHA-256", both, false},
	} {
		t.Run(row.name, func(t *testing.T) {
			reply := probe.NewReply("NO", "[AUTHENTICATIONFAILED] no")
			if row.status == probe.AuthUnknown {
				reply = probe.NewReply("NO", "[UNAVAILABLE] no")
			}
			r := &probe.Result{Mechanisms: row.offered, Auth: probe.Auth{Status: row.status, Mechanism: row.mechanism, Reply: &reply}}
			f := signInFindings(r, Context{})
			sound(t, f)
			if len(f) != 1 || strings.Contains(f[0].Advises(), "--auth PLAIN") != row.want {
				t.Errorf("got  %+v\nwant the advice: %t", f, row.want)
			}
		})
	}
}

func TestWantsID(t *testing.T) {
	r := &probe.Result{WantsID: true, Steps: []probe.Step{{Phase: probe.Access, Status: probe.OK}}}
	f := accessFindings(r, Context{})
	sound(t, f)
	if len(f) != 1 || f[0].Code != "access.id_required" || f[0].Severity != finding.Warning {
		t.Errorf("got  %+v\nwant a warning access.id_required", f)
	}
}

// What is odd about a password is told where it was not accepted, and only
// that.
func TestPasswordFindings(t *testing.T) {
	gmail := &settings.Provider{Name: "Gmail"}
	setting := settings.Setting{SignIn: []settings.SignIn{
		{Way: "password", Status: settings.RefusedWay},
		{Way: "app-password", Form: &settings.Form{Looks: "16 letters without spaces"}},
	}}
	for _, row := range []struct {
		odd    auth.Oddity
		status probe.AuthStatus
		says   string // empty: nothing
	}{
		{auth.BlankAround, probe.AuthRejected, "The password begins or ends with a blank, which is sent as a part of it."},
		{auth.BlankInside, probe.AuthRejected, "The password has blanks inside; app passwords of Gmail are 16 letters without spaces."},
		{auth.OtherForm, probe.AuthUnknown, "This is no app password of Gmail, which are 16 letters without spaces"},
		{auth.NotASCII, probe.AuthSkipped, "The password has characters beyond ASCII"},
		{auth.NotASCII, probe.AuthAccepted, ""},
		{auth.NotASCII, probe.AuthNotTested, ""},
	} {
		r := triedBy(probe.Auth{Status: row.status, Mechanism: "PLAIN"})
		found := passwordFindings(r, Context{Provider: gmail, Setting: &setting, Odd: []auth.Oddity{row.odd}})
		want := "auth.password_form warning account"
		if row.says == "" {
			want = ""
		}
		if got := codesOf(t, found); got != want || want != "" && !strings.HasPrefix(found[0].Says(), row.says) {
			t.Errorf("%s, %s: got  %q %v\nwant %s", row.odd, row.status, got, found, row.says)
		}
	}
	accepted, refused := triedBy(probe.Auth{Status: probe.AuthAccepted}), triedBy(probe.Auth{Status: probe.AuthRejected})
	odd := []finding.Finding{about(refused, OddPassword(auth.NotASCII, nil, nil))}
	if _, each := Run([]Case{{Result: accepted}, {Result: refused, Findings: odd}}, nil, Context{}); slices.ContainsFunc(each[1], func(f finding.Finding) bool { return f.Code == passwordForm }) {
		t.Errorf("got  %v\nwant nothing of a password that another service accepts", each[1])
	}
}
