package smtp_test

import (
	"context"
	"testing"

	"mailprobe/internal/lab/realserver"
	"mailprobe/internal/probe"
	"mailprobe/internal/probe/smtp"
	"mailprobe/internal/settings"
)

// BenchmarkPostfix probes a real Postfix on its implicit-TLS port, which writes
// its greeting in two pieces: without quick acknowledgements a probe takes
// 40 ms longer.
func BenchmarkPostfix(b *testing.B) {
	s := realserver.Postfix(b, realserver.PostfixOptions{})
	e := s.Endpoint(settings.SMTP, settings.TLS)
	for b.Loop() {
		var o probe.Options
		o.TLS.System = s.CAPool()
		r := smtp.New(e, o).Probe(context.Background())
		if f := r.FailedStep(); f != nil {
			b.Fatal(f.Err)
		}
	}
}
