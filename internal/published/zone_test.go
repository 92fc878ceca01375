package published

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestZone: records are read as a name server reads them, faults by their line.
func TestZone(t *testing.T) {
	included := filepath.Join(t.TempDir(), "included")
	if err := os.WriteFile(included, []byte("_imap._tcp.corp.example. 60 IN SRV 0 1 143 secret.corp.example.\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, row := range []struct{ name, text, want string }{
		{"sound", "_imaps._tcp.corp.example. 3600 IN SRV 0 1 993 imap.corp.example.\n_submissions._tcp.corp.example. IN SRV 0 1 465 smtp.corp.example.\n",
			"1 imaps://imap.corp.example:993, 2 submissions://smtp.corp.example:465 [corp.example]"},
		{"names by an origin, over lines, with comments", "; mail\n$ORIGIN corp.example.\n$TTL 60\n_imaps._tcp IN SRV ( 0 1 ; first\n 993 imap )\nwww A 192.0.2.1\n_pop3._tcp SRV 10 1 110 pop\n",
			"5 imaps://imap.corp.example:993, 7 pop3://pop.corp.example:110 [corp.example]"},
		{"capitals", "_IMAPS._TCP.Corp.Example. 60 IN SRV 0 1 993 IMAP.Corp.Example.\n", "1 imaps://imap.corp.example:993 [corp.example]"},
		{"not offered", "_imaps._tcp.corp.example. 60 IN SRV 0 1 993 imap.corp.example.\n_pop3s._tcp.corp.example. 60 IN SRV 0 0 0 .\n", "1 imaps://imap.corp.example:993 [corp.example]"},
		{"the port of another service", "_imaps._tcp.corp.example. 60 IN SRV 0 1 995 imap.corp.example.\n", "1 imaps://imap.corp.example:995 [corp.example] 1 settings.port_contradicts"},
		{"an address as target", "_imaps._tcp.corp.example. 60 IN SRV 0 1 993 192.0.2.1.\n", " [corp.example] 1 settings.unknown_value"},
		{"no port", "\n_imaps._tcp.corp.example. 60 IN SRV 0 1 0 imap.corp.example.\n", " [corp.example] 2 settings.unknown_value"},
		{"three fields", "_imaps._tcp.corp.example. 60 IN SRV 0 1 993 imap.corp.example.\n_pop3s._tcp.corp.example. 60 IN SRV 0 0 .\n", "unreadable 2 settings.not_well_formed"},
		{"a port that is none", "_imaps._tcp.corp.example. 60 IN SRV 0 1 99300 imap.corp.example.\n", "unreadable 1 settings.not_well_formed"},
		{"a file to include", "_imaps._tcp.corp.example. 60 IN SRV 0 1 993 imap.corp.example.\n$INCLUDE " + included + "\n", "unreadable 2 settings.not_well_formed"},
		{"one line for many", "_imaps._tcp.corp.example. 60 IN SRV 0 1 993 imap.corp.example.\n$GENERATE 1-65535 a$ 60 IN A 192.0.2.1\n", "unreadable 2 settings.too_large"},
		{"one line for many services", "$GENERATE 1-65535 _imaps._tcp.a$ 60 IN SRV 0 1 993 imap$.corp.example.\n_imaps._tcp.corp.example. 60 IN SRV 0 1 993 imap.corp.example.\n", "unreadable 1 settings.too_large"},
		{"twice the same for two domains", "_imaps._tcp.a.example. 60 IN SRV 0 1 993 imap.corp.example.\n_imaps._tcp.b.example. 60 IN SRV 0 1 993 imap.corp.example.\n", "1 imaps://imap.corp.example:993 [a.example b.example]"},
		{"too large", "_imaps._tcp.corp.example. 60 IN SRV 0 1 993 imap.corp.example.\n" + strings.Repeat("; x\n", MaxSize/4), "unreadable 0 settings.too_large"},
	} {
		start := time.Now()
		d := Read("zone.txt", []byte(row.text))
		if time.Since(start) > 5*time.Second {
			t.Errorf("%s took %s", row.name, time.Since(start))
		}
		var b strings.Builder
		if !d.Read {
			b.WriteString("unreadable")
		}
		for i, o := range d.Offers {
			fmt.Fprintf(&b, "%s%d %s", map[bool]string{true: ", "}[i > 0], o.Line, o.Endpoint(""))
		}
		if d.Read {
			fmt.Fprintf(&b, " %v", d.Domains)
		}
		for _, f := range d.Findings {
			fmt.Fprintf(&b, " %d %s", f.Line, f.Code)
		}
		if got := b.String(); got != row.want || d.Format != Zone {
			t.Errorf("%s\n got %s %q\nwant %s\n%v", row.name, got, d.Format, row.want, d.Findings)
		}
	}
}
