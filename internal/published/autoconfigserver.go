package published

import (
	"cmp"
	"slices"
	"strings"

	"mailprobe/internal/finding"
	"mailprobe/internal/settings"
	"mailprobe/internal/strictxml"
)

// server reads a server section. One that cannot be used is left out, and why
// is said; the others count.
func (d *Document) server(e *strictxml.Element) {
	kind, _ := e.Attr("type")
	d.Sections = append(d.Sections, sectionOf(e, kind, [3]string{"hostname", "port", "username"}))
	protocol := settings.Protocol(strings.ToLower(kind))
	outgoing := e.Name == "outgoingServer"
	switch {
	case kind == "":
		d.missing(e.Line, "type", "<"+e.Name+">", finding.Error)
		return
	case misspelt[protocol] != "":
		d.says(e.Line, "settings.unknown_value", "No mail program knows the type {type}, so they pass over this server.", "Write {right}.",
			finding.Args{"type": quoted(kind), "right": string(misspelt[protocol])})
		return
	case !slices.Contains(settings.Protocols(), protocol):
		d.placeholders(e)
		return // calendars, Exchange and what may come
	case outgoing != (protocol == settings.SMTP):
		d.says(e.Line, "settings.unknown_value", "<{element}> has the type {type}, which does not go that way, so mail programs pass over it.", "Use <incomingServer> for imap and pop3, <outgoingServer> for smtp.",
			finding.Args{"element": e.Name, "type": kind})
		return
	case string(protocol) != kind:
		d.says(e.Line, "settings.unknown_value", "The type {type} is written in lower case, and mail programs know no other.", "Write {right}.", finding.Args{"type": kind, "right": string(protocol)})
	}
	s := &section{element: e, offer: Offer{Protocol: protocol, Line: e.Line}, usable: true, seen: map[string]bool{}}
	for _, c := range e.Children {
		d.part(s, c)
	}
	d.complete(s)
}

// placeholders checks the user name of a section that is not for mail
// programs of this kind; its placeholders are replaced all the same.
func (d *Document) placeholders(e *strictxml.Element) {
	for _, c := range e.Children {
		if c.Name == "username" {
			d.username(c.Line, strings.TrimSpace(c.Text))
		}
	}
}

// part reads one element of a server section.
func (d *Document) part(s *section, c *strictxml.Element) {
	switch c.Name {
	case "hostname", "port", "socketType", "authentication", "username":
	case "password":
		d.embedded(c)
		return
	case "restriction":
		s.restriction = cmp.Or(strings.TrimSpace(c.Text), "restriction")
		return
	default:
		return
	}
	text, ok := d.value(c)
	if !ok {
		s.usable, s.seen[c.Name] = false, true
		return
	}
	if text == "" {
		return // as if it were not there
	}
	first := !s.seen[c.Name]
	s.seen[c.Name] = true
	switch {
	case c.Name == "authentication":
		d.authentication(s, c, text)
	case c.Name == "socketType":
		d.socketType(s, c, text)
	case !first:
		d.found(c.Line, finding.Finding{Code: "settings.unknown_value", Severity: finding.Warning, Args: finding.Args{"element": c.Name, "section": s.element.Name},
			Message: "<{element}> stands twice in one <{section}>; programs differ in which they take.", Remedy: "Leave one in, or write a server section for each."})
	case c.Name == "hostname":
		s.offer.Host, ok = d.host(c.Line, text)
	case c.Name == "port":
		s.offer.Port, ok = d.port(c.Line, text)
	case c.Name == "username":
		s.offer.Username, ok = d.username(c.Line, text)
		s.offer.Named = named(text)
		d.oneAddress(c.Line, s.offer.Named)
	}
	s.usable = s.usable && ok
}

// oneAddress says where a user name is an address, as a generator writes it
// that was asked for one; everybody else is sent the same.
func (d *Document) oneAddress(line int, name string) {
	if strings.Contains(name, "@") {
		d.found(line, finding.Finding{Code: Placeholder, Severity: finding.Info, Args: finding.Args{"name": name},
			Message: "The user name {name} is one person's; the whole address is taken to be meant.", Remedy: "Write %EMAILADDRESS%."})
	}
}

var socketTypes = map[string]settings.Security{"SSL": settings.TLS, "STARTTLS": settings.StartTLS, "plain": settings.Plain}

// socketType takes the first kind that is known; the element may repeat.
func (d *Document) socketType(s *section, c *strictxml.Element, text string) {
	if security, ok := socketTypes[text]; ok {
		if s.offer.Security == "" {
			s.offer.Security = security
		}
		return
	}
	f := finding.Finding{Code: "settings.unknown_value", Args: finding.Args{"value": quoted(text)},
		Message: "<socketType> is {value}, which the format does not know: Thunderbird passes over this server, and Thunderbird for Android and K-9 refuse the whole document.",
		Remedy:  "Write SSL (for TLS at once), STARTTLS or plain, in these capitals."}
	d.found(c.Line, f)
}

// complete takes a section that has all that it needs.
func (d *Document) complete(s *section) {
	where := "<" + s.element.Name + ">"
	for _, need := range []string{"hostname", "port", "socketType"} {
		if !s.seen[need] {
			d.missing(s.element.Line, "<"+need+">", where, finding.Error)
			s.usable = false
		}
	}
	anonymous := slices.Equal(s.offer.SignIn, []string{"none"})
	if !s.seen["username"] && !anonymous {
		d.found(s.element.Line, finding.Finding{Code: "settings.missing", Severity: finding.Warning, Args: finding.Args{"where": where},
			Message: "{where} has no <username>: Thunderbird guesses, and Thunderbird for Android and K-9 refuse the whole document.", Remedy: "Add <username>%EMAILADDRESS%</username>."})
	}
	if !s.seen["authentication"] {
		d.found(s.element.Line, finding.Finding{Code: "settings.missing", Severity: finding.Warning, Args: finding.Args{"where": where},
			Message: "{where} has no <authentication>: Thunderbird for Android and K-9 refuse the whole document.", Remedy: "Add <authentication>password-cleartext</authentication>."})
	}
	if !s.usable || s.offer.Security == "" {
		return
	}
	d.offer(s.offer)
	if s.restriction != "" {
		d.about(s.offer, "settings.restricted", "{service} at {server} is for some networks only: {why}.", "", finding.Args{"why": s.restriction})
	}
}
