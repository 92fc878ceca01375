package verify

import (
	"path/filepath"
	"testing"
	"time"

	"mailprobe/internal/auth"
	"mailprobe/internal/finding"
	"mailprobe/internal/lab/realserver"
	"mailprobe/internal/probe"
	"mailprobe/internal/settings"
)

// TestUncommonMethod: where some programs connect and this one cannot, the
// verdict stays open, and nothing is sent. Where nobody connects, it fails.
func TestUncommonMethod(t *testing.T) {
	kept := func(name string, more ...string) []string {
		file, err := filepath.Abs("../../testdata/certificates/" + name)
		if err != nil {
			t.Fatal(err)
		}
		return append([]string{"-cert", file, "-key", file}, more...)
	}
	for _, row := range []struct {
		name, code string
		args       []string
		verdict    Verdict
	}{
		{"DHE of 2048 bits", "tls.method_uncommon", []string{"-tls1_2", "-cipher", "DHE-RSA-AES256-GCM-SHA384"}, Unknown},
		{"Ed448", "tls.method_uncommon", kept("ed448.pem"), Unknown},
		{"RSA-PSS", "tls.method_uncommon", kept("rsa-pss.pem", "-tls1_3"), Unknown},
		{"a name beyond ASCII", "cert.unreadable", kept("raw-name.pem"), Unknown},
		{"a negative serial number", "cert.unreadable", kept("negative-serial.pem"), Unknown},
		{"a negative serial number, TLS 1.3 alone", "tls.failed", kept("negative-serial.pem", "-tls1_3"), Unknown},
		{"ffdhe2048", "tls.method_uncommon", []string{"-tls1_3", "-groups", "ffdhe2048"}, Unknown},
		{"CAMELLIA", "tls.no_common_cipher", []string{"-tls1_2", "-cipher", "CAMELLIA128-SHA"}, Fails},
	} {
		t.Run(row.name, func(t *testing.T) {
			s := realserver.OpenSSL(t, realserver.OpenSSLOptions{RSA: true, Args: row.args})
			p := Plan{Target: "example", Endpoints: []settings.Setting{{Endpoint: s.Endpoint(settings.IMAP, settings.TLS), Role: settings.Documented}}, Options: probe.Options{
				Timeouts:   probe.Timeouts{Phase: 30 * time.Second},
				Username:   "alice@example.org",
				Credential: auth.NewCredential(auth.Password, auth.NewSecret("correct horse")),
			}}
			p.Options.TLS.System = s.CAPool()
			r := Run(t.Context(), p)
			e := r.Endpoints[0]
			f := find(e.Findings, row.code)
			if f == nil || e.Verdict != row.verdict || r.Verdict != row.verdict || e.Result.Auth.Sent {
				t.Fatalf("got  %s, %s, sent: %v, %v\nwant %s, %s, nothing sent", e.Verdict, r.Verdict, e.Result.Auth.Sent, e.Findings, row.verdict, row.code)
			}
			if want := map[Verdict]finding.Severity{Unknown: finding.Warning, Fails: finding.Error}[row.verdict]; f.Severity != want {
				t.Errorf("got  a %s\nwant a %s", f.Severity, want)
			}
		})
	}
}
