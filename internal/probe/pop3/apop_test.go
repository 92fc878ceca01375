package pop3_test

import (
	"net/netip"
	"strings"
	"testing"

	"mailprobe/internal/auth"
	"mailprobe/internal/lab/realserver"
	"mailprobe/internal/lab/script"
	"mailprobe/internal/probe"
	"mailprobe/internal/probe/pop3"
	"mailprobe/internal/settings"
	"mailprobe/internal/tlscheck"
)

func TestCommandsOnDemand(t *testing.T) {
	const greeting = "TLS\nS: +OK ready <1896.697170952@dbc.mtview.ca.us>\nC: CAPA\nS: +OK\nS: UIDL\nS: USER\nS: UIDL\nS: SASL PLAIN\nS: .\n"
	for _, row := range []struct {
		name, mechanism, script string
		want                    probe.AuthStatus
		by                      string
	}{
		{"not demanded", "", greeting + "C: AUTH PLAIN\nS: +OK\nC: STAT\nS: +OK 0 0\nC: QUIT\n", probe.AuthAccepted, "PLAIN"},
		{"APOP", "APOP", greeting + "C: APOP mrose c4c9334bac560ecc979e58001b3e22fb\nS: +OK\nC: STAT\nS: +OK 0 0\nC: QUIT\n", probe.AuthAccepted, "APOP"},
		{"APOP refused", "apop", greeting + "C: APOP mrose c4c9\nS: -ERR [AUTH] no\nC: QUIT\n", probe.AuthRejected, "APOP"},
		{"APOP without timestamp", "APOP", "TLS\nS: +OK ready\nC: CAPA\nS: +OK\nS: USER\nS: .\nC: QUIT\n", probe.AuthSkipped, ""},
		{"USER", "USER", greeting + "C: USER mrose\nS: +OK\nC: PASS tanstaaf\nS: +OK\nC: STAT\nS: +OK 0 0\nC: QUIT\n", probe.AuthAccepted, "USER/PASS"},
	} {
		t.Run(row.name, func(t *testing.T) {
			s := script.Start(t, script.Options{}, row.script)
			loopback := netip.MustParseAddr("127.0.0.1")
			r := pop3.New(settings.Endpoint{Protocol: settings.POP3, Host: "localhost", Port: s.Port(), Security: settings.TLS}, probe.Options{
				Credential: auth.NewCredential(auth.Password, auth.NewSecret("tanstaaf")), Username: "mrose", Mechanism: row.mechanism,
				Address: &loopback, TLS: tlscheck.Config{System: s.CA().Pool()}, Transcript: true,
			}).Probe(t.Context())
			if r.Auth.Status != row.want || r.Auth.Mechanism != row.by {
				t.Errorf("got  %s by %q\nwant %s by %q", r.Auth.Status, r.Auth.Mechanism, row.want, row.by)
			}
			for _, l := range r.Transcript {
				if strings.Contains(l.Text, "c4c9334b") || strings.Contains(l.Text, "tanstaaf") {
					t.Errorf("got  %q in the transcript\nwant no secret", l.Text)
				}
			}
		})
	}
}

// TestAPOPAtDovecot holds the digest against a server of other people.
func TestAPOPAtDovecot(t *testing.T) {
	s := realserver.Dovecot(t, realserver.DovecotOptions{
		Mechanisms: []string{"PLAIN", "APOP"},
		Extra:      "passdb {\n  driver = static\n  mechanisms = apop\n  args = password={PLAIN}tanstaaf\n}\n",
	})
	for password, want := range map[string]probe.AuthStatus{"tanstaaf": probe.AuthAccepted, "tanstaafl": probe.AuthRejected} {
		r := pop3.New(s.Endpoint(settings.POP3, settings.TLS), probe.Options{
			Credential: auth.NewCredential(auth.Password, auth.NewSecret(password)), Username: "alice@example.org", Mechanism: "APOP",
			TLS: tlscheck.Config{System: s.CAPool()}, Transcript: true,
		}).Probe(t.Context())
		if r.Auth.Status != want {
			t.Errorf("password %q\ngot  %s %+v %+v\nwant %s", password, r.Auth.Status, r.Auth, r.Transcript, want)
		}
	}
}
