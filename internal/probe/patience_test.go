package probe

import (
	"testing"
	"time"

	"mailprobe/internal/settings"
)

func TestSilenceByPort(t *testing.T) {
	for _, row := range []struct {
		name    string
		port    uint16
		silence time.Duration
		want    time.Duration
	}{
		{"a port of its own", 143, 0, 3 * time.Second},
		{"the port for TLS", 993, 0, time.Second},
		{"as asked", 993, time.Minute, time.Minute},
	} {
		e := settings.Endpoint{Protocol: settings.IMAP, Host: "mail.example.com", Port: row.port, Security: settings.StartTLS}
		if got := NewSession(e, Options{Timeouts: Timeouts{Silence: row.silence}}).silence(); got != row.want {
			t.Errorf("%s\ngot  %v\nwant %v", row.name, got, row.want)
		}
	}
}
