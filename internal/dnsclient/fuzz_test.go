package dnsclient

import (
	"context"
	"regexp"
	"testing"

	"github.com/miekg/dns"
)

// FuzzAnswer: whatever a server sends, an answer is bounded and escaped, and
// nothing panics.
func FuzzAnswer(f *testing.F) {
	for _, m := range []*dns.Msg{
		replyTo(question(), dns.RcodeNameError, chain(3)...),
		replyTo(question(), dns.RcodeSuccess, append(chain(8), "c8.example. 60 IN A 192.0.2.1", "c8.example. 60 IN AAAA ::ffff:192.0.2.1")...),
		replyTo(question(), dns.RcodeSuccess, host+`. 60 IN MX 1 \027\.\ .example.`, host+". 60 IN MX 0 .", host+". 60 IN MX 2 mx.example."),
		replyTo(question(), 3000, host+". 60 IN CNAME "+host+"."),
	} {
		m.IsEdns0().Option = []dns.EDNS0{&dns.EDNS0_EDE{InfoCode: 6, ExtraText: "\x1b[2J\xff"}}
		packet, err := m.Pack()
		if err != nil {
			f.Fatal(err)
		}
		f.Add(packet)
		f.Add(packet[:len(packet)/2])
	}
	f.Fuzz(func(t *testing.T, packet []byte) {
		q := new(dns.Msg)
		if q.Unpack(packet) != nil && len(q.Question) == 0 {
			q = question()
		}
		m, err := parseReply(packet, q)
		if err != nil {
			return
		}
		a, err := newAnswer("server", m)
		if err != nil {
			return
		}
		checkBounds(t, a)
		checkHosts(t, a)
	})
}

// checkHosts reports what is no host name among the hosts that take mail.
func checkHosts(t *testing.T, a Answer) {
	t.Helper()
	hosts, err := (&Client{byType{MX: a}}).MX(context.Background(), "example.com")
	if len(hosts) > maxRecords || (len(hosts) == 0) != (err != nil) {
		t.Errorf("got %d hosts, %v", len(hosts), err)
	}
	for _, h := range hosts {
		if !hostName.MatchString(h) {
			t.Errorf("no host name: %q", h)
		}
	}
}

var hostName = regexp.MustCompile(`^[a-z0-9-]+(\.[a-z0-9-]+)*$`)
