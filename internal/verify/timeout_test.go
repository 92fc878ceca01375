package verify_test

import (
	"testing"
	"time"

	"mailprobe/internal/finding"
	"mailprobe/internal/lab/script"
	"mailprobe/internal/settings"
	"mailprobe/internal/verify"
)

// A server that would have answered is not to blame for a short limit.
func TestRunOutOfTime(t *testing.T) {
	for _, security := range []settings.Security{settings.TLS, settings.StartTLS} {
		t.Run(string(security), func(t *testing.T) {
			s := script.Start(t, script.Options{}, "silence")
			e := settings.Endpoint{Protocol: settings.IMAP, Host: "127.0.0.1", Port: s.Port(), Security: security}
			r := verify.Run(t.Context(), verify.Plan{Endpoints: []settings.Setting{{Endpoint: e}}, Timeout: 100 * time.Millisecond, NoControl: true})
			if got, want := r.Verdict, verify.Unknown; got != want {
				t.Errorf("got  %s\nwant %s", got, want)
			}
			found := r.Endpoints[0].Findings
			if len(found) != 1 || found[0].Code != "tool.out_of_time" || found[0].Severity != finding.Warning {
				t.Errorf("got  %v\nwant the warning tool.out_of_time alone", found)
			}
		})
	}
}
