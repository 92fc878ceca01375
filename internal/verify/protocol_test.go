package verify_test

import (
	"testing"

	"mailprobe/internal/lab/script"
	"mailprobe/internal/settings"
	"mailprobe/internal/verify"
)

// A protocol that nobody speaks is never taken for another one.
func TestRunUnknownProtocol(t *testing.T) {
	for _, protocol := range []settings.Protocol{"", "jmap"} {
		t.Run(string(protocol), func(t *testing.T) {
			s := script.Start(t, script.Options{}, "TLS\nS: 220 mx\nC: EHLO\nS: 250 mx\nC: QUIT")
			e := settings.Endpoint{Protocol: protocol, Host: "127.0.0.1", Port: s.Port(), Security: settings.TLS}
			r := verify.Run(t.Context(), verify.Plan{Endpoints: []settings.Setting{{Endpoint: e}}, NoControl: true, CheckMechanisms: true})
			if got, want := r.Verdict, verify.Unknown; got != want {
				t.Errorf("got  %s\nwant %s", got, want)
			}
			found := r.Endpoints[0].Findings
			if len(found) != 1 || found[0].Code != "tool.internal_error" {
				t.Errorf("got  %v\nwant tool.internal_error alone", found)
			}
			if tried := r.Endpoints[0].Result.Tried; len(tried) != 0 {
				t.Errorf("got  %v\nwant no connection", tried)
			}
		})
	}
}
