package published

import (
	"cmp"
	"strings"

	"mailprobe/internal/finding"
	"mailprobe/internal/settings"
	"mailprobe/internal/strictxml"
)

// autoconfig reads <clientConfig>. What it does not know it passes over, as
// the draft wants it; what it knows and cannot use it names.
func (d *Document) autoconfig(root *strictxml.Element) {
	d.Format = Autoconfig
	if root.Name != "clientConfig" {
		d.unreadable(root.Line, "settings.unknown_value", "The document begins with <{element}>; mail programs look for <clientConfig>, with these capitals.",
			"Write <clientConfig>.", finding.Args{"element": root.Name})
		return
	}
	if root.Space != "" {
		d.says(root.Line, "settings.namespace", "<clientConfig> has the namespace {space}; the format has none, and some programs then find nothing in it.", "Leave xmlns out.", finding.Args{"space": root.Space})
	}
	if _, ok := root.Attr("version"); !ok {
		d.missing(root.Line, `version="1.1"`, "<clientConfig>", finding.Warning)
	}
	providers := 0
	for _, e := range root.Children {
		switch e.Name {
		case "emailProvider":
			providers++
			d.emailProvider(e)
		case "enable", "instruction":
			d.enable(e)
		case "webMail", "documentation":
			d.links(e)
		}
	}
	if providers == 0 {
		d.missing(root.Line, "<emailProvider>", "<clientConfig>", finding.Error)
	}
	d.oauth(root)
	d.order()
}

func (d *Document) emailProvider(p *strictxml.Element) {
	if id, ok := p.Attr("id"); !ok {
		d.missing(p.Line, "id", "<emailProvider>", finding.Warning)
	} else {
		d.Name, d.ID = cmp.Or(d.Name, id), cmp.Or(d.ID, id)
	}
	domains, incoming, outgoing, named := 0, 0, 0, false
	for _, e := range p.Children {
		switch e.Name {
		case "domain":
			domains++
			if text, ok := d.value(e); ok {
				d.mailDomain(e.Line, text)
			}
		case "displayName":
			if text, ok := d.value(e); ok && text != "" && !named {
				d.Name, named = text, true
			}
		case "incomingServer":
			incoming++
			d.server(e)
		case "outgoingServer":
			outgoing++
			d.server(e)
		case "enable", "instruction":
			d.enable(e)
		case "documentation", "webMail":
			d.links(e)
		}
	}
	for _, n := range []struct {
		count int
		what  string
	}{{domains, "<domain>"}, {incoming, "<incomingServer>"}, {outgoing, "<outgoingServer>"}} {
		if n.count == 0 {
			d.missing(p.Line, n.what, "<emailProvider>", finding.Warning)
		}
	}
}

// mailDomain takes the domain of a <domain>, if it is one.
func (d *Document) mailDomain(line int, text string) {
	f := finding.Finding{Code: "settings.unknown_value", Severity: finding.Warning, Args: finding.Args{"value": quoted(text)},
		Message: "<domain> is {value}, which is no domain.", Remedy: "Write the part of the addresses that stands behind the @."}
	if text == "" {
		f.Code, f.Message = "settings.missing", "<domain> is empty."
	}
	if _, err := settings.Host(known.Replace(strings.ReplaceAll(text, string(settings.Domain), "x"))); err != nil || strings.Contains(text, "%") && known.Replace(text) == text {
		d.found(line, f)
		return
	}
	d.domain(line, text)
}

// embedded says where a document tells a password to everybody.
func (d *Document) embedded(c *strictxml.Element) {
	if strings.TrimSpace(c.Text) != "" {
		d.says(c.Line, "settings.embedded_password", "The document holds a password (<{key}>): whoever gets it can read the mail.",
			"Take the password out, so that the mail program asks for it, and have it changed.", finding.Args{"key": c.Name})
	}
}

// enable keeps what must be done first, and its link.
func (d *Document) enable(e *strictxml.Element) {
	url, _ := e.Attr("visiturl")
	if url == "" {
		url, _ = e.Attr("url")
	}
	step := Step{URL: url, Line: e.Line}
	for _, c := range e.Children {
		if lang, _ := c.Attr("lang"); step.Text == "" || lang == "en" {
			step.Text = strings.Join(strings.Fields(c.Text), " ")
		}
	}
	d.link(e.Line, url)
	if e.Name == "enable" {
		d.Enable = append(d.Enable, step)
	}
}

func (d *Document) links(e *strictxml.Element) {
	for _, inner := range append([]*strictxml.Element{e}, e.Children...) {
		if url, ok := inner.Attr("url"); ok {
			d.link(inner.Line, url)
		}
	}
}

// A section is a server of the document while it is read.
type section struct {
	element *strictxml.Element
	offer   Offer
	usable  bool
	seen    map[string]bool

	restriction string // from where alone it may be used; empty: from anywhere
}

// misspelt are names by which people call a type that has another.
var misspelt = map[settings.Protocol]settings.Protocol{
	"imaps": settings.IMAP, "imap4": settings.IMAP, "pop": settings.POP3, "pops": settings.POP3, "pop3s": settings.POP3,
	"smtps": settings.SMTP, "submission": settings.SMTP, "submissions": settings.SMTP,
}
