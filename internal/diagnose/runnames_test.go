package diagnose

import (
	"crypto/x509"
	"crypto/x509/pkix"
	"syscall"
	"testing"
	"time"

	"mailprobe/internal/finding"
	"mailprobe/internal/probe"
	"mailprobe/internal/settings"
	"mailprobe/internal/tlscheck"
)

// answeredAs is the probe of a server whose certificate is for one name.
func answeredAs(url, name string, owner *settings.Provider) Case {
	k := unconnected(url, nil)
	leaf := &x509.Certificate{Subject: pkix.Name{CommonName: name}, DNSNames: []string{name}}
	k.Result.TLS = &tlscheck.State{Chain: []*x509.Certificate{leaf}}
	if name != k.Result.Endpoint.Host {
		k.Result.TLS.Causes = []tlscheck.Cause{{Kind: tlscheck.NameMismatch, Fatal: true, Names: []string{name}}}
	}
	k.Provider, k.Findings = owner, Result(k.Result, Context{})
	return k
}

// providerOf is a provider of the catalogue with these servers.
func providerOf(id string, urls ...string) *settings.Provider {
	p := &settings.Provider{ID: id, Name: id}
	for _, u := range urls {
		p.Offers = append(p.Offers, settings.Offer{Endpoints: []settings.Setting{{Endpoint: parsed(u)}}})
	}
	return p
}

// TestAstray: a name that is led to somebody else's server is told from a
// server that is set up wrongly.
func TestAstray(t *testing.T) {
	const imap, smtp = "imaps://imap.example.com", "submissions://smtp.example.com"
	one, two := providerOf("one", imap, smtp), providerOf("two", "imaps://mail.example.org")
	for _, tt := range []struct {
		name     string
		cases    []Case
		controls []Control
		run      string
		first    string
	}{
		{"all hosts, one foreign name", []Case{answeredAs(imap, "block.example.net", one), answeredAs(smtp, "block.example.net", one)}, nil, "net.interference warning local-network", "cert.name_mismatch warning local-network"},
		{"all hosts, two foreign names", []Case{answeredAs(imap, "a.example.net", one), answeredAs(smtp, "b.example.net", one)}, nil, "", "cert.name_mismatch error provider"},
		{"all hosts, a name of their own", []Case{answeredAs(imap, "old.example.com", one), answeredAs(smtp, "old.example.com", one)}, nil, "", "cert.name_mismatch error provider"},
		{"one host of two", []Case{answeredAs(imap, "block.example.net", one), answeredAs(smtp, "smtp.example.com", one)}, nil, "", "cert.name_mismatch error provider"},
		{"the only host", []Case{answeredAs(imap, "block.example.net", one)}, nil, "", "cert.name_mismatch error provider"},
		{"hosts of nobody known", []Case{answeredAs(imap, "block.example.net", nil), answeredAs(smtp, "block.example.net", nil)}, nil, "", "cert.name_mismatch error provider"},
		{"another provider's server", []Case{answeredAs(imap, "mail.example.org", one)}, []Control{beside(answeredAs("imaps://mail.example.org", "mail.example.org", two))}, "", "cert.name_mismatch error local-network"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			run, each := Run(tt.cases, tt.controls, Context{})
			if got := codesOf(t, run); got != tt.run {
				t.Errorf("run:\n\tgot  %q\n\twant %q", got, tt.run)
			}
			if got := codesOf(t, each[0]); got != tt.first {
				t.Errorf("case:\n\tgot  %q\n\twant %q", got, tt.first)
			}
		})
	}
}

// TestMistypedHost: a name next to one of the catalogue is asked about wherever
// it leads, as long as the setting does not work.
func TestMistypedHost(t *testing.T) {
	const typed = "imaps://imap.exmaple.com"
	near := func(string, uint16) []settings.Endpoint {
		return []settings.Endpoint{parsed("imaps://imap.example.com")}
	}
	wrongName := answeredAs(typed, "mail.parked.example", nil).Result
	for _, r := range []*probe.Result{
		unresolved(typed, errNXDOM).Result, failedAt(typed, probe.TLS, &probe.ProtocolError{Fault: probe.WrongProtocol, Speaks: "http"}), wrongName,
	} {
		r.Host = r.Endpoint.Host
		for _, origin := range []settings.Origin{settings.FromURL, ""} {
			c := Context{Near: near, Setting: &settings.Setting{Endpoint: r.Endpoint, Origin: origin}}
			f := Result(r, c)[0]
			if asked := f.Args["near"] != ""; asked != (origin == settings.FromURL) || asked != (f.Blame == finding.Account) || asked != Mistyped(r, c) {
				t.Errorf("origin %q: got  %+v", origin, f)
			}
		}
	}
}

// TestNoFamilyAtAll: a computer that has no IPv6 has none that is broken.
func TestNoFamilyAtAll(t *testing.T) {
	for _, took := range []time.Duration{time.Millisecond, time.Second} {
		k, other := halved("imaps://mail.example.com", false), halved("imaps://mail.example.org", false)
		for _, x := range []Case{k, other} {
			x.Result.Tried[1].Err, x.Result.Tried[1].Took = syscall.ENETUNREACH, took
		}
		run, _ := Run([]Case{k}, []Control{beside(other)}, Context{})
		if broken := len(run) > 0; broken != (took == time.Second) {
			t.Errorf("after %v: got  %+v", took, run)
		}
	}
}
