package probe

import (
	"fmt"
	"net/netip"
	"strings"

	"mailprobe/internal/settings"
)

// Overrides send the connections for a host and port elsewhere, as curl's
// --resolve and --connect-to do. The name that TLS checks does not change.
type Overrides struct {
	Resolve   []ResolveRule
	ConnectTo []ConnectRule
}

// A ResolveRule gives the addresses of a host and port by hand.
type ResolveRule struct {
	Host  string // "*": any
	Port  uint16 // 0: any
	Addrs []netip.Addr
}

// A ConnectRule sends a host and port to another host and port.
type ConnectRule struct {
	Host   string // "" or "*": any
	Port   uint16 // 0: any
	ToHost string // "": the same
	ToPort uint16 // 0: the same
}

// ParseResolve reads HOST:PORT:ADDR[,ADDR], as curl's --resolve.
func ParseResolve(text string) (ResolveRule, error) {
	fail := func(why string) (ResolveRule, error) {
		return ResolveRule{}, fmt.Errorf("--resolve %q: %s; write it like imap.example.com:993:192.0.2.1", text, why)
	}
	parts := splitColons(strings.TrimPrefix(text, "+"), 3)
	if len(parts) != 3 || parts[2] == "" {
		return fail("it needs a host, a port and an address")
	}
	host, port, err := hostPort(parts[0], parts[1])
	if err != nil {
		return fail(err.Error())
	}
	rule := ResolveRule{Host: host, Port: port}
	for _, a := range strings.Split(parts[2], ",") {
		addr, err := netip.ParseAddr(strings.Trim(strings.TrimSpace(a), "[]"))
		if err != nil {
			return fail(fmt.Sprintf("%q is not an IP address", a))
		}
		rule.Addrs = append(rule.Addrs, addr)
	}
	return rule, nil
}

// ParseConnectTo reads HOST:PORT:HOST2:PORT2, as curl's --connect-to; each
// part may be empty.
func ParseConnectTo(text string) (ConnectRule, error) {
	fail := func(why string) (ConnectRule, error) {
		return ConnectRule{}, fmt.Errorf("--connect-to %q: %s; write it like imap.example.com:993:127.0.0.1:1993", text, why)
	}
	parts := splitColons(text, 4)
	if len(parts) != 4 {
		return fail("it needs four parts between colons")
	}
	var rule ConnectRule
	var err error
	if rule.Host, rule.Port, err = hostPort(parts[0], parts[1]); err != nil {
		return fail(err.Error())
	}
	if rule.ToHost, rule.ToPort, err = hostPort(parts[2], parts[3]); err != nil {
		return fail(err.Error())
	}
	if rule.ToHost == "*" {
		return fail("the host to connect to cannot be *")
	}
	return rule, nil
}

// hostPort checks the two halves of a rule; empty and "*" stand for any.
func hostPort(host, port string) (string, uint16, error) {
	var err error
	if host != "" && host != "*" {
		if host, err = settings.Host(host); err != nil {
			return "", 0, err
		}
	}
	if port == "" || port == "*" {
		return host, 0, nil
	}
	n, err := settings.Port(port)
	return host, n, err
}

// splitColons cuts text at colons that do not stand in brackets, into at most
// n parts, and removes the brackets of whole parts.
func splitColons(text string, n int) []string {
	var parts []string
	depth, start := 0, 0
	for i := 0; i < len(text) && len(parts) < n-1; i++ {
		switch text[i] {
		case '[':
			depth++
		case ']':
			depth--
		case ':':
			if depth == 0 {
				parts = append(parts, text[start:i])
				start = i + 1
			}
		}
	}
	parts = append(parts, text[start:])
	for i, p := range parts {
		if strings.HasPrefix(p, "[") && strings.HasSuffix(p, "]") {
			parts[i] = p[1 : len(p)-1]
		}
	}
	return parts
}

// Covers reports whether a rule says where connections for e go.
func (o Overrides) Covers(e settings.Endpoint) bool {
	host, port, moved := o.redirect(e.Host, e.Port)
	_, given := o.addresses(host, port)
	return moved || given
}

// Way returns where a connection to host and port goes, the addresses that are
// given for it by hand, and whether a rule says any of it.
func (o Overrides) Way(host string, port uint16) (toHost string, toPort uint16, addrs []netip.Addr, ruled bool) {
	toHost, toPort, moved := o.redirect(host, port)
	addrs, given := o.addresses(toHost, toPort)
	return toHost, toPort, addrs, moved || given
}

// Empty reports whether there is no rule at all.
func (o Overrides) Empty() bool { return len(o.Resolve) == 0 && len(o.ConnectTo) == 0 }

// addresses returns the addresses given by hand for a host and port, and
// whether there is such a rule. The first rule that matches counts.
func (o Overrides) addresses(host string, port uint16) ([]netip.Addr, bool) {
	for _, r := range o.Resolve {
		if (r.Host == "*" || r.Host == "" || strings.EqualFold(r.Host, host)) && (r.Port == 0 || r.Port == port) {
			return r.Addrs, true
		}
	}
	return nil, false
}

// redirect returns where a connection to host and port goes, and whether a
// rule changed it.
func (o Overrides) redirect(host string, port uint16) (string, uint16, bool) {
	for _, r := range o.ConnectTo {
		if (r.Host != "" && r.Host != "*" && !strings.EqualFold(r.Host, host)) || (r.Port != 0 && r.Port != port) {
			continue
		}
		if r.ToHost != "" {
			host = r.ToHost
		}
		if r.ToPort != 0 {
			port = r.ToPort
		}
		return host, port, true
	}
	return host, port, false
}
