// Package publish writes documents in which mail settings are published, for
// whoever serves a domain: Thunderbird's autoconfig, Microsoft's Autodiscover,
// Apple's profiles, records of DNS, PACC and this program's own YAML. It takes
// settings and gives bytes, and says what a format cannot say. What it writes
// is read back by the room published. It asks nobody and opens no file.
package publish

import (
	"bytes"
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

// A server is one setting, with the ways to sign in by the names that documents
// have for them.
type server struct {
	settings.Setting
	ways []string
}

// ways are the ways to sign in that are not refused, in the order of the
// source. Where it names none, a password is what every mail program asks for.
func ways(s settings.Setting) (list []string) {
	for _, w := range s.SignIn {
		way := w.Way
		if way == "app-password" {
			way = "password"
		}
		if w.Status != settings.RefusedWay && !slices.Contains(list, way) {
			list = append(list, way)
		}
	}
	if len(s.SignIn) == 0 {
		list = []string{"password"}
	}
	return list
}

// first returns the first of some ways that a server takes; empty: none.
func (s server) first(known ...string) string {
	for _, way := range known {
		if slices.Contains(s.ways, way) {
			return way
		}
	}
	return ""
}

// user returns the form of the user name.
func (s server) user() settings.Template {
	if s.Username == "" {
		return settings.FullAddress
	}
	return s.Username
}

// says names the server to people.
func (s server) says() string {
	return fmt.Sprintf("%s %s (%s)", s.Protocol.Name(), s.Address(), s.Security.Name())
}

// A draft is a document while it is written.
type draft struct {
	Publication
	format  string
	servers []server
	text    bytes.Buffer
	record  string
	notes   []string
}

func (d *draft) note(format string, args ...any) {
	if text := fmt.Sprintf(format, args...); !slices.Contains(d.notes, text) {
		d.notes = append(d.notes, text)
	}
}

// keep leaves out the servers for which there is a reason, and tells it. The
// error is that none is left.
func (d *draft) keep(without func(server) string) error {
	var kept []server
	var whys []string
	for _, s := range d.servers {
		why := without(s)
		if why == "" {
			kept = append(kept, s)
			continue
		}
		whys = append(whys, s.says()+" is left out of "+d.format+": "+why)
	}
	d.servers = kept
	switch {
	case len(kept) > 0:
		d.notes = append(d.notes, whys...)
		return nil
	case len(whys) > 0:
		return fmt.Errorf("%s can say nothing of these settings: %s", d.format, whys[0])
	}
	return fmt.Errorf("there is no server to write in %s", d.format)
}

// keepWhole is keep for a format of which mail programs make an account, for
// which they want a server that receives and one that sends. The error is that
// the format can say nothing of one of them; that there was none is told.
func (d *draft) keepWhole(without func(server) string) error {
	before := d.servers
	if err := d.keep(without); err != nil {
		return err
	}
	for _, way := range []struct {
		does string
		is   func(server) bool
	}{
		{"receives (IMAP or POP3)", func(s server) bool { return s.Protocol != settings.SMTP }},
		{"sends (SMTP)", func(s server) bool { return s.Protocol == settings.SMTP }},
	} {
		switch {
		case slices.ContainsFunc(d.servers, way.is):
			continue
		case slices.ContainsFunc(before, way.is):
			return fmt.Errorf("no mail program could make an account of what %s can say: no server would be left that %s; %s", d.format, way.does, d.notes[len(d.notes)-1])
		default:
			d.note("%s has no server that %s: no mail program makes an account of it", d.format, way.does)
		}
	}
	return nil
}

// domain returns the first domain.
func (d *draft) domain() (string, error) {
	if len(d.Domains) == 0 {
		return "", fmt.Errorf("%s names the domain of the addresses, which is not known here; add --domain, such as --domain example.com", d.format)
	}
	return d.Domains[0], nil
}

// Names may have 60 characters and short ones 20 (draft-ietf-mailmaint-autoconfig
// -06, "displayName and displayShortName").
const longest, longestShort = 60, 20

// title is the name of the provider on one line.
func (d *draft) title() string {
	name := strings.Join(strings.Fields(d.Name), " ")
	if name == "" && len(d.Domains) > 0 {
		name = d.Domains[0]
	}
	if name == "" && len(d.servers) > 0 {
		name = d.servers[0].Host
	}
	return clipped(name, longest)
}

// shortTitle is the title without what is explained in brackets behind it.
func (d *draft) shortTitle() string {
	name, _, _ := strings.Cut(d.title(), " (")
	return clipped(name, longestShort)
}

// clipped cuts a text where a word ends, so that it has n characters at most.
func clipped(text string, n int) string {
	runes := []rune(text)
	if len(runes) <= n {
		return text
	}
	cut := string(runes[:n])
	if i := strings.LastIndexByte(cut, ' '); i > 0 && runes[n] != ' ' {
		cut = cut[:i]
	}
	return strings.TrimSpace(cut)
}
