// Package publish writes documents in which mail settings are published, for
// whoever serves a domain: Thunderbird's autoconfig, Microsoft's Autodiscover,
// Apple's profiles, records of DNS, PACC and this program's own YAML. It takes
// settings and gives bytes, and says what a format cannot say. What it writes
// is read back by the room published. It asks nobody and opens no file.
package publish

import (
	"fmt"
	"slices"
	"strings"

	"mailprobe/internal/settings"
)

// A Publication is what is to be published, and for whom.
type Publication struct {
	ID      string   // of a provider that the catalogue knows; empty: made of the first domain
	Name    string   // as people know the provider; empty: the first domain
	Domains []string // whose addresses are meant, as host names; none: not known
	Account string   // the one mail address that the document is for; empty: everybody's
	Servers []settings.Setting

	OAuth      *settings.OAuth // nil: none is known
	NotOffered []settings.NotOffered
	Enable     []settings.Enable
	Help       []settings.Source
}

// A Document is what is to be published, ready to be served.
type Document struct {
	Text   []byte
	Record string   // records of DNS that must stand beside it, whole lines, one for each domain; empty: none
	Notes  []string // what the format cannot say, or what is missing, for people; escape them before output
}

// Formats returns the formats that there are, in the order in which they are
// named to people.
func Formats() []string {
	var names []string
	for _, f := range formats {
		names = append(names, f.name)
	}
	return names
}

var formats = []struct {
	name  string
	write func(*draft) error
}{
	{"autoconfig", (*draft).autoconfig},
	{"autodiscover", (*draft).autodiscover},
	{"mobileconfig", (*draft).mobileconfig},
	{"srv", (*draft).srv},
	{"pacc", (*draft).pacc},
	{"yaml", (*draft).yaml},
}

// Make writes a publication in a format. An error says why nothing of it can be
// said in this format, or what must be known first.
func Make(format string, p Publication) (Document, error) {
	for _, f := range formats {
		if f.name != format {
			continue
		}
		d := &draft{Publication: p, format: format}
		d.meant()
		for _, s := range Safest(d.Servers) {
			d.servers = append(d.servers, server{s, ways(s)})
		}
		if err := f.write(d); err != nil {
			return Document{}, err
		}
		return Document{d.text.Bytes(), d.record, d.notes}, nil
	}
	return Document{}, fmt.Errorf("unknown format %q; there are %s", format, strings.Join(Formats(), ", "))
}

// Safest returns settings in the order that is safest for every mail program:
// the first that one can use is the one that it takes, whatever comes behind.
// IMAP comes before POP3, which may empty the mailbox, and TLS at once before
// STARTTLS, which can be stripped (RFC 8314 §3), and that before none. Within
// these the order stays; what comes twice is left out.
func Safest(list []settings.Setting) []settings.Setting {
	var sorted []settings.Setting
	for _, s := range list {
		if !slices.ContainsFunc(sorted, func(x settings.Setting) bool { return x.Endpoint == s.Endpoint }) {
			sorted = append(sorted, s)
		}
	}
	slices.SortStableFunc(sorted, func(a, b settings.Setting) int { return rank(a) - rank(b) })
	return sorted
}

func rank(s settings.Setting) int {
	safety := slices.Index([]settings.Security{settings.TLS, settings.StartTLS, settings.Plain}, s.Security)
	return 10*slices.Index(settings.Protocols(), s.Protocol) + safety
}
