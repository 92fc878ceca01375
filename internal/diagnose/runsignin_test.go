package diagnose

import (
	"strings"
	"testing"

	"mailprobe/internal/auth"
	"mailprobe/internal/finding"
	"mailprobe/internal/probe"
	"mailprobe/internal/settings"
)

// signedIn is an endpoint that has given an answer to a sign-in.
func signedIn(s settings.Setting, status probe.AuthStatus, user, reply, text string) Case {
	r := ready(s.Endpoint.String(), []string{"IMAP4rev1"}, []string{"PLAIN"}, "")
	answer := probe.NewReply(reply, text)
	r.Auth = probe.Auth{Status: status, Mechanism: "PLAIN", Username: user, Reply: &answer, Sent: true}
	step := probe.Step{Phase: probe.SignIn, Status: probe.OK}
	if status != probe.AuthAccepted {
		step.Status, step.Err = probe.Failed, &probe.ReplyError{Command: "PLAIN", Reply: answer}
	}
	r.Steps = append(r.Steps, step)
	return Case{Setting: s, Result: r, Findings: Result(r, Context{Setting: &s, Kind: auth.Password})}
}

// refusing is a setting that documents that it takes no password.
func refusing(url string) settings.Setting {
	s := settings.Setting{Endpoint: parsed(url)}
	for _, way := range []string{"password", "app-password"} {
		s.SignIn = append(s.SignIn, settings.SignIn{Way: way, Status: settings.RefusedWay, Note: "Not taken since 2022.",
			Source: settings.Source{Title: "The end of passwords", Publisher: "Example", Read: "2026-11"}})
	}
	return s
}

// TestAcceptedElsewhere: a credential that one service accepts is not mistyped,
// whatever another says of it.
func TestAcceptedElsewhere(t *testing.T) {
	imap, smtp := settings.Setting{Endpoint: parsed("imaps://imap.example.com")}, settings.Setting{Endpoint: parsed("submissions://smtp.example.com")}
	in := signedIn(imap, probe.AuthAccepted, "me@example.com", "OK", "in")
	for _, row := range []struct {
		name  string
		first Case
		then  Case
		want  string
		part  string // of what is said and advised
	}{
		{"nobody has accepted", signedIn(imap, probe.AuthUnknown, "me", "NO", "[UNAVAILABLE] Temporary authentication failure."), signedIn(smtp, probe.AuthRejected, "me@example.com", "535", "5.7.8 no"),
			"auth.rejected error account", "A wrong password is only one reason"},
		{"wrong, says the other", in, signedIn(smtp, probe.AuthRejected, "me@example.com", "535", "5.7.8 no"),
			"auth.refused_here error account", "refuses the password that imap.example.com:993 accepts: it is not mistyped. Look in the account's settings whether sending with sign-in (SMTP AUTH) is switched on"},
		{"another form of the user name", in, signedIn(smtp, probe.AuthRejected, "me", "535", "5.7.8 no"),
			"auth.refused_here error account", "for the user name me, and imap.example.com:993 accepts it for me@example.com: it is not mistyped. Try me@example.com"},
		{"as documented", in, signedIn(refusing("imaps://mail.example.com"), probe.AuthRejected, "me@example.com", "NO", "LOGIN failed."),
			"auth.basic_disabled error account", "as the provider documents"},
		{"the reply says more", in, signedIn(smtp, probe.AuthRejected, "me@example.com", "535", "5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Mailbox."),
			"auth.smtp_auth_disabled error account", "SMTP"},
	} {
		t.Run(row.name, func(t *testing.T) {
			_, each := Run([]Case{row.first, row.then}, nil, Context{Kind: auth.Password})
			if got := strings.Split(codesOf(t, each[1]), "; ")[0]; got != row.want {
				t.Fatalf("got  %s\nwant %s", got, row.want)
			}
			if got := each[1][0].Says() + " " + each[1][0].Advises(); !strings.Contains(got, row.part) {
				t.Errorf("got  %q\nwant %q in it", got, row.part)
			}
		})
	}
}

// TestNotSentAsDocumented: what the document says is shown with its date, and
// leaves open what it does not prove.
func TestNotSentAsDocumented(t *testing.T) {
	s := refusing("imaps://mail.example.com")
	r := ready(s.Endpoint.String(), []string{"IMAP4rev1"}, []string{"PLAIN"}, "")
	r.Auth = probe.Auth{Status: probe.AuthSkipped, Reason: DocumentedRefusal(s, auth.Password), Open: true}
	found := Result(r, Context{Setting: &s, Kind: auth.Password})
	if got, want := codesOf(t, found), "auth.documented_refusal warning account"; got != want {
		t.Fatalf("got  %s\nwant %s", got, want)
	}
	if got, want := found[0].Seen(), "“The end of passwords” (Example, read 2026-11): Not taken since 2022."; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	for name, row := range map[string]struct {
		s    settings.Setting
		kind auth.Kind
	}{
		"a token, of which nothing is said": {s, auth.Token},
		"no credential":                     {s, ""},
		"nothing documented":                {settings.Setting{Endpoint: s.Endpoint}, auth.Password},
		"one kind of password is taken":     {settings.Setting{SignIn: append(s.SignIn[:1:1], settings.SignIn{Way: "app-password", Status: settings.DisputedWay})}, auth.Password},
	} {
		if got := DocumentedRefusal(row.s, row.kind); got != "" {
			t.Errorf("%s\ngot  %q\nwant no refusal", name, got)
		}
	}
	r.Auth.Reason = "the credential was rejected at smtp.example.com:587"
	if f := Result(r, Context{Setting: &s, Kind: auth.Password}); f[0].Code != "auth.skipped_canary" || f[0].Severity != finding.Info {
		t.Errorf("got  %v\nwant the reason for which it was held back", f)
	}
}
