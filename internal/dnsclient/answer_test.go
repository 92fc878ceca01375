package dnsclient

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/miekg/dns"
)

// chain returns n aliases in a row that start at host.
func chain(n int) []string {
	lines := []string{host + ". 60 IN CNAME c1.example."}
	for i := 1; i < n; i++ {
		lines = append(lines, fmt.Sprintf("c%d.example. 60 IN CNAME c%d.example.", i, i+1))
	}
	return lines
}

func question() *dns.Msg { return new(dns.Msg).SetQuestion(host+".", dns.TypeA) }

func TestAnswerFollowsEightAliases(t *testing.T) {
	a, err := newAnswer("server", replyTo(question(), dns.RcodeSuccess, append(chain(8), "c8.example. 60 IN A 192.0.2.1")...))
	if err != nil || len(a.CNAME) != 8 || len(a.Addrs) != 1 {
		t.Errorf("got %+v, %v, want 8 aliases and an address", a, err)
	}
	a, err = newAnswer("server", replyTo(question(), dns.RcodeSuccess, append(chain(9), "c9.example. 60 IN A 192.0.2.1")...))
	if !errors.Is(err, errAliases) {
		t.Errorf("got %+v, %v, want %v", a, err, errAliases)
	}
}

func TestAnswerIsBounded(t *testing.T) {
	m := replyTo(question(), dns.RcodeSuccess)
	for i := range 100 {
		m.Answer = append(m.Answer, record(fmt.Sprintf("%s. 60 IN A 192.0.2.%d", host, i)),
			record(fmt.Sprintf("%s. 60 IN MX %d mx.example.", host, i)))
		m.IsEdns0().Option = append(m.IsEdns0().Option, &dns.EDNS0_EDE{ExtraText: strings.Repeat("ä", 1000)})
	}
	a, err := newAnswer("server", m)
	if err != nil {
		t.Fatal(err)
	}
	checkBounds(t, a)
	if got := fmt.Sprint(len(a.Addrs), len(a.MX), strings.Count(a.EDE, "Other (")); got != "16 16 4" {
		t.Errorf("got %s records, want 16 16 4", got)
	}
}

func TestAnswerLeavesOutOtherClasses(t *testing.T) {
	a, err := newAnswer("server", replyTo(question(), dns.RcodeSuccess, host+". 60 CH A 192.0.2.1"))
	if err != nil || len(a.Addrs) != 0 {
		t.Errorf("got %+v, %v, want no address", a, err)
	}
}

// checkBounds reports what no answer may hold, whatever the server sent.
func checkBounds(t *testing.T, a Answer) {
	t.Helper()
	if len(a.CNAME) > maxAliases || len(a.Addrs) > maxRecords || len(a.MX) > maxRecords || len(a.EDE) > maxEDE*(4*maxText) {
		t.Errorf("too much: %+v", a)
	}
	names := append([]string{a.Rcode}, a.CNAME...)
	for _, x := range a.MX {
		names = append(names, x.Host)
	}
	for _, name := range names {
		if name == "" || strings.ContainsFunc(name, func(r rune) bool { return r < ' ' || r > '~' }) {
			t.Errorf("not escaped: %q", name)
		}
	}
	if !utf8.ValidString(a.EDE) {
		t.Errorf("not UTF-8: %q", a.EDE)
	}
	for _, addr := range a.Addrs {
		if !addr.IsValid() || addr.Is4In6() {
			t.Errorf("no address: %v", addr)
		}
	}
}
