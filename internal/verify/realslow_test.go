package verify

import (
	"testing"
	"time"

	"mailprobe/internal/finding"
	"mailprobe/internal/lab/realserver"
	"mailprobe/internal/probe"
	"mailprobe/internal/settings"
)

// A Postfix that takes its time to greet and to answer EHLO works for
// whoever waits. Who does not learns that it was too soon, not that the
// provider has something to repair.
func TestRealSlowPostfix(t *testing.T) {
	t.Parallel()
	d := realserver.Dovecot(t, realserver.DovecotOptions{})
	p := realserver.Postfix(t, realserver.PostfixOptions{Dovecot: d, Extra: `smtpd_delay_reject = no
smtpd_client_restrictions = sleep 8
smtpd_helo_restrictions = sleep 3
`})
	for _, row := range []struct {
		name     string
		security settings.Security
		phase    time.Duration
		want     Verdict
		code     string
	}{
		{"patient, TLS", settings.TLS, time.Minute, Works, ""},
		{"patient, STARTTLS", settings.StartTLS, time.Minute, Works, ""},
		{"hasty, TLS", settings.TLS, 4 * time.Second, Unknown, "proto.silent"},
		{"hasty, STARTTLS", settings.StartTLS, 4 * time.Second, Unknown, "proto.silent"},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			plan := Plan{Endpoints: []settings.Setting{{Endpoint: p.Endpoint(settings.SMTP, row.security)}}, NoAlternatives: true, NoControl: true}
			plan.Options.TLS.System = d.CAPool()
			plan.Options.Timeouts = probe.Timeouts{Phase: row.phase}
			e := Run(t.Context(), plan).Endpoints[0]
			f := find(e.Findings, row.code)
			if e.Verdict != row.want || (f == nil) != (row.code == "") || f != nil && (f.Severity != finding.Warning || f.Blame != finding.Tool) {
				t.Errorf("got  %s %+v\nwant %s, the warning %s", e.Verdict, e.Findings, row.want, row.code)
			}
			if took := e.Result.Step(probe.Greeting).Took; row.want == Works && took < 7*time.Second {
				t.Errorf("got  a greeting after %v\nwant a slow one", took)
			}
		})
	}
}
