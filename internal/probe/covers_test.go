package probe

import (
	"net/netip"
	"testing"

	"mailprobe/internal/settings"
)

func TestOverridesCover(t *testing.T) {
	here := []netip.Addr{netip.MustParseAddr("127.0.0.1")}
	e := settings.Endpoint{Protocol: settings.IMAP, Host: "imap.example.com", Port: 993, Security: settings.TLS}
	tests := []struct {
		name  string
		rules Overrides
		want  bool
	}{
		{"no rule", Overrides{}, false},
		{"its address", Overrides{Resolve: []ResolveRule{{Host: "IMAP.example.com", Port: 993, Addrs: here}}}, true},
		{"another port's address", Overrides{Resolve: []ResolveRule{{Host: "imap.example.com", Port: 143, Addrs: here}}}, false},
		{"any address", Overrides{Resolve: []ResolveRule{{Host: "*", Addrs: here}}}, true},
		{"its redirection", Overrides{ConnectTo: []ConnectRule{{Host: "imap.example.com", Port: 993, ToHost: "127.0.0.1", ToPort: 1993}}}, true},
		{"another host's redirection", Overrides{ConnectTo: []ConnectRule{{Host: "smtp.example.com", ToHost: "127.0.0.1"}}}, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := tt.rules.Covers(e); got != tt.want {
				t.Errorf("got  %v\n\twant %v", got, tt.want)
			}
		})
	}
}
