// Package publish is, for tests, a DNS server and a web server on loopback in
// which domains publish mail settings, sound and broken. Hosts have public
// addresses, as a resolver of the test's own gives them; its dialer leads them
// to loopback.
package publish

import (
	"context"
	"crypto/tls"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"sync"
	"syscall"
	"testing"

	"github.com/miekg/dns"

	"mailprobe/internal/lab/pki"
)

// An Internet is a DNS server and an HTTPS server for many hosts. Hosts have
// public addresses; the dialer leads them to loopback.
type Internet struct {
	t       testing.TB
	CA      *pki.CA
	Records map[string][]string         // by name and type: "corp.example. MX"
	Pages   map[string]http.HandlerFunc // by host, or "host/path"
	certs   map[string]*tls.Certificate
	Addrs   map[string]string // host to address; those of pages have 192.0.2.1
	Refused map[string]bool
	Signed  bool   // DNS says of every answer that its signatures are verified
	DNS     string // the address of the DNS server
	Web     string // of the HTTPS server
	Clear   string // of the HTTP server

	mu   sync.Mutex
	seen []string // every question to DNS and the web, with its body
}

// New starts the servers; the test ends them.
func New(t testing.TB) *Internet {
	t.Helper()
	ca, err := pki.NewCA("Test")
	if err != nil {
		t.Fatal(err)
	}
	n := &Internet{t: t, CA: ca, Records: map[string][]string{}, Pages: map[string]http.HandlerFunc{}, certs: map[string]*tls.Certificate{}, Addrs: map[string]string{}, Refused: map[string]bool{}}
	n.serveDNS()
	n.Web = n.serveWeb(true)
	n.Clear = n.serveWeb(false)
	return n
}

// Ready says that the test has written down what is published; it calls it
// before it asks, so that the servers see all of it.
func (n *Internet) Ready() {
	n.mu.Lock()
	defer n.mu.Unlock()
}

func (n *Internet) note(text string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.seen = append(n.seen, text)
}

func (n *Internet) serveDNS() {
	packets, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		n.t.Fatal(err)
	}
	started := make(chan struct{})
	s := &dns.Server{PacketConn: packets, Handler: n, NotifyStartedFunc: func() { close(started) }}
	go s.ActivateAndServe()
	<-started
	n.t.Cleanup(func() { s.Shutdown() })
	n.DNS = packets.LocalAddr().String()
}

// ServeDNS answers from records.
func (n *Internet) ServeDNS(w dns.ResponseWriter, q *dns.Msg) {
	name, kind := strings.ToLower(q.Question[0].Name), dns.TypeToString[q.Question[0].Qtype]
	n.note(kind + " " + name)
	m := new(dns.Msg).SetReply(q)
	m.RecursionAvailable, m.AuthenticatedData = true, n.Signed
	lines, ok := n.Records[strings.TrimSuffix(name, ".")+" "+kind]
	if !ok {
		m.Rcode = dns.RcodeNameError
	}
	for _, line := range lines {
		rr, err := dns.NewRR(name + " 60 IN " + kind + " " + line)
		if alias, isAlias := strings.CutPrefix(line, "CNAME "); isAlias {
			rr, err = dns.NewRR(name + " 60 IN CNAME " + alias)
		}
		if err != nil {
			n.t.Errorf("%s: %v", line, err)
			continue
		}
		m.Answer = append(m.Answer, rr)
	}
	w.WriteMsg(m)
}

// LookupNetIP knows the hosts of pages, and of addrs.
func (n *Internet) LookupNetIP(_ context.Context, _, host string) ([]netip.Addr, error) {
	host = strings.TrimSuffix(host, ".")
	if text, ok := n.Addrs[host]; ok {
		return []netip.Addr{netip.MustParseAddr(text)}, nil
	}
	for key := range n.Pages {
		key = key[strings.LastIndex(key, "//")+1:]
		if name, _, _ := strings.Cut(strings.Trim(key, "/"), "/"); name == host {
			return []netip.Addr{netip.MustParseAddr("192.0.2.1")}, nil
		}
	}
	return nil, &net.DNSError{Err: "no such host", Name: host, IsNotFound: true}
}

// DialContext leads to the servers.
func (n *Internet) DialContext(ctx context.Context, network, address string) (net.Conn, error) {
	n.note("dial " + address)
	host, port, _ := net.SplitHostPort(address)
	switch {
	case n.Refused[host] || n.Refused[address]:
		return nil, fmt.Errorf("dial %s: %w", address, syscall.ECONNREFUSED)
	case port == "80":
		address = n.Clear
	default:
		address = n.Web
	}
	return new(net.Dialer).DialContext(ctx, network, address)
}

// Asked returns all that was asked, a line for each.
func (n *Internet) Asked() string {
	n.mu.Lock()
	defer n.mu.Unlock()
	return strings.Join(n.seen, "\n")
}

// Broken gives a host a certificate of its own.
func (n *Internet) Broken(host string, o pki.LeafOptions) {
	c, err := n.CA.Leaf(o)
	if err != nil {
		n.t.Fatal(err)
	}
	n.certs[host] = &c
}

// Config is an autoconfig document of some servers, each as
// "imap imap.corp.example 993 SSL".
func Config(servers ...string) string {
	var b strings.Builder
	b.WriteString(`<?xml version="1.0"?><clientConfig version="1.1"><emailProvider id="corp.example"><domain>corp.example</domain>`)
	for _, s := range servers {
		f := strings.Fields(s)
		tag := "incomingServer"
		if f[0] == "smtp" {
			tag = "outgoingServer"
		}
		fmt.Fprintf(&b, "\n<%s type=%q><hostname>%s</hostname><port>%s</port><socketType>%s</socketType><authentication>password-cleartext</authentication><username>%%EMAILADDRESS%%</username></%s>", tag, f[0], f[1], f[2], f[3], tag)
	}
	b.WriteString("</emailProvider></clientConfig>\n")
	return b.String()
}
