// Package settings holds the words for mail settings as a mail program is
// told them: an endpoint, and what one source says of one provider. It knows
// no network and no file.
package settings

import (
	"net"
	"strconv"
	"strings"
)

// A Protocol is one of the three client-side mail protocols.
type Protocol string

const (
	IMAP Protocol = "imap" // RFC 9051, RFC 3501
	POP3 Protocol = "pop3" // RFC 1939
	SMTP Protocol = "smtp" // message submission, RFC 6409
)

// Protocols lists every protocol in the order in which reports show them.
func Protocols() []Protocol { return []Protocol{IMAP, POP3, SMTP} }

// Name returns the protocol as its standards write it: "IMAP".
func (p Protocol) Name() string { return strings.ToUpper(string(p)) }

// Security says how a connection is protected.
type Security string

const (
	TLS      Security = "tls"      // implicit TLS, RFC 8314 §3
	StartTLS Security = "starttls" // upgrade by STARTTLS or STLS
	Plain    Security = "plain"    // cleartext; never signs in
)

// Name returns what mail programs call it: "SSL/TLS", "STARTTLS" or "none".
func (s Security) Name() string {
	switch s {
	case TLS:
		return "SSL/TLS"
	case StartTLS:
		return "STARTTLS"
	}
	return "none"
}

// An Endpoint is one server setting as a mail program would store it.
type Endpoint struct {
	Protocol Protocol
	Host     string // DNS name (A-labels) or IP address, without brackets
	Port     uint16
	Security Security
}

// Address returns "host:port", with brackets around an IPv6 address.
func (e Endpoint) Address() string {
	return net.JoinHostPort(e.Host, strconv.Itoa(int(e.Port)))
}

// String returns the endpoint as the URL that ParseURL reads, with its port.
func (e Endpoint) String() string {
	return scheme(e.Protocol, e.Security) + "://" + e.Address()
}

// DefaultPort returns the registered port for a protocol and security:
// 993/143, 995/110, 465/587 (RFC 8314 §3, RFC 6409 §3.1).
func DefaultPort(p Protocol, s Security) uint16 {
	implicit := s == TLS
	switch {
	case p == IMAP && implicit:
		return 993
	case p == IMAP:
		return 143
	case p == POP3 && implicit:
		return 995
	case p == POP3:
		return 110
	case implicit:
		return 465
	default:
		return 587
	}
}
