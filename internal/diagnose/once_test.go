package diagnose

import (
	"strings"
	"syscall"
	"testing"

	"mailprobe/internal/finding"
	"mailprobe/internal/probe"
	"mailprobe/internal/settings"
)

// judgedAlone is what is found in a run of one endpoint.
func judgedAlone(k Case, controls ...Control) *Judged {
	run, each := Run([]Case{k}, controls, Context{})
	return &Judged{run, each}
}

// TestOnce: what this network does to several endpoints is said of all of
// them, in every run that is hit, and what one provider does is not.
func TestOnce(t *testing.T) {
	stripped := &probe.ProtocolError{Fault: probe.NotOffered}
	refused := func(url, other string) *Judged {
		return judgedAlone(unconnected(url, syscall.ECONNREFUSED), elsewhere(other, syscall.ECONNREFUSED), elsewhere("pop3s://mail.example.org", nil))
	}
	here, there := "imaps://mail.example.com", "imaps://mail.example.net"
	tests := []struct {
		name string
		runs []*Judged
		run  string // of the first
		says string
	}{
		{"one port, two targets", []*Judged{refused(here, there), refused(there, here)}, "net.port_blocked_suspected warning local-network",
			"Port 993 is closed from here at unrelated providers (mail.example.com, mail.example.net), although"},
		{"two ports", []*Judged{refused(here, there), refused("submissions://smtp.example.com", "submissions://mail.example.net")}, "net.port_blocked_suspected warning local-network",
			"Ports 993, 465 are closed"},
		{"one alone", []*Judged{refused(here, there)}, "", ""},
		{"STARTTLS", []*Judged{
			judgedAlone(brokeOff("submission://mail.example.com", probe.StartTLS, stripped), beside(brokeOff("submission://mail.example.org", probe.StartTLS, stripped))),
			judgedAlone(brokeOff("submission://mail.example.net", probe.StartTLS, stripped), beside(brokeOff("submission://mail.example.org", probe.StartTLS, stripped)))},
			"starttls.stripped_suspected warning local-network", "None of mail.example.com, mail.example.net, mail.example.org offers"},
		{"two providers, each with its own fault", []*Judged{
			judgedAlone(unconnected(here, errSilent), elsewhere("imaps://mail.example.org", nil)),
			judgedAlone(unconnected(there, errSilent), elsewhere("imaps://mail.example.org", nil))}, "", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			Once(tt.runs)
			for _, j := range tt.runs {
				if got := codesOf(t, j.Run); got != tt.run {
					t.Errorf("run:\n\tgot  %q\n\twant %q", got, tt.run)
				}
				for _, each := range j.Each {
					codesOf(t, each)
				}
				if tt.run != "" && !strings.Contains(j.Run[0].Says(), tt.says) {
					t.Errorf("got  %q\n\twant %q", j.Run[0].Says(), tt.says)
				}
				if tt.run != "" && (j.Each[0][0].Remedy != "" || strings.Contains(j.Each[0][0].Says(), "this network")) {
					t.Errorf("got  %+v\n\twant it short", j.Each[0][0])
				}
			}
		})
	}
}

// TestUndecided: where one other provider fails alike and a third does not,
// nobody is convicted.
func TestUndecided(t *testing.T) {
	const own = "imaps://mail.example.com"
	for _, err := range []error{errSilent, syscall.ECONNREFUSED, syscall.EHOSTUNREACH} {
		j := judgedAlone(unconnected(own, err), elsewhere("imaps://mail.example.org", err), elsewhere("imaps://mail.example.net", nil))
		f := j.Each[0][0]
		if codesOf(t, j.Each[0]); f.Severity != finding.Warning || f.Blame != finding.LocalNetwork || !strings.Contains(f.Says(), "neither is proved") {
			t.Errorf("%v: got  %+v\n\twant a doubt", err, f)
		}
	}
}

// TestKin: providers that share servers are one, and so prove nothing for each
// other.
func TestKin(t *testing.T) {
	of := func(id string, urls ...string) *settings.Provider {
		p := &settings.Provider{ID: id}
		for _, u := range urls {
			p.Offers = append(p.Offers, settings.Offer{Endpoints: []settings.Setting{{Endpoint: parsed(u)}}})
		}
		return p
	}
	one, two, three := of("one", "imaps://mail.example.com"), of("two", "imaps://mail.example.org", "imaps://old.example.com"), of("three", "imaps://mail.example.net")
	k := unconnected("imaps://mail.example.com", syscall.ECONNREFUSED)
	k.Provider = one
	for _, tt := range []struct {
		other *settings.Provider
		want  string
	}{{two, "net.refused error provider"}, {three, "net.refused warning local-network"}} {
		alike := elsewhere("imaps://mail.example.org", syscall.ECONNREFUSED)
		alike.Provider = tt.other
		j := judgedAlone(k, alike, elsewhere("imaps://mail.example.edu", nil))
		if got := codesOf(t, j.Each[0]); got != tt.want {
			t.Errorf("%s: got  %q\n\twant %q", tt.other.ID, got, tt.want)
		}
	}
}

// TestMissingName: a name that the catalogue has and DNS denies is not called
// wrong where DNS knows others.
func TestMissingName(t *testing.T) {
	p := &settings.Provider{ID: "known", Name: "Known", Offers: []settings.Offer{{Endpoints: []settings.Setting{{Endpoint: parsed("imaps://mail.example.com")}}}}}
	for _, tt := range []struct {
		url, want string
	}{
		{"imaps://mail.example.com", "dns.nxdomain warning local-network"},
		{"imaps://mial.example.com", "dns.nxdomain error catalogue"},
	} {
		k, other := unresolved(tt.url, errNXDOM), elsewhere("imaps://mail.example.org", nil)
		k.Provider, other.Provider = p, &settings.Provider{ID: "another"}
		if got := codesOf(t, judgedAlone(k, other).Each[0]); got != tt.want {
			t.Errorf("%s: got  %q\n\twant %q", tt.url, got, tt.want)
		}
	}
}

// TestHostIsSaidOnce: what is wrong with a host is the same for all its ports.
func TestHostIsSaidOnce(t *testing.T) {
	const one, two = "imaps://mail.example.com", "pop3s://mail.example.com"
	for _, err := range []error{errSilent, syscall.ECONNREFUSED} {
		_, each := Run([]Case{unconnected(one, err), unconnected(two, err)}, []Control{elsewhere("imaps://mail.example.org", nil), elsewhere("pop3s://pop.example.net", nil)}, Context{})
		if a, b := each[0][0], each[1][0]; !a.Likewise(b) || a.Blame != finding.Provider || !strings.Contains(a.Says(), "such as mail.example.org") {
			t.Errorf("%v:\n\tgot  %+v\n\tand  %+v\n\twant the same", err, a, b)
		}
	}
}
