package report

import (
	"strings"

	"mailprobe/internal/document"
	"mailprobe/internal/language"
)

// scans adds what servers accept by way of TLS, if that was asked: once for
// all that accept the same.
func (p *page) scans(endpoints []document.Endpoint) {
	var found []string
	servers := map[string][]string{}
	for _, e := range endpoints {
		if e.TLSScan == nil {
			continue
		}
		text := p.accepted(e.TLSScan)
		if servers[text] == nil {
			found = append(found, text)
		}
		servers[text] = append(servers[text], protocol(e.Server)+" "+address(e.Server))
	}
	for _, text := range found {
		p.line()
		p.paragraph(p.strong, "", "  ", p.l.Say("TLS accepted by {servers}:", "servers", strings.Join(servers[text], ", ")))
		p.WriteString(text)
	}
}

// accepted is what one server accepts.
func (p *page) accepted(s *document.TLSScan) string {
	b := block{&page{ink: p.ink, o: p.o, l: p.l}, "  ", 2, 14}
	for _, v := range s.Versions {
		b.field(v.Version.String(), list(v.Suites, maxSuites))
		b.field("", p.l.Say(orderWords(v)))
	}
	if len(s.Versions) == 0 {
		b.field(p.l.Say("Versions"), p.l.Say("none was seen"))
	}
	b.field(p.l.Say("Groups"), list(s.Groups, maxSuites))
	if s.DHBits != nil {
		b.field("Diffie-Hellman", p.l.Say("groups down to {bits} bits", "bits", *s.DHBits))
	}
	b.field(p.l.Say("TLS 1.2 lacks"), strings.Join(lacking(p.l, s), ", "))
	if s.Compression {
		b.field(p.l.Say("Compression"), p.l.Say("accepted"))
	}
	b.field(p.l.Say("Not complete"), unfinished(p.l, s))
	b.field(p.l.Say("Asked"), p.l.Count(s.Hellos, "with {n} hello, each on a connection of its own", "with {n} hellos, each on a connection of its own"))
	return b.String()
}

// Columns of a list of suites: far more than there are.
const maxSuites = 1 << 16

func orderWords(v document.VersionScan) language.Template {
	switch {
	case v.FirstOnly:
		return "(its first choice; more was not asked)"
	case v.ServerOrder:
		return "(in the server's own order)"
	case len(v.Suites) > 1:
		return "(the server follows the order of the mail program)"
	}
	return ""
}

func lacking(l *language.Language, s *document.TLSScan) []string {
	var list []string
	if s.NoExtendedMaster {
		list = append(list, l.Say("extended master secret (RFC 7627)"))
	}
	if s.NoRenegotiation {
		list = append(list, l.Say("secure renegotiation (RFC 5746)"))
	}
	return list
}

// unfinished says why there may be more than is listed; empty: there is not.
func unfinished(l *language.Language, s *document.TLSScan) string {
	switch {
	case s.Complete:
		return ""
	case s.Error != "":
		return l.Say("there may be more: {why}", "why", clipped(l, s.Error))
	}
	return l.Say("there may be more: no more hellos are sent to one server")
}
