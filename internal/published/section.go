package published

import (
	"slices"
	"strings"

	"mailprobe/internal/strictxml"
)

// A Section is one server of a document as it is written: what single mail
// programs make of it is another question than what it means. Values are
// without blanks around them, and otherwise as they came from outside.
type Section struct {
	Kind     string // the element or key that it stands in: "incomingServer", "Protocol", "OutgoingMailServer"
	Type     string // as written: "imap", "IMAP", "EmailTypeIMAP"; empty: it has none
	Host     string // empty: it has none, as with the next two
	Port     string
	Username string
	Fields   map[string][]string // all else by its name, repeated ones in their order; empty values are left out
	Broken   bool                // an element that holds text alone holds something else
	Padded   bool                // blanks stand around the port, or around what says how to connect or sign in
	Entities bool                // an element holds an entity, which is not resolved
	Line     int                 // 0: there are no lines
}

// Values returns what stands under a name; none is nil.
func (s Section) Values(name string) []string { return s.Fields[name] }

// textual are the other elements that hold nothing but text.
var textual = []string{"socketType", "authentication", "Encryption", "SSL", "SPA"}

// sectionOf takes a server's element with its children by their names; plain
// are those of host, port and user name.
func sectionOf(e *strictxml.Element, kind string, plain [3]string) Section {
	s := Section{Kind: e.Name, Type: kind, Fields: map[string][]string{}, Line: e.Line}
	into := []*string{&s.Host, &s.Port, &s.Username}
	for _, c := range e.Children {
		text := strings.TrimSpace(c.Text)
		at := slices.IndexFunc(plain[:], func(name string) bool { return strings.EqualFold(name, c.Name) })
		s.Padded = s.Padded || text != "" && text != c.Text && slices.Contains([]string{plain[1], "socketType", "authentication"}, c.Name)
		s.Entities = s.Entities || len(c.Entities) > 0
		switch {
		case len(c.Children) > 0:
			s.Broken = s.Broken || at >= 0 || slices.Contains(textual, c.Name)
		case text == "":
		case at >= 0 && *into[at] == "":
			*into[at] = text
		case at < 0:
			s.Fields[c.Name] = append(s.Fields[c.Name], text)
		}
	}
	return s
}
