package settings

import (
	"fmt"
	"net/netip"
	"net/url"
	"strconv"
	"strings"

	"golang.org/x/net/idna"
)

// schemes maps each URL scheme to what it stands for. The first scheme of a
// protocol and security is the one that Endpoint.String writes.
var schemes = []struct {
	name     string
	protocol Protocol
	security Security
}{
	{"imaps", IMAP, TLS},
	{"imap", IMAP, StartTLS},
	{"imap+plain", IMAP, Plain},
	{"pop3s", POP3, TLS},
	{"pop3", POP3, StartTLS},
	{"pop3+plain", POP3, Plain},
	{"submissions", SMTP, TLS},
	{"submission", SMTP, StartTLS},
	{"submission+plain", SMTP, Plain},
	{"smtps", SMTP, TLS},
	{"smtp", SMTP, StartTLS},
	{"smtp+plain", SMTP, Plain},
	{"imap+starttls", IMAP, StartTLS},
	{"pop3+starttls", POP3, StartTLS},
	{"submission+starttls", SMTP, StartTLS},
	{"smtp+starttls", SMTP, StartTLS},
}

func scheme(p Protocol, s Security) string {
	for _, row := range schemes {
		if row.protocol == p && row.security == s {
			return row.name
		}
	}
	return string(p) + "+" + string(s)
}

// ParseURL reads an endpoint such as imaps://host:993 or submission://host.
// Without a port the registered one is taken. A user name, path, query or
// fragment is refused, so that a password can never stand in a URL.
func ParseURL(text string) (Endpoint, error) {
	u, err := url.Parse(text)
	if err != nil || u.Host == "" {
		return Endpoint{}, fmt.Errorf("%q is not an endpoint URL; write it like imaps://imap.example.com:993", redactUserinfo(text))
	}
	if u.User != nil {
		return Endpoint{}, fmt.Errorf("an endpoint URL takes no user name or password; use --user and --password-file")
	}
	if (u.Path != "" && u.Path != "/") || u.RawQuery != "" || u.Fragment != "" {
		return Endpoint{}, fmt.Errorf("%q has more than a host and a port; write it like imaps://imap.example.com:993", text)
	}
	if strings.Count(u.Host, ":") > 1 && !strings.HasPrefix(u.Host, "[") {
		return Endpoint{}, fmt.Errorf("%q may be read in two ways: an IPv6 address stands in brackets, like imaps://[2001:db8::1]:993", text)
	}
	return fromParts(strings.ToLower(u.Scheme), u.Hostname(), u.Port())
}

func fromParts(name, host, port string) (Endpoint, error) {
	for _, row := range schemes {
		if row.name != name {
			continue
		}
		host, err := Host(host)
		if err != nil {
			return Endpoint{}, err
		}
		e := Endpoint{row.protocol, host, DefaultPort(row.protocol, row.security), row.security}
		if port != "" {
			e.Port, err = Port(port)
		}
		return e, err
	}
	return Endpoint{}, fmt.Errorf("unknown scheme %q; use imaps, imap, pop3s, pop3, submissions or submission (with +plain for cleartext)", name)
}

// Host checks a host name or IP address from outside and returns it in the
// form that is dialled: lower case, A-labels (RFC 5891), no trailing dot.
func Host(text string) (string, error) {
	if addr, err := netip.ParseAddr(text); err == nil {
		return addr.String(), nil
	}
	host, err := idna.Lookup.ToASCII(strings.TrimSuffix(text, "."))
	if err != nil || host == "" || len(host) > 253 || strings.ContainsAny(host, " /@:") {
		return "", fmt.Errorf("%q is not a host name", text)
	}
	return host, nil
}

// Port reads a TCP port from 1 to 65535.
func Port(text string) (uint16, error) {
	n, err := strconv.ParseUint(text, 10, 16)
	if err != nil || n == 0 {
		return 0, fmt.Errorf("port %q is out of range; it must be a number from 1 to 65535", text)
	}
	return uint16(n), nil
}

// redactUserinfo keeps a mistyped URL printable: what stands before an @ may
// be a password.
func redactUserinfo(text string) string {
	if i := strings.LastIndex(text, "@"); i >= 0 {
		return "..." + text[i:]
	}
	return text
}
