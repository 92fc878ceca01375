package lab

import (
	"fmt"
	"net"
	"strconv"
	"strings"

	"mailprobe/internal/probe"
	"mailprobe/internal/settings"
)

// Overrides returns the rules by which a probe reaches the lab.
func (l *Lab) Overrides() probe.Overrides {
	var o probe.Overrides
	for _, s := range l.servers {
		o.ConnectTo = append(o.ConnectTo, probe.ConnectRule{
			Host: s.Endpoint.Host, Port: s.Endpoint.Port,
			ToHost: "127.0.0.1", ToPort: s.port,
		})
	}
	return o
}

// Flags returns what a user types to reach the lab, with the authority's
// certificate in caFile.
func (l *Lab) Flags(caFile string) []string {
	flags := []string{"--cacert", caFile}
	for _, s := range l.servers {
		flags = append(flags, "--connect-to", fmt.Sprintf("%s:127.0.0.1:%d", s.Endpoint.Address(), s.port))
	}
	return flags
}

// Address returns where on loopback e is served, or "".
func (l *Lab) Address(e settings.Endpoint) string {
	for _, s := range l.servers {
		if s.Endpoint == e {
			return net.JoinHostPort("127.0.0.1", strconv.Itoa(int(s.port)))
		}
	}
	return ""
}

// Mail returns the messages that address has got over SMTP and not deleted
// over POP3, oldest first.
func (l *Lab) Mail(address string) []string {
	a := l.byAddress(address)
	if a == nil {
		return nil
	}
	var texts []string
	for _, m := range a.letters() {
		texts = append(texts, m.text)
	}
	return texts
}

// String lists the servers with their addresses, one to a line.
func (l *Lab) String() string {
	var b strings.Builder
	for _, s := range l.servers {
		fmt.Fprintf(&b, "%s at 127.0.0.1:%d: %s\n", s.Endpoint, s.port, s.Fault.About())
	}
	return b.String()
}
