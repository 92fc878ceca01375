package dnsclient

import (
	"net"
	"sync/atomic"
	"testing"
	"time"

	"github.com/miekg/dns"
)

// patience is long enough for a server on loopback, however busy the machine.
const patience = 20 * time.Second

// startServer serves DNS over UDP and TCP on one loopback port.
func startServer(t *testing.T, handler dns.HandlerFunc) string {
	t.Helper()
	packets, streams := listenBoth(t)
	for _, s := range []*dns.Server{{PacketConn: packets}, {Listener: streams}} {
		started := make(chan struct{})
		s.Handler, s.NotifyStartedFunc = handler, func() { close(started) }
		go s.ActivateAndServe()
		<-started
		t.Cleanup(func() { s.Shutdown() })
	}
	return packets.LocalAddr().String()
}

func listenBoth(t *testing.T) (net.PacketConn, net.Listener) {
	t.Helper()
	var err error
	for range 20 {
		packets, e := net.ListenPacket("udp", "127.0.0.1:0")
		if e != nil {
			t.Fatal(e)
		}
		var streams net.Listener
		if streams, err = net.Listen("tcp", packets.LocalAddr().String()); err == nil {
			return packets, streams
		}
		packets.Close()
	}
	t.Fatal(err)
	return nil, nil
}

// startSilent takes datagrams and never answers.
func startSilent(t *testing.T) string {
	t.Helper()
	packets, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { packets.Close() })
	return packets.LocalAddr().String()
}

func clientOf(try time.Duration, servers ...string) *Client {
	return &Client{&wire{servers: servers, try: try}}
}

// records answers every question with the same records, as a resolver.
func records(rcode int, lines ...string) dns.HandlerFunc {
	return func(w dns.ResponseWriter, q *dns.Msg) { w.WriteMsg(replyTo(q, rcode, lines...)) }
}

func replyTo(q *dns.Msg, rcode int, lines ...string) *dns.Msg {
	m := new(dns.Msg).SetRcode(q, rcode)
	m.RecursionAvailable = true
	m.SetEdns0(udpSize, false)
	for _, line := range lines {
		m.Answer = append(m.Answer, record(line))
	}
	return m
}

func record(line string) dns.RR {
	rr, err := dns.NewRR(line)
	if err != nil {
		panic(err)
	}
	return rr
}

// withEDE adds extended errors to what records answers.
func withEDE(rcode int, errors ...dns.EDNS0) dns.HandlerFunc {
	return func(w dns.ResponseWriter, q *dns.Msg) {
		m := replyTo(q, rcode)
		m.IsEdns0().Option = errors
		w.WriteMsg(m)
	}
}

// counting counts the questions that a handler sees.
func counting(n *atomic.Int32, handler dns.HandlerFunc) dns.HandlerFunc {
	return func(w dns.ResponseWriter, q *dns.Msg) {
		n.Add(1)
		handler(w, q)
	}
}
