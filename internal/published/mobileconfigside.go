package published

import (
	"slices"
	"strconv"
	"strings"

	"mailprobe/internal/finding"
	"mailprobe/internal/settings"
)

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
