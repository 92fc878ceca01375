package published

import (
	"bytes"
	"slices"
	"strconv"
	"strings"

	"mailprobe/internal/finding"
	"mailprobe/internal/settings"
)

// ReadMobileConfig reads an Apple profile: XML or binary, plain or signed. A
// signature is looked at, and nothing is trusted for it.
func ReadMobileConfig(source []byte) Document {
	d := Document{Read: true, Format: MobileConfig}
	if len(source) > MaxPlist {
		d.tooLarge(MaxPlist)
		return d
	}
	if len(source) > 0 && source[0] == 0x30 {
		if source = d.unwrap(source); source == nil {
			return d
		}
	}
	root := d.plist(source)
	if root == nil {
		return d
	}
	d.profile(root)
	d.order()
	d.sort()
	return d
}

// plist reads a property list; nil: it cannot be read, and why is said.
func (d *Document) plist(source []byte) *node {
	if bytes.HasPrefix(source, []byte("bplist")) {
		root, broken := parseBinaryPlist(source)
		if broken != nil {
			d.broken(broken, "property list")
		}
		return root
	}
	x := d.xml(source, MaxPlist)
	if x == nil {
		return nil
	}
	if x.Root.Name != "plist" || len(x.Root.Children) != 1 {
		d.unreadable(x.Root.Line, "settings.unknown_value", "The document begins with <{element}>, or holds more than one value; a profile is one value in <plist>.", "Make the profile anew.",
			finding.Args{"element": x.Root.Name})
		return nil
	}
	root, broken := ofPlist(x.Root.Children[0])
	if broken != nil {
		d.broken(broken, "property list")
		return nil
	}
	return root
}

// mailPayload is the type of payload that sets up mail.
const mailPayload = "com.apple.mail.managed"

func (d *Document) profile(root *node) {
	d.Name = root.at("PayloadDisplayName").string()
	if kind := root.at("PayloadType").string(); kind != "Configuration" && kind != mailPayload {
		d.missing(root.line, "PayloadType Configuration", "The profile", finding.Error)
	}
	payloads := []*node{root}
	if content := root.at("PayloadContent"); content != nil {
		payloads = content.list
	}
	mail := 0
	for _, p := range payloads {
		d.passwords(p)
		if p.at("PayloadType").string() == mailPayload {
			mail++
			d.payload(p)
		}
	}
	if mail == 0 {
		d.missing(root.line, "payload for mail ("+mailPayload+")", "The profile", finding.Warning)
	}
}

// payload reads the settings of one account.
func (d *Document) payload(p *node) {
	protocol, kind := settings.IMAP, p.at("EmailAccountType")
	switch kind.string() {
	case "EmailTypeIMAP":
	case "EmailTypePOP":
		protocol = settings.POP3
	case "":
		d.missing(p.line, "EmailAccountType", "The payload", finding.Error)
		protocol = ""
	default:
		d.says(kind.line, "settings.unknown_value", "EmailAccountType is {value}, which there is not.", "Write EmailTypeIMAP or EmailTypePOP.", finding.Args{"value": quoted(kind.string())})
		protocol = ""
	}
	address := p.at("EmailAddress").string()
	if protocol != "" {
		d.side(p, "IncomingMailServer", protocol, address)
	}
	d.side(p, "OutgoingMailServer", settings.SMTP, address)
}

// passwords says where a payload of any kind holds one.
func (d *Document) passwords(p *node) {
	for i, key := range p.keys {
		value := p.list[i]
		if strings.Contains(key, "Password") && value.string() != "" {
			d.says(value.line, "settings.embedded_password", "The profile holds a password ({key}): whoever gets the file can read the mail.",
				"Take the password out, so that the device asks for it; where the file was handed out, have the password changed.", finding.Args{"key": key})
		}
	}
}

var appleWays = map[string]string{
	"EmailAuthPassword": "password", "EmailAuthCRAMMD5": "encrypted", "EmailAuthHTTPMD5": "encrypted", "EmailAuthNTLM": "ntlm", "EmailAuthNone": "none",
}

// side reads the incoming or the outgoing server of a payload.
func (d *Document) side(p *node, prefix string, protocol settings.Protocol, address string) {
	d.Sections = append(d.Sections, sideOf(p, prefix, protocol))
	host := p.at(prefix + "HostName")
	if host.string() == "" {
		d.missing(p.line, prefix+"HostName", "The payload", finding.Error)
		return
	}
	name, ok := d.host(host.line, host.string())
	if !ok {
		return
	}
	o := Offer{Protocol: protocol, Host: name, Line: host.line, Username: appleUser(p.at(prefix+"Username").string(), address)}
	if way := p.at(prefix + "Authentication"); way.string() == "" {
		d.missing(p.line, prefix+"Authentication", "The payload", finding.Warning)
	} else if known, ok := appleWays[way.string()]; !ok {
		d.says(way.line, "settings.unknown_value", "{key} is {value}, which there is not.", "Write EmailAuthPassword, or another value that Apple documents.",
			finding.Args{"key": prefix + "Authentication", "value": quoted(way.string())})
	} else {
		o.SignIn = []string{known}
	}
	encrypted, ok := d.truth(p, prefix+"UseSSL")
	if !ok {
		return
	}
	if port := p.at(prefix + "PortNumber"); port != nil {
		if o.Port, ok = d.port(port.line, wholeNumber(port)); !ok {
			return
		}
	} else {
		o.Port = applePort(protocol, encrypted)
		if protocol == settings.SMTP {
			d.found(host.line, finding.Finding{Code: "settings.missing", Severity: finding.Warning, Message: "The profile names no port for sending: Apple's devices try 25, 587 and 465 in turn.", Remedy: "Add OutgoingMailServerPortNumber."})
		}
	}
	switch {
	case !encrypted:
		o.Security = settings.Plain
	case slices.Contains([]uint16{143, 110, 587, 25, 2525}, o.Port):
		o.Security = settings.StartTLS // UseSSL means either, and the port says which
	default:
		o.Security = settings.TLS
	}
	d.offer(o)
}

// sideOf takes a side as it is written.
func sideOf(p *node, prefix string, protocol settings.Protocol) Section {
	s := Section{Kind: prefix, Type: string(protocol), Host: p.at(prefix + "HostName").string(), Username: p.at(prefix + "Username").string(), Fields: map[string][]string{}, Line: p.line}
	if port := p.at(prefix + "PortNumber"); port != nil {
		s.Port = wholeNumber(port)
	}
	for _, name := range []string{"UseSSL", "Authentication"} {
		if n := p.at(prefix + name); n != nil && n.text != "" {
			s.Fields[name] = []string{n.text}
		}
	}
	return s
}

// truth reads a truth value, which is false where there is none; false: it is
// something else, and devices refuse the profile.
func (d *Document) truth(p *node, key string) (value, ok bool) {
	n := p.at(key)
	if n != nil && n.kind != truth {
		d.says(n.line, "settings.unknown_value", "{key} is no truth value.", "Write <true/> or <false/>.", finding.Args{"key": key})
		return false, false
	}
	return n.is(), true
}

// wholeNumber returns a number as a port is written: some write <real>.
func wholeNumber(n *node) string {
	if n.kind != number {
		return n.text
	}
	if f, err := strconv.ParseFloat(n.text, 64); err == nil && f == float64(int(f)) {
		return itoa(int(f))
	}
	return n.text
}

func applePort(p settings.Protocol, encrypted bool) uint16 {
	switch {
	case p == settings.SMTP:
		return 587
	case encrypted:
		return settings.DefaultPort(p, settings.TLS)
	}
	return settings.DefaultPort(p, settings.Plain)
}

// appleUser returns the form of a profile's user name, which is one person's.
// An empty one is asked for.
func appleUser(name, address string) settings.Template {
	local, _, _ := strings.Cut(address, "@")
	switch {
	case name == "" || name == address || strings.Contains(name, "@"):
		return settings.FullAddress
	case name == local:
		return settings.LocalPart
	}
	return settings.Template(name)
}
