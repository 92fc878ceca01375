package dnsclient

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"strings"
	"time"

	"github.com/miekg/dns"

	"mailprobe/internal/settings"
)

const (
	udpSize  = 1232 // the least MTU of IPv6 less the headers, RFC 8200 §5
	rounds   = 2    // a datagram can be lost
	maxTries = 3    // bounds a whole question, in units of wire.try
	maxStray = 16   // datagrams to other questions before a server is given up
)

// A wire asks servers in order over UDP, and over TCP what UDP cannot hold.
type wire struct {
	servers []string      // as "host:port"
	try     time.Duration // for one dialogue with one server
	trusted bool          // the AD bit of each server is, see Answer.Trusted
}

// Exchange implements exchanger. An answer that settles nothing is kept while
// the next server is asked, as the system's resolver does.
func (w *wire) Exchange(ctx context.Context, name string, t Type) (Answer, error) {
	query, err := newQuery(name, t)
	if err != nil {
		return Answer{}, err
	}
	ctx, cancel := context.WithTimeout(ctx, maxTries*w.try)
	defer cancel()
	var first error
	for range rounds {
		var doubtful *Answer
		for _, server := range w.servers {
			a, err := w.ask(ctx, server, query)
			switch {
			case err == nil && a.settles():
				return a, nil
			case err == nil && doubtful == nil:
				doubtful = &a
			case err != nil && first == nil:
				first = &serverError{shownServer(server), plain(err)}
			}
		}
		if doubtful != nil {
			return *doubtful, nil
		}
	}
	return Answer{}, first
}

// newQuery asks for the name itself: no search list applies. AD=1 asks for
// the AD bit in the answer without its signatures (RFC 6840 §5.7).
func newQuery(name string, t Type) (*dns.Msg, error) {
	if _, err := netip.ParseAddr(name); err == nil {
		return nil, notAsked(name, "it is an address")
	}
	host, err := hostBelow(name)
	if _, ok := dns.IsDomainName(host); !ok || err != nil {
		return nil, notAsked(name, "it is no host name")
	}
	q := new(dns.Msg).SetQuestion(dns.Fqdn(host), uint16(t))
	q.AuthenticatedData = true
	return q.SetEdns0(udpSize, false), nil
}

// hostBelow checks a host name that labels may stand before which no host has:
// those of services and of the texts about a domain ("_imaps._tcp", RFC 2782).
func hostBelow(name string) (string, error) {
	label, rest, ok := strings.Cut(name, ".")
	if !ok || !strings.HasPrefix(label, "_") {
		return settings.Host(name)
	}
	if _, err := settings.Host(label[1:]); err != nil {
		return "", err
	}
	below, err := hostBelow(rest)
	return label + "." + below, err
}

// ask has one dialogue with one server.
func (w *wire) ask(ctx context.Context, server string, query *dns.Msg) (Answer, error) {
	q := query.Copy()
	m, err := w.send(ctx, "udp", server, q)
	if err == nil && m.Rcode == dns.RcodeFormatError && m.IsEdns0() == nil {
		q.Extra = nil // the server is older than EDNS, RFC 6891 §7
		m, err = w.send(ctx, "udp", server, q)
	}
	if err == nil && m.Truncated {
		m, err = w.send(ctx, "tcp", server, q)
	}
	if err == nil && m.Truncated {
		err = errTruncated
	}
	if err != nil {
		return Answer{}, err
	}
	a, err := newAnswer(shownServer(server), m)
	a.Trusted = w.trusted || isLocal(server)
	return a, err
}

// send sends q under an id of its own and waits for the reply to it.
func (w *wire) send(ctx context.Context, network, server string, q *dns.Msg) (*dns.Msg, error) {
	tryCtx, cancel := context.WithTimeout(ctx, w.try)
	defer cancel()
	conn, err := new(net.Dialer).DialContext(tryCtx, network, server)
	if err != nil {
		return nil, err
	}
	defer conn.Close()
	stop := context.AfterFunc(tryCtx, func() { conn.SetDeadline(time.Unix(1, 0)) })
	defer stop()
	q.Id = dns.Id()
	// More than was offered to take: some servers send it all the same.
	co := &dns.Conn{Conn: conn, UDPSize: dns.DefaultMsgSize}
	if err := co.WriteMsg(q); err != nil {
		return nil, err
	}
	m, err := receive(co, q, network == "udp")
	if err != nil && ctx.Err() != nil {
		err = ctx.Err()
	}
	return m, err
}

// receive reads until the reply to q comes. A datagram that does not belong
// to q may be forged or late, so it does not end the wait.
func receive(co *dns.Conn, q *dns.Msg, datagrams bool) (*dns.Msg, error) {
	stray := false
	for range maxStray {
		packet, err := co.ReadMsgHeader(nil)
		switch {
		case err != nil && stray:
			return nil, errMismatched
		case err != nil:
			return nil, err
		}
		m, err := parseReply(packet, q)
		if err == nil {
			return m, nil
		}
		if !datagrams || m != nil {
			return nil, err
		}
		stray = true
	}
	return nil, errMismatched
}

// parseReply reads the reply to q. Without a message, the packet is no reply
// to q; with a message and an error, it is one that cannot be read. Of a
// truncated reply only the header counts.
func parseReply(packet []byte, q *dns.Msg) (*dns.Msg, error) {
	m := new(dns.Msg)
	err := m.Unpack(packet)
	switch {
	case !repliesTo(m, q):
		return nil, errMismatched
	case err != nil && !m.Truncated:
		return m, fmt.Errorf("%w: %w", errMalformed, err)
	}
	return m, nil
}

// repliesTo reports whether id and question are those of q (RFC 5452 §9.1).
// Some servers refuse without repeating the question; such a reply states
// nothing about the name.
func repliesTo(m, q *dns.Msg) bool {
	if m.Id != q.Id || !m.Response || m.Opcode != dns.OpcodeQuery {
		return false
	}
	if len(m.Question) == 0 {
		return m.Rcode != dns.RcodeSuccess && m.Rcode != dns.RcodeNameError
	}
	got, want := m.Question[0], q.Question[0]
	return len(m.Question) == 1 && got.Qtype == want.Qtype && got.Qclass == want.Qclass &&
		dns.CanonicalName(got.Name) == dns.CanonicalName(want.Name)
}
