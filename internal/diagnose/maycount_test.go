package diagnose

import (
	"strings"
	"testing"

	"mailprobe/internal/probe"
)

// TestMayCount holds that only a password is said to count as a try where no
// answer came: tokens and certificates cannot be guessed.
func TestMayCount(t *testing.T) {
	causes := map[string]error{
		"hang-up": &probe.ProtocolError{Fault: probe.ClosedEarly},
		"silence": &probe.ProtocolError{Fault: probe.Silent},
	}
	for mechanism, want := range map[string]bool{"PLAIN": true, "SCRAM-SHA-256": true, "XOAUTH2": false, "OAUTHBEARER": false, "EXTERNAL": false} {
		for name, cause := range causes {
			t.Run(mechanism+", "+name, func(t *testing.T) {
				r := &probe.Result{SecretSent: true, Auth: probe.Auth{Status: probe.AuthUnknown, Mechanism: mechanism, Sent: true, Reason: "cut off", Cause: cause}}
				f := unjudged(r, Context{})
				if got := strings.Contains(string(f.Message+f.Remedy), "may count"); got != want {
					t.Errorf("%q %q\ngot  %t\nwant %t", f.Message, f.Remedy, got, want)
				}
			})
		}
	}
}
