package diagnose

import (
	"fmt"
	"testing"

	"mailprobe/internal/probe"
	"mailprobe/internal/settings"
)

// TestRelated: what lies below one public suffix is not of one owner for that.
func TestRelated(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want bool
	}{
		{"imap.gmail.com", "SMTP.gmail.com", true},
		{"imap.gmail.com", "gmail.com.", true},
		{"outlook.office365.com", "smtp.office365.com", true},
		{"imap.mail.yahoo.co.jp", "smtp.mail.yahoo.co.jp", true},
		{"mail.alpha.co.uk", "mail.beta.co.uk", false},
		{"imap.spmode.ne.jp", "imap.ocn.ne.jp", false},
		{"imap.gmail.com", "imap.aol.com", false},
		{"co.uk", "beta.co.uk", false},
		{"mail.corp.internal", "imap.corp.internal", true},
		{"192.0.2.1", "198.51.2.1", false},
		{"192.0.2.1", "192.0.2.1", true},
		{"localhost", "mailserver", false},
	} {
		if got := related(c.a, c.b); got != c.want {
			t.Errorf("related(%q, %q) = %v, want %v", c.a, c.b, got, c.want)
		}
		if got := newOwner([]Case{refused(c.a, nil)}).has(control(c.b, nil)); got != c.want {
			t.Errorf("the owner of %q has %q: %v, want %v", c.a, c.b, got, c.want)
		}
	}
}

// TestOwnerKin: providers that document servers of one domain are one to compare
// with, whatever hosts a run is about.
func TestOwnerKin(t *testing.T) {
	provider := func(id string, hosts ...string) *settings.Provider {
		p := &settings.Provider{ID: id}
		for _, h := range hosts {
			p.Offers = append(p.Offers, settings.Offer{Endpoints: []settings.Setting{{Endpoint: settings.Endpoint{Protocol: settings.IMAP, Host: h, Port: 993, Security: settings.TLS}}}})
		}
		return p
	}
	own := provider("own", "imap.own.example", "mail.shared.example")
	for _, c := range []struct {
		name string
		of   *settings.Provider
		p    *settings.Provider
		want bool
	}{
		{"the same", own, own, true},
		{"one server is of a shared domain", own, provider("brand", "imap.brand.example", "pop.shared.example"), true},
		{"another", own, provider("other", "imap.other.example"), false},
		{"not of the catalogue", own, provider("", "mail.shared.example"), false},
		{"the run is about none of the catalogue", nil, own, false},
		{"not known", own, nil, false},
	} {
		o := newOwner([]Case{refused("192.0.2.1", c.of)})
		for range 2 { // the second time it is known
			if got := o.has(control("imap.elsewhere.test", c.p)); got != c.want {
				t.Errorf("%s: %v, want %v", c.name, got, c.want)
			}
		}
	}
}

func refused(host string, p *settings.Provider) Case {
	return Case{Result: &probe.Result{Endpoint: settings.Endpoint{Protocol: settings.IMAP, Host: host, Port: 993, Security: settings.TLS}}, Provider: p}
}

func control(host string, p *settings.Provider) Control {
	return Control{Result: refused(host, nil).Result, Elsewhere: true, Provider: p}
}

// BenchmarkRun judges a run beside the dialogues of many others.
func BenchmarkRun(b *testing.B) {
	var cases []Case
	var controls []Control
	for i := range 16 {
		cases = append(cases, refused(fmt.Sprintf("imap.own%d.example", i), nil))
	}
	for i := range 256 {
		controls = append(controls, control(fmt.Sprintf("imap.other%d.example", i), nil))
	}
	for b.Loop() {
		Run(cases, controls, Context{})
	}
}
