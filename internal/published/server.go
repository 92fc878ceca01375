package published

import (
	"fmt"
	"slices"
	"strings"

	"mailprobe/internal/finding"
	"mailprobe/internal/settings"
)

// usual is what each port is registered for, or used for by everybody.
var usual = map[uint16]struct {
	protocol settings.Protocol
	implicit bool
}{
	143: {settings.IMAP, false}, 993: {settings.IMAP, true},
	110: {settings.POP3, false}, 995: {settings.POP3, true},
	25: {settings.SMTP, false}, 465: {settings.SMTP, true}, 587: {settings.SMTP, false}, 2525: {settings.SMTP, false},
}

// offer takes a server into the document and judges it by itself.
func (d *Document) offer(o Offer) {
	d.Offers = append(d.Offers, o)
	d.contradiction(o)
	if o.Security == settings.Plain {
		d.about(o, Plaintext, "{service} at {server} is published without encryption: the password would cross the network in clear text.",
			"Publish the server with SSL/TLS (port {tls}), or with STARTTLS.", finding.Args{"tls": fmt.Sprint(settings.DefaultPort(o.Protocol, settings.TLS))})
	}
}

// about adds a finding that concerns one offer.
func (d *Document) about(o Offer, code string, message, remedy finding.Sentence, args finding.Args) {
	d.weighed(o, "", code, message, remedy, args)
}

func (d *Document) weighed(o Offer, s finding.Severity, code string, message, remedy finding.Sentence, args finding.Args) {
	all := finding.Args{"service": o.Protocol.Name(), "security": o.Security.Name()}
	for k, v := range args {
		all[k] = v
	}
	f := finding.Finding{Code: code, Severity: s, Message: message, Remedy: remedy, Args: all, Subject: finding.About(o.Endpoint(""))}
	d.found(o.Line, f)
}

// contradiction says where protocol, port and security do not belong together.
func (d *Document) contradiction(o Offer) {
	u, ok := usual[o.Port]
	args := finding.Args{"right": rightPort(o), "belongs": u.protocol.Name(), "mode": mode(o.Security)}
	implicit := o.Security == settings.TLS
	switch {
	case !ok:
	case u.protocol != o.Protocol:
		d.about(o, "settings.port_contradicts", "{service} is published on port {port}, which is for {belongs}.", "Publish {service} on {right}.", args)
	case implicit && !u.implicit:
		d.weighed(o, finding.Warning, "settings.port_contradicts", "{service} is published on port {port} with {security}, but servers begin in clear text there and mail programs then expect STARTTLS.",
			"Publish STARTTLS for port {port}, or {right}.", args)
	case !implicit && u.implicit:
		d.about(o, "settings.port_contradicts", "{service} is published on port {port} {mode}, but servers expect TLS at once there: a mail program that does as it is told waits in vain.",
			"Publish SSL/TLS for port {port}.", args)
	}
}

// mode says how a connection is protected, behind what it is said of.
func mode(s settings.Security) string {
	if s == settings.Plain {
		return "without encryption"
	}
	return "with " + s.Name()
}

func rightPort(o Offer) string {
	return fmt.Sprintf("port %d with SSL/TLS, or %d with STARTTLS", settings.DefaultPort(o.Protocol, settings.TLS), settings.DefaultPort(o.Protocol, settings.StartTLS))
}

// order says where a weaker setting stands before a stronger one: the first
// that a mail program can use is the one that it takes.
func (d *Document) order() {
	for i, o := range d.Offers {
		if o.Security == settings.TLS || slices.ContainsFunc(d.Offers[:i], func(x Offer) bool { return x.Protocol == o.Protocol }) {
			continue
		}
		for _, later := range d.Offers[i+1:] {
			if later.Protocol == o.Protocol && later.Priority == o.Priority && strength(later.Security) > strength(o.Security) {
				d.about(o, "settings.weaker_first", "{service} {mode} stands before {service} with {better}, and mail programs take the first.",
					"Put the server with {better} first.", finding.Args{"mode": mode(o.Security), "better": later.Security.Name()})
				break
			}
		}
	}
}

func strength(s settings.Security) int {
	return slices.Index([]settings.Security{settings.Plain, settings.StartTLS, settings.TLS}, s)
}

// Stronger reports whether a connection is protected better by one kind of
// encryption than by another.
func Stronger(s, than settings.Security) bool { return strength(s) > strength(than) }

var known = strings.NewReplacer(string(settings.FullAddress), "", string(settings.LocalPart), "", string(settings.Domain), "")

// Plaintext is the code of a finding that a server is published without
// encryption.
const Plaintext = "settings.plaintext"

// Missing is the code of a finding that a document lacks what some program
// needs.
const Missing = "settings.missing"

// Placeholder is the code of a finding that a name holds a placeholder, or one
// that not every program replaces.
const Placeholder = "settings.placeholder"

// username takes a user name as a document writes it; false: it cannot be used.
func (d *Document) username(line int, text string) (settings.Template, bool) {
	rest := known.Replace(text)
	switch {
	case text == "":
		return "", true
	case strings.Contains(rest, "%"):
		d.says(line, Placeholder, "The user name {name} holds a placeholder that no mail program replaces.",
			"Write %EMAILADDRESS%, %EMAILLOCALPART% or %EMAILDOMAIN%, with both percent signs.", finding.Args{"name": text})
		return "", false
	case rest == text && strings.Contains(text, "@"):
		return settings.FullAddress, true // as a generator writes it that was asked for one address
	case rest == text:
		d.found(line, finding.Finding{Code: Placeholder, Severity: finding.Warning, Args: finding.Args{"name": text},
			Message: "The user name {name} is the same for everybody.", Remedy: "Write %EMAILADDRESS% or %EMAILLOCALPART% where people's names differ."})
	}
	return settings.Template(text), true
}

// named returns a user name that is no form.
func named(text string) string {
	if strings.Contains(text, "%") {
		return ""
	}
	return text
}

// Judge judges servers that stand in no document, such as those of DNS.
func Judge(offers []Offer) Document {
	d := Document{Read: true}
	for _, o := range offers {
		d.offer(o)
	}
	return d
}
