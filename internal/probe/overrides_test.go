package probe

import (
	"fmt"
	"net/netip"
	"strings"
	"testing"

	"mailprobe/internal/settings"
)

func TestParseResolve(t *testing.T) {
	rows := []struct{ text, want string }{
		{"imap.example.com:993:192.0.2.1", "{imap.example.com 993 [192.0.2.1]}"},
		{"IMAP.Example.com:993:192.0.2.1,2001:db8::1", "{imap.example.com 993 [192.0.2.1 2001:db8::1]}"},
		{"imap.example.com:993:[2001:db8::1],[::2]", "{imap.example.com 993 [2001:db8::1 ::2]}"},
		{"*:993:192.0.2.1", "{* 993 [192.0.2.1]}"},
		{"*:*:192.0.2.1", "{* 0 [192.0.2.1]}"},
		{"+imap.example.com:993:192.0.2.1", "{imap.example.com 993 [192.0.2.1]}"},
		{"imap.example.com:993", "needs a host, a port and an address"},
		{"imap.example.com:993:", "needs a host, a port and an address"},
		{"imap.example.com:993:192.0.2.999", "is not an IP address"},
		{"imap.example.com:993:192.0.2.1,", "is not an IP address"},
		{"imap.example.com:99999:192.0.2.1", "99999"},
		{"im ap:993:192.0.2.1", "im ap"},
		{"[::1:993:192.0.2.1", "needs a host, a port and an address"},
		{"", "needs a host, a port and an address"},
	}
	for _, row := range rows {
		rule, err := ParseResolve(row.text)
		got := fmt.Sprint(rule)
		if err != nil {
			got = err.Error()
		}
		if err == nil && got != row.want || err != nil && !strings.Contains(got, row.want) {
			t.Errorf("%q\ngot  %s\nwant %s", row.text, got, row.want)
		}
	}
}

func TestParseConnectTo(t *testing.T) {
	rows := []struct{ text, want string }{
		{"imap.example.com:993:127.0.0.1:1993", "{imap.example.com 993 127.0.0.1 1993}"},
		{"imap.example.com:993:[::1]:1993", "{imap.example.com 993 ::1 1993}"},
		{"::127.0.0.1:1993", "{ 0 127.0.0.1 1993}"},
		{"*:*:127.0.0.1:", "{* 0 127.0.0.1 0}"},
		{":::", "{ 0  0}"},
		{"imap.example.com:993:*:1993", "cannot be *"},
		{"imap.example.com:993:127.0.0.1", "four parts"},
		{"imap.example.com:x:127.0.0.1:1", "x"},
		{"a:1:b:2:3", "2:3"},
	}
	for _, row := range rows {
		rule, err := ParseConnectTo(row.text)
		got := fmt.Sprint(rule)
		if err != nil {
			got = err.Error()
		}
		if err == nil && got != row.want || err != nil && !strings.Contains(got, row.want) {
			t.Errorf("%q\ngot  %s\nwant %s", row.text, got, row.want)
		}
	}
}

func TestTheFirstRuleThatMatchesCounts(t *testing.T) {
	o := Overrides{ConnectTo: []ConnectRule{
		{Host: "a.example.com", Port: 993, ToPort: 1},
		{Host: "a.example.com", ToHost: "b.example.com"},
		{ToPort: 3},
	}}
	rows := []struct {
		host string
		port uint16
		want string
	}{
		{"A.example.com", 993, "A.example.com 1"},
		{"a.example.com", 143, "b.example.com 143"},
		{"c.example.com", 25, "c.example.com 3"},
	}
	for _, row := range rows {
		host, port, _ := o.redirect(row.host, row.port)
		if got := fmt.Sprint(host, " ", port); got != row.want {
			t.Errorf("got  %s\nwant %s", got, row.want)
		}
	}
	if _, _, moved := (Overrides{}).redirect("a", 1); moved {
		t.Error("got  moved without a rule\nwant not")
	}
}

// FuzzOverridesAreWholeOrRefused: what is accepted says all that is needed.
func FuzzOverridesAreWholeOrRefused(f *testing.F) {
	for _, text := range []string{"h:1:192.0.2.1", "*:*:[::1]", "h:1:k:2", "[::1]:1:[::2]:2", ":::", "]:[:"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if r, err := ParseResolve(text); err == nil && len(r.Addrs) == 0 {
			t.Errorf("%q\ngot  %+v\nwant an address", text, r)
		}
		if r, err := ParseConnectTo(text); err == nil && (r.ToHost == "*" || strings.ContainsAny(r.ToHost+r.Host, " \r\n\x00")) {
			t.Errorf("%q\ngot  %+v\nwant an error", text, r)
		}
	})
}

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
