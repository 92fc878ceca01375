package imap_test

import (
	"net/netip"
	"testing"

	"mailprobe/internal/auth"
	"mailprobe/internal/lab/script"
	"mailprobe/internal/probe"
	"mailprobe/internal/probe/imap"
	"mailprobe/internal/settings"
	"mailprobe/internal/tlscheck"
)

// TestLoginOnDemand holds --auth LOGIN against servers with the mechanism and
// with the command only.
func TestLoginOnDemand(t *testing.T) {
	for _, row := range []struct {
		name, script, want string
	}{
		{"mechanism", "TLS\nS: * OK [CAPABILITY IMAP4rev1 AUTH=LOGIN AUTH=PLAIN] hi\nC: * AUTHENTICATE LOGIN\nS: + VXNlcjo=\nC: bWU=\nS: + UGFzczo=\nC: c2VjcmV0LXdvcmQ=\n" +
			"S: $tag OK [CAPABILITY IMAP4rev1] done\nC: * EXAMINE\nS: * 0 EXISTS\nS: $tag OK [READ-ONLY] done\nC: * LOGOUT\n", "LOGIN"},
		{"command", "TLS\nS: * OK [CAPABILITY IMAP4rev1 AUTH=PLAIN] hi\nC: * LOGIN\nS: $tag OK [CAPABILITY IMAP4rev1] done\nC: * EXAMINE\nS: * 0 EXISTS\nS: $tag OK [READ-ONLY] done\nC: * LOGOUT\n", imap.NativeLogin},
		{"neither", "TLS\nS: * OK [CAPABILITY IMAP4rev1 AUTH=PLAIN LOGINDISABLED] hi\nC: * LOGOUT\n", ""},
	} {
		t.Run(row.name, func(t *testing.T) {
			s := script.Start(t, script.Options{}, row.script)
			loopback := netip.MustParseAddr("127.0.0.1")
			r := imap.New(settings.Endpoint{Protocol: settings.IMAP, Host: "localhost", Port: s.Port(), Security: settings.TLS}, probe.Options{
				Credential: auth.NewCredential(auth.Password, auth.NewSecret("secret-word")), Username: "me", Mechanism: "LOGIN",
				Address: &loopback, TLS: tlscheck.Config{System: s.CA().Pool()}, Transcript: true,
			}).Probe(t.Context())
			if r.Auth.Mechanism != row.want || (row.want != "") != (r.Auth.Status == probe.AuthAccepted) {
				t.Errorf("got  %s by %q %+v\nwant %q", r.Auth.Status, r.Auth.Mechanism, r.Transcript, row.want)
			}
		})
	}
}
