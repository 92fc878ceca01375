package diagnose

import (
	"strings"
	"testing"

	"mailprobe/internal/finding"

	"mailprobe/internal/probe"
)

func TestDoubtMechanism(t *testing.T) {
	both := []string{"SCRAM-SHA-256", "PLAIN"}
	for _, row := range []struct {
		name      string
		status    probe.AuthStatus
		mechanism string
		offered   []string
		want      bool
	}{
		{"SCRAM refused beside PLAIN", probe.AuthRejected, "SCRAM-SHA-256", both, true},
		{"CRAM-MD5 refused beside PLAIN", probe.AuthRejected, "CRAM-MD5", both, true},
		{"SCRAM refused, nothing else offered", probe.AuthRejected, "SCRAM-SHA-256", both[:1], false},
		{"PLAIN refused", probe.AuthRejected, "PLAIN", both, false},
		{"SCRAM not judged", probe.AuthUnknown, "SCRAM-SHA-256", both, false},
	} {
		t.Run(row.name, func(t *testing.T) {
			reply := probe.NewReply("NO", "[AUTHENTICATIONFAILED] no")
			r := &probe.Result{Mechanisms: row.offered, Auth: probe.Auth{Status: row.status, Mechanism: row.mechanism, Reply: &reply}}
			f := signInFindings(r, Context{})
			if len(f) != 1 || strings.Contains(f[0].Advises(), "--auth PLAIN") != row.want {
				t.Errorf("got  %+v\nwant the advice: %t", f, row.want)
			}
		})
	}
}

func TestWantsID(t *testing.T) {
	r := &probe.Result{WantsID: true, Steps: []probe.Step{{Phase: probe.Access, Status: probe.OK}}}
	f := accessFindings(r, Context{})
	if len(f) != 1 || f[0].Code != "access.id_required" || f[0].Severity != finding.Warning {
		t.Errorf("got  %+v\nwant a warning access.id_required", f)
	}
}
