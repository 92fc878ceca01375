package published

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"mailprobe/internal/settings"
)

// FuzzRead holds of every document that comes what who reads on relies on:
// offers are servers that can be dialled, every finding has its place and its
// words, and what cannot be read offers nothing.
func FuzzRead(f *testing.F) {
	names, err := filepath.Glob(folder + "/*.*")
	if err != nil {
		f.Fatal(err)
	}
	for _, name := range names {
		source, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(filepath.Ext(name), source)
	}
	f.Add(".zone", []byte("$ORIGIN corp.example.\n_imaps._tcp 60 IN SRV ( 0 1\n 993 imap ) ; x\n_pop3s._tcp SRV 0 0 0 .\n"))
	f.Add(".mobileconfig", []byte(circle()))
	f.Add(".mobileconfig", []byte(bomb()))
	f.Fuzz(func(t *testing.T, ending string, source []byte) {
		check(t, Read("a"+ending, source), strings.Count(string(source), "\n")+1)
	})
}

func check(t *testing.T, d Document, lines int) {
	t.Helper()
	if !d.Read && (len(d.Offers) > 0 || len(d.Findings) == 0) {
		t.Errorf("unreadable, with %d offers and %d findings", len(d.Offers), len(d.Findings))
	}
	for _, o := range d.Offers {
		if !slices.Contains(settings.Protocols(), o.Protocol) || o.Host == "" || o.Port == 0 || o.Security == "" {
			t.Errorf("offer %+v", o)
		}
		if !strings.Contains(o.Host, "%") {
			if host, err := settings.Host(o.Host); err != nil || host != o.Host {
				t.Errorf("host %q: %v", o.Host, err)
			}
		}
	}
	for _, x := range d.Findings {
		said := x.Says() + x.Advises()
		if x.Severity == "" || x.Message == "" || strings.Contains(said, "{line}") || strings.Contains(said, "{server}") {
			t.Errorf("finding %+v: %s", x, said)
		}
		if x.Line < 0 || d.Format != MobileConfig && d.Format != "" && d.Format != Autoconfig && d.Format != Autodiscover && x.Line > lines+1 {
			t.Errorf("line %d of %d", x.Line, lines)
		}
	}
}
