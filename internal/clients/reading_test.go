package clients

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"mailprobe/internal/discover"
	"mailprobe/internal/published"
)

var update = flag.Bool("update", false, "write testdata/clients/expected.txt anew")

const (
	documents = "../../testdata/published/"
	expected  = "../../testdata/clients/expected.txt"
)

// sourceOf is where a document of a format is found.
var sourceOf = map[published.Format]discover.Source{published.Autoconfig: discover.Autoconfig, published.Autodiscover: discover.Autodiscover, published.MobileConfig: "mobileconfig"}

func readFile(t *testing.T, name, target string) []Reading {
	t.Helper()
	source, err := os.ReadFile(documents + name)
	if err != nil {
		t.Fatal(err)
	}
	d := published.Read(name, source)
	from, ok := sourceOf[d.Format]
	if !ok {
		from = discover.Autoconfig
	}
	return Read(target, []Given{{Source: from, Status: discover.Found, Document: &d, Offers: d.Offers}})
}

func told(r Reading) string {
	if r.State != Reads {
		return string(r.State) + ": " + r.Why
	}
	var all []string
	for _, s := range r.Servers {
		later := ""
		if s.Later {
			later = "then "
		}
		all = append(all, fmt.Sprintf("%s%s as %s by %s (%s)", later, s.Endpoint, s.Username, s.SignIn, s.Why))
	}
	return strings.Join(all, "; ")
}

// TestReadings holds what each program makes of each document against a file
// that people can read.
func TestReadings(t *testing.T) {
	names, err := filepath.Glob(documents + "*")
	if err != nil || len(names) < 60 {
		t.Fatalf("%d documents, %v", len(names), err)
	}
	var b strings.Builder
	for _, path := range names {
		name := filepath.Base(path)
		if filepath.Ext(name) != ".xml" && filepath.Ext(name) != ".mobileconfig" {
			continue
		}
		fmt.Fprintf(&b, "== %s\n", name)
		for _, r := range readFile(t, name, "me@nord.example") {
			if r.State != Unasked {
				fmt.Fprintf(&b, "%s: %s\n", r.Client.ID, told(r))
			}
		}
	}
	want, err := os.ReadFile(expected)
	switch {
	case b.String() == string(want):
	case *update:
		if err := os.WriteFile(expected, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	default:
		t.Errorf("%s is not what is read (%v); go test ./internal/clients -update writes it anew", expected, err)
	}
}

// TestThunderbird holds the rules for Thunderbird against what its own parser
// made of the same documents.
func TestThunderbird(t *testing.T) {
	text, err := os.ReadFile("../../testdata/clients/thunderbird.tsv")
	if err != nil {
		t.Fatal(err)
	}
	compared := 0
	for line := range strings.Lines(string(text)) {
		name, want, ok := strings.Cut(strings.TrimRight(line, "\n"), "\t")
		if !ok {
			continue
		}
		compared++
		got := "drops"
		if r := readFile(t, name, "")[0]; r.State == Reads {
			var all []string
			for _, s := range r.Servers {
				all = append(all, fmt.Sprintf("%s %s %d %s %s %s", s.Protocol, s.Host, s.Port, s.Security, s.SignIn, s.Username))
			}
			got = strings.Join(all, " | ")
		}
		if got != want {
			t.Errorf("%s\ngot  %s\nwant %s", name, got, want)
		}
	}
	if compared < 30 {
		t.Errorf("got  %d documents\nwant 30 at least", compared)
	}
}

// TestTakenFrom: which of several sources a program takes its account from,
// where the one that it asks first is of no use.
func TestTakenFrom(t *testing.T) {
	sound := readAs(t, "autoconfig-sound.xml", discover.AutoconfigWellKnown, "text/xml")
	for _, row := range []struct {
		name, first, kind string
		want              map[string]string
	}{
		{"not well-formed: asked further", "autoconfig-blank-before.xml", "text/xml", map[string]string{"thunderbird": "autoconfig-wellknown", "thunderbird-android": "autoconfig-wellknown", "deltachat": ""}},
		{"a web page, which ends it for Thunderbird", "web-page.xml", "text/html", map[string]string{"thunderbird": "", "thunderbird-android": "autoconfig-wellknown", "deltachat": ""}},
		{"sound and given out as a web page", "autoconfig-sound.xml", "text/html", map[string]string{"thunderbird": "", "thunderbird-android": "autoconfig"}},
		{"well-formed and of no use", "autoconfig-no-port.xml", "application/xml", map[string]string{"thunderbird": "", "thunderbird-android": "autoconfig-wellknown"}},
		{"Exchange first", "autoconfig-exchange-first.xml", "text/xml", map[string]string{"thunderbird": "", "thunderbird-android": "autoconfig"}},
		{"Exchange without a port", "autoconfig-exchange-no-port.xml", "text/xml", map[string]string{"thunderbird": "autoconfig"}},
	} {
		taken := map[string]string{}
		for _, r := range Read("nord.example", []Given{readAs(t, row.first, discover.Autoconfig, row.kind), sound}) {
			if r.Taken {
				taken[r.Client.ID] = string(r.Source)
			}
		}
		for client, want := range row.want {
			if taken[client] != want {
				t.Errorf("%s: %s\ngot  %q\nwant %q", row.name, client, taken[client], want)
			}
		}
	}
}

func readAs(t *testing.T, name string, from discover.Source, kind string) Given {
	t.Helper()
	source, err := os.ReadFile(documents + name)
	if err != nil {
		t.Fatal(err)
	}
	d := published.Read(name, source)
	return Given{Source: from, Status: discover.Found, Document: &d, Offers: d.Offers, ContentType: kind}
}

// TestGuesses: a program takes of what is guessed only what it can speak.
func TestGuesses(t *testing.T) {
	given := Given{Source: discover.Guess, Status: discover.Found, Offers: []published.Offer{{Protocol: "pop3", Host: "mail.nord.example", Port: 995, Security: "tls"}}}
	for _, r := range Read("nord.example", []Given{given}) {
		if r.Client.ID == "deltachat" && r.State != Drops || r.Client.ID == "thunderbird" && r.State != Reads {
			t.Errorf("%s\ngot  %s", r.Client.ID, told(r))
		}
	}
}
