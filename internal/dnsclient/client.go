// Package dnsclient asks a DNS server directly. The operating system's
// resolver finds the addresses that a mail program would use, but does not
// tell a name that does not exist from a name without address, nor a broken
// signature from a server that refuses; the DNS server itself does.
package dnsclient

import (
	"context"
	"net/netip"
	"time"
)

// A Type is the type of the records that are asked for (RFC 1035 §3.2.2).
type Type uint16

const (
	A    Type = 1  // IPv4 addresses, RFC 1035 §3.4.1
	MX   Type = 15 // servers that take mail for a domain, RFC 1035 §3.3.9
	TXT  Type = 16 // texts, RFC 1035 §3.3.14
	AAAA Type = 28 // IPv6 addresses, RFC 3596 §2.1
	SRV  Type = 33 // where a service is, RFC 2782
	TLSA Type = 52 // which certificate a service has, RFC 6698
)

// An exchanger asks one question and returns the answer of the first server
// that knows it. The error is errNotAsked if the name cannot be asked for
// and a *serverError if no server gave an answer that can be used.
type exchanger interface {
	Exchange(ctx context.Context, name string, t Type) (Answer, error)
}

// An Answer is what one DNS server answered. It holds at most 16 addresses,
// exchanges, services and texts; names have no trailing dot and are escaped (RFC 4343
// §2.1), so that they are printable ASCII.
type Answer struct {
	Server string // without the port if that is 53
	Rcode  string // "NOERROR", "NXDOMAIN", "SERVFAIL", "REFUSED", ..., "RCODE23"
	EDE    string // extended DNS errors (RFC 8914), in words, with the server's text as received; empty: none
	CNAME  []string
	Addrs  []netip.Addr
	MX     []Exchange // by preference
	SRV    []Service  // by priority, then the heavier first
	TXT    []string   // each record's strings joined, as received
	TLSA   []Pin

	AuthenticData      bool // AD: the server says that it has verified DNSSEC signatures (RFC 4035 §3.2.3)
	Trusted            bool // the server and the way to it are trusted to say so: it is on this computer, or resolv.conf(5) has trust-ad
	Authoritative      bool // AA
	RecursionAvailable bool // RA
}

// A Pin is one TLSA record (RFC 6698 §2.1).
type Pin struct {
	Usage, Selector, Matching uint8
	Data                      string // in hexadecimal digits, lower case
}

// A Service is one SRV record. Target "." means that the service is not there
// (RFC 2782).
type Service struct {
	Priority, Weight, Port uint16 // lower priority is preferred; among equals the heavier
	Target                 string
}

// An Exchange is one MX record. Host "." means that the domain takes no mail
// (RFC 7505).
type Exchange struct {
	Preference uint16 // lower is preferred
	Host       string
}

// A Client explains names and reads MX records. The zero Client cannot be
// used: it needs an exchanger, as New gives it.
type Client struct{ exchanger }

// Options choose the servers to ask. The zero value asks those of
// /etc/resolv.conf.
type Options struct {
	Server     string        // "host", "host:port", "[address]:port"; empty: those of ResolvConf
	ResolvConf string        // path of a resolv.conf(5); empty: /etc/resolv.conf
	Timeout    time.Duration // for each try of a server; zero: 2 s
}

// New returns a client. The error is a *NoServerError where the system does
// not say which servers to ask, as on Windows: then the detail is
// unavailable. It is another if Options.Server cannot be read.
func New(opt Options) (*Client, error) {
	servers, err := opt.servers()
	if err != nil {
		return nil, err
	}
	try := opt.Timeout
	if try <= 0 {
		try = 2 * time.Second
	}
	return &Client{&wire{servers, try, opt.trustsAD()}}, nil
}
