package dnsclient

import (
	"context"
	"errors"
	"fmt"
	"net"
	"reflect"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/miekg/dns"
)

const address = host + ". 60 IN A 192.0.2.1"

func TestExchangeQuery(t *testing.T) {
	var seen atomic.Pointer[dns.Msg]
	server := startServer(t, func(w dns.ResponseWriter, q *dns.Msg) {
		seen.Store(q)
		w.WriteMsg(replyTo(q, dns.RcodeNameError))
	})
	if _, err := clientOf(patience, server).Exchange(t.Context(), "IMAP.Example.COM.", AAAA); err != nil {
		t.Fatal(err)
	}
	q := seen.Load()
	opt := q.IsEdns0()
	if opt == nil {
		t.Fatal("no EDNS")
	}
	got := fmt.Sprintln(q.Question, q.RecursionDesired, q.AuthenticatedData, q.CheckingDisabled, opt.UDPSize(), opt.Do())
	want := fmt.Sprintln([]dns.Question{{Name: host + ".", Qtype: dns.TypeAAAA, Qclass: dns.ClassINET}}, true, true, false, 1232, false)
	if got != want {
		t.Errorf("got  %s", got)
		t.Errorf("want %s", want)
	}
}

func TestExchangeFlags(t *testing.T) {
	server := startServer(t, func(w dns.ResponseWriter, q *dns.Msg) {
		m := replyTo(q, dns.RcodeSuccess, address)
		m.AuthenticatedData, m.Authoritative = true, true
		w.WriteMsg(m)
	})
	got, err := clientOf(patience, server).Exchange(t.Context(), host, A)
	if err != nil || !got.AuthenticData || !got.Authoritative || !got.RecursionAvailable {
		t.Errorf("got %+v, %v", got, err)
	}
}

func TestExchangeRepeatsOverTCP(t *testing.T) {
	server := startServer(t, func(w dns.ResponseWriter, q *dns.Msg) {
		m := replyTo(q, dns.RcodeSuccess, address)
		if w.RemoteAddr().Network() == "udp" {
			m.Answer, m.Truncated = nil, true
		}
		w.WriteMsg(m)
	})
	got, err := clientOf(patience, server).Exchange(t.Context(), host, A)
	if err != nil || len(got.Addrs) != 1 {
		t.Errorf("got %+v, %v, want one address", got, err)
	}
}

// A datagram that ends in the middle of a record is good if it says so.
func TestExchangeTakesOnlyTheHeaderOfATruncatedReply(t *testing.T) {
	server := startServer(t, func(w dns.ResponseWriter, q *dns.Msg) {
		m := replyTo(q, dns.RcodeSuccess, address)
		if w.RemoteAddr().Network() == "tcp" {
			w.WriteMsg(m)
			return
		}
		m.Truncated = true
		w.Write(cut(m, 15))
	})
	got, err := clientOf(patience, server).Exchange(t.Context(), host, A)
	if err != nil || len(got.Addrs) != 1 {
		t.Errorf("got %+v, %v, want one address", got, err)
	}
}

// cut packs m without its last bytes.
func cut(m *dns.Msg, missing int) []byte {
	packet, err := m.Pack()
	if err != nil {
		panic(err)
	}
	return packet[:len(packet)-missing]
}

func TestExchangeWithoutEDNS(t *testing.T) {
	server := startServer(t, func(w dns.ResponseWriter, q *dns.Msg) {
		m := replyTo(q, dns.RcodeSuccess, address)
		if q.IsEdns0() != nil {
			m = replyTo(q, dns.RcodeFormatError)
		}
		m.Extra = nil
		w.WriteMsg(m)
	})
	got, err := clientOf(patience, server).Exchange(t.Context(), host, A)
	if err != nil || len(got.Addrs) != 1 {
		t.Errorf("got %+v, %v, want one address", got, err)
	}
}

func TestExchangeRefusesWhatIsNoAnswer(t *testing.T) {
	tests := []struct {
		name   string
		try    time.Duration
		change func(*dns.Msg)
		want   error
	}{
		{"wrong id", time.Second, func(m *dns.Msg) { m.Id++ }, errMismatched},
		{"wrong name", time.Second, func(m *dns.Msg) { m.Question[0].Name = "example.org." }, errMismatched},
		{"wrong type", time.Second, func(m *dns.Msg) { m.Question[0].Qtype = dns.TypeTXT }, errMismatched},
		{"wrong class", time.Second, func(m *dns.Msg) { m.Question[0].Qclass = dns.ClassCHAOS }, errMismatched},
		{"two questions", time.Second, func(m *dns.Msg) { m.Question = append(m.Question, m.Question[0]) }, errMismatched},
		{"no question", time.Second, func(m *dns.Msg) { m.Question = nil }, errMismatched},
		{"query", time.Second, func(m *dns.Msg) { m.Response = false }, errMismatched},
		{"other kind of message", time.Second, func(m *dns.Msg) { m.Opcode = dns.OpcodeNotify }, errMismatched},
		{"truncated over TCP", patience, func(m *dns.Msg) { m.Truncated = true }, errTruncated},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			server := startServer(t, func(w dns.ResponseWriter, q *dns.Msg) {
				m := replyTo(q, dns.RcodeSuccess, address)
				tt.change(m)
				w.WriteMsg(m)
			})
			a, err := clientOf(tt.try, server).Exchange(t.Context(), host, A)
			if e, ok := errors.AsType[*serverError](err); !ok || !errors.Is(err, tt.want) || e.Server != server {
				t.Errorf("got  %+v, %v", a, err)
				t.Errorf("want %v from %s", tt.want, server)
			}
		})
	}
}

func TestExchangeRefusesAMalformedReply(t *testing.T) {
	server := startServer(t, func(w dns.ResponseWriter, q *dns.Msg) {
		w.Write(cut(replyTo(q, dns.RcodeSuccess, address), 15))
	})
	if _, err := clientOf(patience, server).Exchange(t.Context(), host, A); !errors.Is(err, errMalformed) {
		t.Errorf("got %v, want %v", err, errMalformed)
	}
}

func TestExchangeWaitsForItsOwnReply(t *testing.T) {
	server := startServer(t, func(w dns.ResponseWriter, q *dns.Msg) {
		forged := replyTo(q, dns.RcodeSuccess, host+". 60 IN A 192.0.2.66")
		forged.Id++
		w.WriteMsg(forged)
		forged.Id--
		forged.Question[0].Name = "example.org."
		w.WriteMsg(forged)
		m := replyTo(q, dns.RcodeSuccess, address)
		m.Question = []dns.Question{{Name: "imap.EXAMPLE.com.", Qtype: dns.TypeA, Qclass: dns.ClassINET}}
		w.WriteMsg(m)
	})
	a, err := clientOf(patience, server).Exchange(t.Context(), host, A)
	if got := fmt.Sprint(a.Addrs, err); got != "[192.0.2.1] <nil>" {
		t.Errorf("got %s, want the address of the reply to the question", got)
	}
}

func TestExchangeGivesUpOnAFloodOfStrays(t *testing.T) {
	server := startServer(t, func(w dns.ResponseWriter, q *dns.Msg) {
		m := replyTo(q, dns.RcodeSuccess, address)
		m.Id++
		for range 2 * maxStray {
			w.WriteMsg(m)
		}
	})
	started := time.Now()
	_, err := clientOf(patience, server).Exchange(t.Context(), host, A)
	if !errors.Is(err, errMismatched) || time.Since(started) > patience {
		t.Errorf("got %v after %v", err, time.Since(started))
	}
}

func TestExchangeNextServer(t *testing.T) {
	tests := []struct {
		name  string
		first func(t *testing.T) string
		try   time.Duration
	}{
		{"silent", startSilent, 2 * time.Second},
		{"closed", closedPort, patience},
		{"fails", answering(records(dns.RcodeServerFailure)), patience},
		{"refuses", answering(records(dns.RcodeRefused)), patience},
		{"refers", answering(notRecursive(false)), patience},
		{"loops", answering(records(dns.RcodeSuccess, host+". 60 IN CNAME "+host+".")), patience},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			second := startServer(t, records(dns.RcodeNameError))
			a, err := clientOf(tt.try, tt.first(t), second).Exchange(t.Context(), host, A)
			if got := fmt.Sprint(a.Server, a.Rcode, err); got != fmt.Sprint(second, "NXDOMAIN", error(nil)) {
				t.Errorf("got %s, want NXDOMAIN of %s", got, second)
			}
		})
	}
}

func answering(handler dns.HandlerFunc) func(*testing.T) string {
	return func(t *testing.T) string {
		t.Helper()
		return startServer(t, handler)
	}
}

func closedPort(t *testing.T) string {
	t.Helper()
	packets, streams := listenBoth(t)
	packets.Close()
	streams.Close()
	return packets.LocalAddr().String()
}

func TestExchangeDoesNotAskFurtherThanNeeded(t *testing.T) {
	var asked [2]atomic.Int32
	first := startServer(t, counting(&asked[0], records(dns.RcodeNameError)))
	second := startServer(t, counting(&asked[1], records(dns.RcodeSuccess, address)))
	if _, err := clientOf(patience, first, second).Exchange(t.Context(), host, A); err != nil {
		t.Fatal(err)
	}
	if got := []int32{asked[0].Load(), asked[1].Load()}; !reflect.DeepEqual(got, []int32{1, 0}) {
		t.Errorf("got %v questions, want [1 0]", got)
	}
}

// The first failure is kept where no server does better.
func TestExchangeKeepsTheFirstFailure(t *testing.T) {
	first := startServer(t, withEDE(dns.RcodeServerFailure, &dns.EDNS0_EDE{InfoCode: 6}))
	second := startServer(t, records(dns.RcodeRefused))
	got, err := clientOf(patience, first, second).Exchange(t.Context(), host, A)
	want := Answer{Server: first, Rcode: "SERVFAIL", EDE: "DNSSEC Bogus", RecursionAvailable: true, Trusted: true}
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v, %v", got, err)
		t.Errorf("want %+v", want)
	}
}

func TestExchangeRepeatsALostDatagram(t *testing.T) {
	var asked atomic.Int32
	server := startServer(t, func(w dns.ResponseWriter, q *dns.Msg) {
		if asked.Add(1) > 1 {
			w.WriteMsg(replyTo(q, dns.RcodeNameError))
		}
	})
	a, err := clientOf(4*time.Second, server).Exchange(t.Context(), host, A)
	if err != nil || a.Rcode != "NXDOMAIN" {
		t.Errorf("got %+v, %v, want NXDOMAIN", a, err)
	}
}

func TestExchangeIsBoundedWithManySilentServers(t *testing.T) {
	const try = 400 * time.Millisecond
	silent := startSilent(t)
	started := time.Now()
	_, err := clientOf(try, silent, silent, silent, silent, silent, silent, silent, silent, silent, silent).Exchange(t.Context(), host, A)
	if took := time.Since(started); took > 9*try {
		t.Errorf("took %v, want about %v", took, maxTries*try)
	}
	if e, ok := errors.AsType[*serverError](err); !ok || !strings.HasSuffix(e.Error(), "does not answer in time") {
		t.Errorf("got %v", err)
	}
}

func TestExchangeEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	server := startServer(t, func(dns.ResponseWriter, *dns.Msg) { cancel() })
	started := time.Now()
	_, err := clientOf(time.Minute, server).Exchange(ctx, host, A)
	if !errors.Is(err, context.Canceled) || time.Since(started) > patience {
		t.Errorf("got %v after %v, want %v at once", err, time.Since(started), context.Canceled)
	}
}

// The text of an error names the server, not the port of this side.
func TestServerErrorText(t *testing.T) {
	server := closedPort(t)
	_, err := clientOf(patience, server).Exchange(t.Context(), host, A)
	if !errors.Is(err, syscall.ECONNREFUSED) {
		t.Fatalf("got %v, want a refused connection", err)
	}
	if got := err.Error(); !strings.HasPrefix(got, "DNS server "+server+": ") || strings.Contains(got, "->") {
		t.Errorf("got %q", got)
	}
	if _, ok := errors.AsType[*net.OpError](err); ok {
		t.Error("got the addresses of this side in the error")
	}
}
