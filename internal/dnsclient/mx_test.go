package dnsclient

import (
	"errors"
	"fmt"
	"reflect"
	"testing"

	"github.com/miekg/dns"
)

func TestMX(t *testing.T) {
	mx := func(rest string) string { return "example.com. 60 IN MX " + rest }
	var many, want16 []string
	for i := 40; i > 0; i-- {
		many = append(many, mx(fmt.Sprintf("10 m%02d.example.net.", i)))
	}
	for i := 1; i <= 16; i++ {
		want16 = append(want16, fmt.Sprintf("m%02d.example.net", i))
	}
	tests := []struct {
		name    string
		records []string
		want    []string
		err     error
	}{
		{"one", []string{mx("10 MX.Example.NET.")}, []string{"mx.example.net"}, nil},
		{"the best alone", []string{mx("20 c.example."), mx("10 b.example."), mx("10 a.example.")}, []string{"a.example", "b.example"}, nil},
		{"the last is the best", []string{mx("50 c.example."), mx("20 a.example."), mx("0 b.example.")}, []string{"b.example"}, nil},
		{"alias", []string{"example.com. 60 IN CNAME example.org.", "example.org. 60 IN MX 1 mx.example.org."}, []string{"mx.example.org"}, nil},
		{"many", many, want16, nil},
		{"null MX", []string{mx("0 .")}, nil, errNullMX},
		{"null MX among others", []string{mx("0 ."), mx("10 mx.example.net.")}, []string{"mx.example.net"}, nil},
		{"none", nil, nil, errNoMX},
		{"of another domain", []string{"example.org. 60 IN MX 1 mx.example.org."}, nil, errNoMX},
		{"escaped", []string{mx(`10 a\.b.example.net.`), mx(`10 \027.example.net.`), mx(`20 mx.example.net.`)}, []string{"mx.example.net"}, nil},
		{"escaped alone", []string{mx(`10 a\@b.example.net.`)}, nil, errNoMX},
		{"address", []string{mx("10 192.0.2.1.")}, nil, errNoMX},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			server := startServer(t, records(dns.RcodeSuccess, tt.records...))
			got, err := clientOf(patience, server).MX(t.Context(), "Example.com")
			if !reflect.DeepEqual(got, tt.want) || !errors.Is(err, tt.err) {
				t.Errorf("got  %q, %v", got, err)
				t.Errorf("want %q, %v", tt.want, tt.err)
			}
		})
	}
}

func TestMXRefused(t *testing.T) {
	server := startServer(t, withEDE(dns.RcodeNameError, &dns.EDNS0_EDE{InfoCode: 15, ExtraText: "malware"}))
	got, err := clientOf(patience, server).MX(t.Context(), "example.com")
	want := "DNS server " + server + " answers NXDOMAIN: Blocked (malware)"
	if err == nil || err.Error() != want || got != nil {
		t.Errorf("got  %q, %v", got, err)
		t.Errorf("want %v", want)
	}
}

func TestMXReferred(t *testing.T) {
	server := startServer(t, notRecursive(false))
	if got, err := clientOf(patience, server).MX(t.Context(), "example.com"); !errors.Is(err, errReferral) {
		t.Errorf("got %q, %v, want %v", got, err, errReferral)
	}
}

func TestMXOfWhatIsNoDomain(t *testing.T) {
	for _, domain := range []string{"", ".", "192.0.2.1", "me@example.com", "a..b", `a\.b.example`} {
		got, err := clientOf(patience).MX(t.Context(), domain)
		if !errors.Is(err, errNotAsked) {
			t.Errorf("%q: got %q, %v, want %v", domain, got, err, errNotAsked)
		}
	}
}
