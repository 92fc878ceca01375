package verify

import (
	"testing"
	"time"

	"mailprobe/internal/lab"
)

// Where a STARTTLS port refuses the handshake that it expects at once, no
// more ClientHellos are sent to find out why: the mode is the fault, and each
// of them would wait for a greeting that never comes.
func TestWrongModeIsNotExplained(t *testing.T) {
	w := newWorld(t).build(at("192.0.2.1", server("imaps://mail.example.com:143", lab.LegacyTLS)))
	p := w.plan(documented("imap://mail.example.com"))
	p.Options.Timeouts.Silence = 50 * time.Millisecond
	e := Run(t.Context(), p).Endpoints[0]
	if find(e.Findings, "mode.implicit_on_starttls_port") == nil {
		t.Fatalf("got  %+v\n\twant the mode as a finding", e.Findings)
	}
	if n := w.connections("192.0.2.1:143"); n != 3 { // the silent one, the ClientHello, the setting in its place
		t.Errorf("got  %d connections\n\twant 3", n)
	}
}
