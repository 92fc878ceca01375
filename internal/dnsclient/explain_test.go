package dnsclient

import (
	"context"
	"errors"
	"net/netip"
	"reflect"
	"testing"
	"time"

	"github.com/miekg/dns"

	"mailprobe/internal/probe"
)

var _ probe.DNS = (*Client)(nil)

const host = "imap.example.com"

func TestExplain(t *testing.T) {
	const cname = host + ". 60 IN CNAME mail.example.net."
	expired := &dns.EDNS0_EDE{InfoCode: dns.ExtendedErrorCodeSignatureExpired, ExtraText: "example.com. DNSKEY\x00"}
	tests := []struct {
		name    string
		handler dns.HandlerFunc
		want    probe.Lookup
	}{
		{"no such name", records(dns.RcodeNameError), probe.Lookup{Rcode: "NXDOMAIN"}},
		{"no address", records(dns.RcodeSuccess), probe.Lookup{Rcode: "NOERROR"}},
		{"dangling alias", records(dns.RcodeNameError, cname),
			probe.Lookup{Rcode: "NXDOMAIN", CNAME: []string{"mail.example.net"}}},
		{"alias without address", records(dns.RcodeSuccess, cname, "mail.example.net. 60 IN CNAME Mx.Example.org."),
			probe.Lookup{Rcode: "NOERROR", CNAME: []string{"mail.example.net", "mx.example.org"}}},
		{"alias with odd name", records(dns.RcodeNameError, host+`. 60 IN CNAME \027[2J.example.net.`),
			probe.Lookup{Rcode: "NXDOMAIN", CNAME: []string{`\027[2j.example.net`}}},
		{"alias to the root", records(dns.RcodeSuccess, host+". 60 IN CNAME ."),
			probe.Lookup{Rcode: "NOERROR", CNAME: []string{"."}}},
		{"alias of another name", records(dns.RcodeNameError, "other.example.com. 60 IN CNAME mail.example.net."),
			probe.Lookup{Rcode: "NXDOMAIN"}},
		{"address of another name", records(dns.RcodeSuccess, "other.example.com. 60 IN A 192.0.2.1"),
			probe.Lookup{Rcode: "NOERROR"}},
		{"failure", records(dns.RcodeServerFailure), probe.Lookup{Rcode: "SERVFAIL"}},
		{"failure with reason", withEDE(dns.RcodeServerFailure, expired),
			probe.Lookup{Rcode: "SERVFAIL", EDE: "Signature Expired (example.com. DNSKEY)"}},
		{"several reasons", withEDE(dns.RcodeServerFailure, &dns.EDNS0_EDE{InfoCode: 22}, &dns.EDNS0_EDE{InfoCode: 4711, ExtraText: "\xff"}),
			probe.Lookup{Rcode: "SERVFAIL", EDE: "No Reachable Authority; Extended Error 4711 (\ufffd)"}},
		{"filtered", withEDE(dns.RcodeNameError, &dns.EDNS0_EDE{InfoCode: 17}),
			probe.Lookup{Rcode: "NXDOMAIN", EDE: "Filtered"}},
		{"refusal", records(dns.RcodeRefused), probe.Lookup{Rcode: "REFUSED"}},
		{"refusal without question", refusesWithoutQuestion, probe.Lookup{Rcode: "REFUSED"}},
		{"extended code", records(dns.RcodeBadVers), probe.Lookup{Rcode: "BADVERS"}},
		{"unknown code", records(3000), probe.Lookup{Rcode: "RCODE3000"}},
		{"an address after all", records(dns.RcodeSuccess, cname, "mail.example.net. 60 IN A 192.0.2.1", "mail.example.net. 60 IN A 192.0.2.2"),
			probe.Lookup{Rcode: "NOERROR", CNAME: []string{"mail.example.net"},
				Err: &foundError{[]netip.Addr{netip.MustParseAddr("192.0.2.1"), netip.MustParseAddr("192.0.2.2")}}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			server := startServer(t, tt.handler)
			got := clientOf(patience, server).Explain(t.Context(), host)
			tt.want.Server = server
			if !reflect.DeepEqual(got, &tt.want) {
				t.Errorf("got  %+v", got)
				t.Errorf("want %+v", &tt.want)
			}
		})
	}
}

func refusesWithoutQuestion(w dns.ResponseWriter, q *dns.Msg) {
	m := replyTo(q, dns.RcodeRefused)
	m.Question, m.Extra = nil, nil
	w.WriteMsg(m)
}

func TestExplainSaysWhyThereIsNoAnswer(t *testing.T) {
	tests := []struct {
		name    string
		handler dns.HandlerFunc
		want    error
	}{
		{"aliases in a circle", records(dns.RcodeSuccess, host+". 60 IN CNAME a.example.", "a.example. 60 IN CNAME "+host+"."), errAliases},
		{"alias of itself", records(dns.RcodeSuccess, host+". 60 IN CNAME "+host+"."), errAliases},
		{"referral", notRecursive(false), errReferral},
		{"half a chain", notRecursive(true, host+". 60 IN CNAME mail.example.net."), errReferral},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			server := startServer(t, tt.handler)
			got := clientOf(patience, server).Explain(t.Context(), host)
			e, ok := errors.AsType[*serverError](got.Err)
			if !ok || !errors.Is(e, tt.want) || e.Server != server || got.Server != server {
				t.Errorf("got  %+v", got)
				t.Errorf("want %v from %s", tt.want, server)
			}
		})
	}
}

// notRecursive answers as a server that asks no others.
func notRecursive(authoritative bool, lines ...string) dns.HandlerFunc {
	return func(w dns.ResponseWriter, q *dns.Msg) {
		m := replyTo(q, dns.RcodeSuccess, lines...)
		m.RecursionAvailable, m.Authoritative = false, authoritative
		w.WriteMsg(m)
	}
}

func TestExplainBelievesTheServerOfTheZone(t *testing.T) {
	server := startServer(t, notRecursive(true))
	got := clientOf(patience, server).Explain(t.Context(), host)
	want := &probe.Lookup{Server: server, Rcode: "NOERROR"}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v", got)
		t.Errorf("want %+v", want)
	}
}

func TestExplainAsksOnlyWhatDNSKnows(t *testing.T) {
	tests := []struct {
		host    string
		reasons bool // a Lookup that says why
	}{
		{"192.0.2.1", false},
		{"2001:db8::1", false},
		{"fe80::1%eth0", false},
		{"mail", true},
		{"mail.", true},
		{"localhost", true},
		{"imap.LOCALHOST.", true},
		{"nas.local", true},
		{"", true},
		{"a b.example.com", true},
		{"a..example.com", true},
	}
	for _, tt := range tests {
		got := clientOf(patience).Explain(t.Context(), tt.host)
		if !tt.reasons && got != nil {
			t.Errorf("%q: got %+v, want nil", tt.host, got)
			continue
		}
		if !tt.reasons {
			continue
		}
		if !errors.Is(got.Err, errNotAsked) {
			t.Errorf("%q: got %v, want %v", tt.host, got.Err, errNotAsked)
		}
	}
}

// A byType answers each type of question with a fixed answer or error.
type byType map[Type]any

func (b byType) Exchange(_ context.Context, _ string, t Type) (Answer, error) {
	if a, ok := b[t].(Answer); ok {
		return a, nil
	}
	return Answer{}, b[t].(error)
}

func TestExplainKeepsTheAnswerThatSaysMore(t *testing.T) {
	found := Answer{Server: "found", Rcode: "NOERROR", Addrs: []netip.Addr{netip.IPv6Loopback()}}
	nxdomain := Answer{Server: "nxdomain", Rcode: "NXDOMAIN"}
	refused := Answer{Server: "refused", Rcode: "REFUSED"}
	timeout := &serverError{"timeout", context.DeadlineExceeded}
	nodata := Answer{Server: "nodata", Rcode: "NOERROR", RecursionAvailable: true}
	order := []any{found, nxdomain, refused, timeout, nodata}
	names := []string{"found", "nxdomain", "refused", "timeout", "nodata"}
	for i := range order {
		for j := range order {
			c := &Client{byType{A: order[i], AAAA: order[j]}}
			got := c.Explain(t.Context(), host).Server
			if want := names[min(i, j)]; got != want {
				t.Errorf("%s and %s: got %s, want %s", names[i], names[j], got, want)
			}
		}
	}
}

func TestExplainTimesOut(t *testing.T) {
	server := startSilent(t)
	started := time.Now()
	got := clientOf(50*time.Millisecond, server).Explain(t.Context(), host)
	want := "DNS server " + server + " does not answer in time"
	if got.Err == nil || got.Err.Error() != want || got.Server != server || got.Rcode != "" {
		t.Errorf("got  %+v", got)
		t.Errorf("want %s", want)
	}
	if took := time.Since(started); took > patience {
		t.Errorf("took %v", took)
	}
}
