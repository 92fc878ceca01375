package verify_test

import (
	"testing"

	"mailprobe/internal/auth"
	"mailprobe/internal/finding"
	"mailprobe/internal/lab"
	"mailprobe/internal/probe"
	"mailprobe/internal/settings"
	"mailprobe/internal/tlscheck"
	"mailprobe/internal/verify"
)

// TestOtherForm counts what a server sees: a second sign-in only where the
// user asked for it and the first was rejected, and never a third.
func TestOtherForm(t *testing.T) {
	const address, local, right = "me@example.com", "me", "secret of the lab"
	imap := settings.Endpoint{Protocol: settings.IMAP, Host: "imap.example.com", Port: 993, Security: settings.TLS}
	pop3 := settings.Endpoint{Protocol: settings.POP3, Host: "pop.example.com", Port: 995, Security: settings.TLS}
	for _, row := range []struct {
		name     string
		accepted settings.Template
		password string
		asked    bool
		fault    lab.Fault
		want     string // code of the gravest finding
		blame    finding.Blame
		refused  int
		accept   int
	}{
		{"the other form works", settings.LocalPart, right, true, "", "auth.user_form", "catalogue", 1, 1},
		{"not asked for", settings.LocalPart, right, false, "", "auth.rejected", "account", 1, 0},
		{"wrong password", settings.LocalPart, "wrong one", true, "", "auth.rejected", "account", 2, 0},
		{"the documented form works", settings.FullAddress, right, true, "", "", "", 0, 2},
		{"not judged", settings.LocalPart, right, true, lab.TemporaryFailure, "auth.temporary", "provider", 2, 0},
	} {
		t.Run(row.name, func(t *testing.T) {
			servers := []lab.Server{{Endpoint: imap, Username: row.accepted, Fault: row.fault}, {Endpoint: pop3, Username: row.accepted, Fault: row.fault}}
			l, err := lab.Start(t.Context(), lab.Options{Servers: servers, Accounts: []lab.Account{{Address: address, Password: right}}})
			if err != nil {
				t.Fatal(err)
			}
			defer l.Close()
			p := verify.Plan{
				Endpoints: []settings.Setting{{Endpoint: imap}, {Endpoint: pop3}},
				Username:  func(settings.Setting) string { return address },
				Options: probe.Options{
					Credential: auth.NewCredential(auth.Password, auth.NewSecret(row.password)),
					Overrides:  l.Overrides(), TLS: tlscheck.Config{System: l.CAPool()},
				},
			}
			if row.asked {
				p.OtherForm = func(settings.Setting) string { return local }
			}
			code, blame := gravest(verify.Run(t.Context(), p))
			if code != row.want || blame != row.blame {
				t.Errorf("got  %q, %q\nwant %q, %q", code, blame, row.want, row.blame)
			}
			if got := l.Total(); got.Refused != row.refused || got.Accepted != row.accept {
				t.Errorf("sign-ins\ngot  %d refused, %d accepted\nwant %d, %d", got.Refused, got.Accepted, row.refused, row.accept)
			}
		})
	}
}

// gravest returns the first finding about signing in that is no mere fact.
func gravest(r *verify.Report) (code string, blame finding.Blame) {
	for _, e := range r.Endpoints {
		for _, f := range e.Findings {
			if f.Phase == probe.SignIn && f.Severity != "info" {
				return f.Code, f.Blame
			}
		}
	}
	return "", ""
}
