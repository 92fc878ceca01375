package verify_test

import (
	"testing"

	"mailprobe/internal/auth"
	"mailprobe/internal/lab/realserver"
	"mailprobe/internal/probe"
	"mailprobe/internal/settings"
	"mailprobe/internal/tlscheck"
	"mailprobe/internal/verify"
)

// TestMechanismOfTheSetting: a setting is verified by what a mail program does
// that is set so, each by what its own source says, at a server that can do
// all.
func TestMechanismOfTheSetting(t *testing.T) {
	d := realserver.Dovecot(t, realserver.DovecotOptions{
		Accounts:   []realserver.Account{{User: "alice@example.org", Password: "correct horse"}},
		Mechanisms: []string{"PLAIN", "LOGIN", "CRAM-MD5", "SCRAM-SHA-1", "SCRAM-SHA-256"},
	})
	p := verify.Plan{NoAlternatives: true, NoControl: true, Options: probe.Options{
		Username: "alice@example.org", Credential: auth.NewCredential(auth.Password, auth.NewSecret("correct horse")),
		TLS: tlscheck.Config{System: d.CAPool()},
	}}
	want := []string{"PLAIN", "PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-256"}
	for i, ways := range [][]string{nil, {"password", "encrypted"}, {"encrypted"}, {"encrypted", "password"}} {
		s := settings.Setting{Endpoint: d.Endpoint(settings.Protocols()[i%2], settings.TLS)}
		for _, way := range ways {
			s.SignIn = append(s.SignIn, settings.SignIn{Way: way, Status: settings.DocumentedWay})
		}
		p.Endpoints = append(p.Endpoints, s)
	}
	for i, e := range verify.Run(t.Context(), p).Endpoints {
		if a := e.Result.Auth; a.Status != probe.AuthAccepted || a.Mechanism != want[i] {
			t.Errorf("%v\ngot  %s by %s\nwant accepted by %s", p.Endpoints[i].SignIn, a.Status, a.Mechanism, want[i])
		}
	}
}
