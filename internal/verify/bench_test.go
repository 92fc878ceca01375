package verify_test

import (
	"testing"

	"mailprobe/internal/auth"
	"mailprobe/internal/catalog"
	"mailprobe/internal/lab"
	"mailprobe/internal/probe"
	"mailprobe/internal/settings"
	"mailprobe/internal/tlscheck"
	"mailprobe/internal/verify"
)

// BenchmarkProvider verifies one whole provider with signing in. Its servers
// run in the same process: their time and memory count too.
func BenchmarkProvider(b *testing.B) {
	const user, password = "me@example.test", "correct horse"
	office, ok := catalog.Load().Lookup("office365")
	if !ok {
		b.Fatal("office365 is not in the catalogue")
	}
	var documented []settings.Setting
	var endpoints []settings.Endpoint
	for _, s := range office.Settings() {
		if s.Role == settings.Documented {
			documented, endpoints = append(documented, s), append(endpoints, s.Endpoint)
		}
	}
	box, err := lab.Start(b.Context(), lab.Options{
		Servers: lab.Servers(endpoints...), Accounts: []lab.Account{{Address: user, Password: password}}})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { box.Close() })
	plan := verify.Plan{
		Target: "office365", Provider: office, Endpoints: documented,
		Username: func(settings.Setting) string { return user },
		Options: probe.Options{
			Credential: auth.NewCredential(auth.Password, auth.NewSecret(password)),
			Overrides:  box.Overrides(),
			TLS:        tlscheck.Config{System: box.CAPool(), Mozilla: tlscheck.MozillaRoots()},
		},
	}
	b.ReportAllocs()
	for b.Loop() {
		if r := verify.Run(b.Context(), plan); r.Verdict != verify.Works {
			b.Fatalf("verdict %s", r.Verdict)
		}
	}
}
