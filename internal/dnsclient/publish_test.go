package dnsclient

import (
	"errors"
	"fmt"
	"net"
	"testing"

	"github.com/miekg/dns"
)

func TestRecords(t *testing.T) {
	zone := map[string][]string{
		"_imaps._tcp.nord.example.": {`_imaps._tcp.nord.example. 60 IN SRV 10 1 993 b.nord.example.`, `_imaps._tcp.nord.example. 60 IN SRV 0 1 993 c.nord.example.`, `_imaps._tcp.nord.example. 60 IN SRV 0 9 993 A.nord.example.`},
		"_pop3s._tcp.nord.example.": {`_pop3s._tcp.nord.example. 60 IN SRV 0 0 0 .`},
		"nord.example.":             {`nord.example. 60 IN TXT "mailconf=https://" "nord.example/\"a\\b\195\182"`},
	}
	server := startServer(t, func(w dns.ResponseWriter, q *dns.Msg) {
		lines, ok := zone[q.Question[0].Name]
		code := dns.RcodeSuccess
		if !ok {
			code = dns.RcodeNameError
		}
		w.WriteMsg(replyTo(q, code, lines...))
	})
	c := clientOf(patience, server)
	for _, row := range []struct {
		name string
		t    Type
		want string
	}{
		{"_imaps._tcp.nord.example", SRV, "[{0 9 993 a.nord.example} {0 1 993 c.nord.example} {10 1 993 b.nord.example}] [] <nil>"},
		{"_pop3s._tcp.nord.example", SRV, "[{0 0 0 .}] [] <nil>"},
		{"_pop3._tcp.nord.example", SRV, "[] [] <nil>"},
		{"nord.example", TXT, `[] ["mailconf=https://nord.example/\"a\\bö"] <nil>`},
		{"_im aps._tcp.nord.example", SRV, `[] [] DNS is not asked for "_im aps._tcp.nord.example": it is no host name`},
	} {
		a, err := c.Records(t.Context(), row.name, row.t)
		if got := fmt.Sprintf("%v %q %v", a.SRV, a.TXT, err); got != row.want {
			t.Errorf("%s\n got %s\nwant %s", row.name, got, row.want)
		}
	}
}

func TestLookupNetIP(t *testing.T) {
	c := clientOf(patience, startServer(t, func(w dns.ResponseWriter, q *dns.Msg) {
		switch q.Question[0].Name {
		case "a.example.":
			if q.Question[0].Qtype == dns.TypeA {
				w.WriteMsg(replyTo(q, 0, "a.example. 60 IN A 192.0.2.1"))
				return
			}
			w.WriteMsg(replyTo(q, 0))
		case "broken.example.":
			w.WriteMsg(replyTo(q, dns.RcodeServerFailure))
		default:
			w.WriteMsg(replyTo(q, dns.RcodeNameError))
		}
	}))
	if got, err := c.LookupNetIP(t.Context(), "ip", "a.example."); len(got) != 1 || err != nil {
		t.Errorf("got  %v, %v", got, err)
	}
	for host, missing := range map[string]bool{"none.example": true, "broken.example": false} {
		_, err := c.LookupNetIP(t.Context(), "ip", host)
		var dnsError *net.DNSError
		if err == nil || errors.As(err, &dnsError) != missing {
			t.Errorf("%s: got  %v", host, err)
		}
	}
	if _, err := c.LookupNetIP(t.Context(), "ip6", "a.example"); err == nil {
		t.Error("got  an address of the other family")
	}
}
