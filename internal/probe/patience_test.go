package probe

import (
	"net/netip"
	"testing"
	"time"

	"mailprobe/internal/settings"
)

// TestSilence: a second connection has told what a silent port is a second after
// the first was there, or after six round trips, if these are longer.
func TestSilence(t *testing.T) {
	addr := netip.MustParseAddrPort("192.0.2.1:143")
	for _, row := range []struct {
		name      string
		roundTrip time.Duration
		silence   time.Duration
		want      time.Duration
	}{
		{"near", 0, 0, time.Second},
		{"a usual line", 100 * time.Millisecond, 0, 700 * time.Millisecond},
		{"a satellite", 600 * time.Millisecond, 0, 1800 * time.Millisecond},
		{"as asked", 100 * time.Millisecond, time.Minute, time.Minute},
	} {
		s := NewSession(settings.Endpoint{Protocol: settings.IMAP, Host: "mail.example.com", Port: 143, Security: settings.StartTLS}, Options{Timeouts: Timeouts{Silence: row.silence}})
		s.Result.RemoteAddr, s.Result.Tried = addr, []Attempt{{Addr: addr, Took: row.roundTrip}}
		if got := s.silence(); got != row.want {
			t.Errorf("%s\ngot  %v\nwant %v", row.name, got, row.want)
		}
	}
}
