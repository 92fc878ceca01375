package diagnose

import (
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"os"
	"reflect"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"mailprobe/internal/finding"
	"mailprobe/internal/probe"
	"mailprobe/internal/settings"
	"mailprobe/internal/tlscheck"
)

func parsed(url string) settings.Endpoint {
	e, err := settings.ParseURL(url)
	if err != nil {
		panic(err)
	}
	return e
}

// unconnected is the probe of an endpoint whose connection ended in err; nil:
// it was accepted.
func unconnected(url string, err error) Case {
	r := &probe.Result{Endpoint: parsed(url), Resolved: []netip.Addr{netip.MustParseAddr("192.0.2.1")}}
	step := probe.Step{Phase: probe.Connect, Status: probe.OK}
	if err != nil {
		step.Status, step.Err = probe.Failed, &probe.ConnectError{Err: err}
	}
	r.Tried = []probe.Attempt{{Addr: netip.MustParseAddrPort("192.0.2.1:1"), Err: err}}
	r.Steps = []probe.Step{{Phase: probe.Resolve, Status: probe.OK}, step}
	return Case{Result: r, Findings: Result(r, Context{})}
}

// brief is a case that was given up after a second.
func brief(k Case) Case {
	k.Result.Steps[1].Limit = time.Second
	k.Findings = Result(k.Result, Context{})
	return k
}

// private moves a case to an address inside a private network.
func private(k Case) Case {
	k.Result.Resolved = []netip.Addr{netip.MustParseAddr("10.1.2.3")}
	return k
}

func unresolved(url string, err error) Case {
	r := &probe.Result{Endpoint: parsed(url), Host: parsed(url).Host}
	r.Steps = []probe.Step{{Phase: probe.Resolve, Status: probe.Failed, Err: &probe.ResolveError{Host: r.Host, Err: err}}}
	return Case{Result: r, Findings: Result(r, Context{})}
}

func elsewhere(url string, err error) Control {
	return Control{Result: unconnected(url, err).Result, Elsewhere: true}
}

// elsewhereUnresolved is a comparison whose name led to no address.
func elsewhereUnresolved(url string, err error) Control {
	return Control{Result: unresolved(url, err).Result, Elsewhere: true}
}

// codesOf describes findings, each of which must be sound.
func codesOf(t *testing.T, findings []finding.Finding) string {
	t.Helper()
	sound(t, findings)
	var codes []string
	for _, f := range findings {
		codes = append(codes, fmt.Sprintf("%s %s %s", f.Code, f.Severity, f.Blame))
	}
	return strings.Join(codes, "; ")
}

var (
	errSilent = os.ErrDeadlineExceeded
	errNoDNS  = &net.DNSError{IsTimeout: true}
	errNXDOM  = &net.DNSError{IsNotFound: true}
)

func TestRunReach(t *testing.T) {
	const (
		own, ownToo = "imaps://mail.example.com", "imap://mail.example.com"
		sibling     = "submission://smtp.example.com"
		twin        = "imaps://imap2.example.com"
		stranger    = "imaps://mail.example.org"
	)
	unchanged := "net.timeout warning local-network"
	offlineShort := "net.timeout warning local-network"
	tests := []struct {
		name     string
		cases    []Case
		controls []Control
		run      string
		first    string // findings of the first case
	}{
		{"no control", []Case{unconnected(own, errSilent)}, nil, "", unchanged},
		{"host down", []Case{unconnected(own, errSilent)}, []Control{elsewhere(stranger, nil)}, "", "net.timeout error provider"},
		{"host down, or far away", []Case{brief(unconnected(own, errSilent))}, []Control{elsewhere(stranger, nil)}, "", "net.timeout warning tool"},
		{"the comparison was given up early", []Case{unconnected(own, errSilent)}, []Control{beside(brief(unconnected(stranger, errSilent)))}, "", unchanged},
		{"another host of the run answers the port", []Case{unconnected(own, errSilent), unconnected(twin, nil)}, nil, "", "net.timeout error provider"},
		{"port not served", []Case{unconnected(own, errSilent), unconnected(ownToo, nil)}, []Control{elsewhere(stranger, nil)}, "", "net.timeout error catalogue"},
		{"a refusal shows that the host is up", []Case{unconnected(own, errSilent), unconnected(ownToo, syscall.ECONNREFUSED)}, []Control{elsewhere(stranger, nil)}, "", "net.timeout error catalogue"},
		{"port blocked", []Case{unconnected(own, errSilent), unconnected(ownToo, nil)}, []Control{elsewhere(stranger, errSilent)}, "", "net.port_blocked_suspected warning local-network"},
		{"port blocked, another host answers", []Case{unconnected(own, errSilent), unconnected(sibling, nil)}, []Control{elsewhere(stranger, errSilent)}, "", "net.port_blocked_suspected warning local-network"},
		{"two hosts of one provider prove nothing", []Case{unconnected(own, errSilent), unconnected(twin, errSilent), unconnected(sibling, nil)}, nil, "", unchanged},
		{"host up, nothing else known", []Case{unconnected(own, errSilent), unconnected(ownToo, nil)}, nil, "", unchanged},
		{"another port elsewhere proves little", []Case{unconnected(own, errSilent)}, []Control{elsewhere("submissions://mail.example.org", nil)}, "", unchanged},
		{"all silent", []Case{unconnected(own, errSilent)}, []Control{elsewhere(stranger, errSilent)}, "env.offline warning local-network", offlineShort},
		{"all silent but another port elsewhere", []Case{unconnected(own, errSilent)}, []Control{elsewhere(stranger, errSilent), elsewhere("submissions://mail.example.org", nil)}, "", "net.port_blocked_suspected warning local-network"},
		{"all refused", []Case{unconnected(own, syscall.ECONNREFUSED)}, []Control{elsewhere(stranger, syscall.ECONNREFUSED)}, "env.offline warning local-network", "net.refused warning local-network"},
		{"refused here, silent elsewhere", []Case{unconnected(own, syscall.ECONNREFUSED)}, []Control{elsewhere(stranger, errSilent)}, "", "net.refused error catalogue"},
		{"broken off, which shows nothing of the network", []Case{unconnected(own, syscall.ECONNRESET)}, []Control{elsewhere(stranger, syscall.ECONNREFUSED)}, "", "net.reset_after_connect error provider"},
		{"no way out", []Case{unconnected(own, syscall.ENETUNREACH)}, nil, "env.offline warning local-machine", "net.unreachable warning local-machine"},
		{"no way to one", []Case{unconnected(own, syscall.EHOSTUNREACH)}, []Control{elsewhere(stranger, nil)}, "", "net.unreachable warning provider"},
		{"DNS knows no name at all", []Case{unresolved(own, errNXDOM)}, []Control{elsewhereUnresolved(stranger, errNXDOM)}, "env.offline warning local-network", "dns.nxdomain warning local-network"},
		{"DNS knows the other name", []Case{unresolved(own, errNXDOM)}, []Control{elsewhere(stranger, errSilent)}, "", "dns.nxdomain error catalogue"},
		{"DNS knows only the other name not", []Case{unconnected(own, errSilent)}, []Control{elsewhereUnresolved(stranger, errNXDOM)}, "", "net.timeout warning local-network"},
		{"no DNS for anyone", []Case{unresolved(own, errNoDNS)}, []Control{elsewhereUnresolved(stranger, errNoDNS)}, "dns.timeout warning local-network", "dns.timeout warning local-network"},
		{"no DNS for one", []Case{unresolved(own, errNoDNS)}, []Control{elsewhere(stranger, nil)}, "", "dns.timeout warning provider"},
		{"a wrong name shows that DNS works", []Case{unresolved(own, errNXDOM), unconnected(twin, errSilent)}, []Control{elsewhere(stranger, errSilent)}, "", "dns.nxdomain error catalogue"},
		{"the port is rejected here and elsewhere", []Case{unconnected(own, syscall.ECONNREFUSED), unconnected(sibling, nil)}, []Control{elsewhere(stranger, syscall.ECONNREFUSED)}, "", "net.port_blocked_suspected warning local-network"},
		{"one of two others answers the port", []Case{unconnected(own, syscall.ECONNREFUSED), unconnected(sibling, nil)}, []Control{elsewhere(stranger, syscall.ECONNREFUSED), elsewhere("imaps://mail.example.net", nil)}, "", "net.refused warning local-network"},
		{"the host is up and does not serve the port", []Case{unconnected(own, syscall.ECONNREFUSED), unconnected(ownToo, nil)}, []Control{elsewhere(stranger, nil)}, "", "net.refused error catalogue"},
		{"every port of the host refuses", []Case{unconnected(own, syscall.ECONNREFUSED), unconnected(ownToo, syscall.ECONNREFUSED)}, []Control{elsewhere(stranger, nil)}, "", "net.refused error provider"},
		{"the port is prohibited here and elsewhere", []Case{unconnected(own, syscall.EHOSTUNREACH), unconnected(sibling, nil)}, []Control{elsewhere(stranger, syscall.EHOSTUNREACH)}, "", "net.port_blocked_suspected warning local-network"},
		{"the port is prohibited, another of the host is not", []Case{unconnected(own, syscall.EHOSTUNREACH), unconnected(ownToo, nil)}, []Control{elsewhere(stranger, nil)}, "", "net.unreachable warning provider"},
		{"this computer forbids it", []Case{unconnected(own, syscall.EPERM)}, []Control{elsewhere(stranger, nil)}, "", "net.local_firewall warning local-machine"},
		{"nothing was run", nil, []Control{elsewhere(stranger, errSilent)}, "", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			run, each := Run(tt.cases, tt.controls, Context{})
			if got := codesOf(t, run); got != tt.run {
				t.Errorf("run:\n\tgot  %q\n\twant %q", got, tt.run)
			}
			if len(each) != len(tt.cases) {
				t.Fatalf("got  findings for %d cases\n\twant %d", len(each), len(tt.cases))
			}
			if len(each) > 0 && codesOf(t, each[0]) != tt.first {
				t.Errorf("first case:\n\tgot  %q\n\twant %q", codesOf(t, each[0]), tt.first)
			}
		})
	}
}

// TestRunLeavesCases: Run judges anew and changes nothing.
func TestRunLeavesCases(t *testing.T) {
	k := unconnected("imaps://mail.example.com", errSilent)
	before := slices.Clone(k.Findings)
	Run([]Case{k}, []Control{elsewhere("imaps://mail.example.org", nil)}, Context{})
	if !reflect.DeepEqual(k.Findings, before) {
		t.Errorf("got  %+v\n\twant %+v", k.Findings, before)
	}
}

// TestEndedRun: what a run that was cut short had not reached may well answer.
func TestEndedRun(t *testing.T) {
	cases := []Case{unconnected("imaps://mail.example.com", errSilent), unconnected("imaps://imap2.example.com", nil)}
	for _, tt := range []struct {
		ended bool
		want  string
	}{{false, "net.timeout error provider"}, {true, "net.timeout warning local-network"}} {
		_, each := Run(cases, nil, Context{Ended: tt.ended})
		if got := codesOf(t, each[0]); got != tt.want {
			t.Errorf("ended %v:\n\tgot  %q\n\twant %q", tt.ended, got, tt.want)
		}
	}
	run, _ := Run(cases[:1], []Control{elsewhere("imaps://mail.example.org", errSilent)}, Context{Ended: true})
	if len(run) != 0 {
		t.Errorf("got  %+v about the run\n\twant nothing", run)
	}
}

// TestPrivateHost: what is inside a private network cannot be compared with
// the world outside.
func TestPrivateHost(t *testing.T) {
	k := private(unconnected("imaps://mail.corp.example", errSilent))
	_, each := Run([]Case{k}, []Control{elsewhere("imaps://mail.example.org", nil)}, Context{})
	if got, want := codesOf(t, each[0]), "net.timeout warning local-network"; got != want {
		t.Errorf("got  %q\n\twant %q", got, want)
	}
}

// TestReachAdvice: what the provider says of a blocked port is said with it.
func TestReachAdvice(t *testing.T) {
	s := &settings.Provider{Advice: []settings.Advice{{Codes: []string{"net.port_blocked_suspected"}, Protocols: []settings.Protocol{settings.SMTP}, Text: "Some lines block it."}}}
	cases := []Case{unconnected("submission://mail.example.com", errSilent), unconnected("submissions://mail.example.com", nil)}
	_, each := Run(cases, []Control{elsewhere("submission://mail.example.org", errSilent)}, Context{Provider: s})
	if got := each[0][0].Advises(); !strings.HasSuffix(got, "port 587. Port 465 of the same host answers: try it with SSL/TLS. Some lines block it.") {
		t.Errorf("got  %q\n\twant the other port and the advice", got)
	}
}

func TestComparisons(t *testing.T) {
	others := []settings.Endpoint{parsed("submissions://mail.example.org"), parsed("imaps://mail.example.org"), parsed("imaps://mail.example.net")}
	const own = "imaps://mail.example.com"
	mute := &tlscheck.HandshakeError{Failure: tlscheck.Timeout, Err: errSilent}
	tests := []struct {
		name  string
		cases []Case
		known []Control
		want  string
	}{
		{"all works", []Case{unconnected(own, nil)}, nil, ""},
		{"refused, but the host is up", []Case{unconnected(own, syscall.ECONNREFUSED), unconnected("imap://mail.example.com", nil)}, nil, "mail.example.org:993 mail.example.net:993"},
		{"silent", []Case{unconnected(own, errSilent)}, nil, "mail.example.org:993 mail.example.net:993 mail.example.org:465 mail.example.com:143"},
		{"silent, the host is known to be up", []Case{unconnected(own, errSilent), unconnected("imap://mail.example.com", nil)}, nil, "mail.example.org:993 mail.example.net:993"},
		{"silent, the port is known to work", []Case{unconnected(own, errSilent), unconnected("imaps://imap2.example.com", nil)}, nil, "mail.example.com:143"},
		{"silent, another port tried already", []Case{unconnected(own, errSilent)}, []Control{{Result: unconnected("imap://mail.example.com", errSilent).Result}}, "mail.example.org:993 mail.example.net:993 mail.example.org:465"},
		{"everything refused", []Case{unconnected(own, syscall.ECONNREFUSED)}, nil, "mail.example.org:993 mail.example.net:993 mail.example.org:465 mail.example.com:143"},
		{"no DNS", []Case{unresolved(own, errNoDNS)}, nil, "mail.example.org:993 mail.example.org:465"},
		{"no DNS, an unusual port", []Case{unresolved("imaps://mail.example.com:1993", errNoDNS)}, nil, "mail.example.org:465"},
		{"a wrong name", []Case{unresolved(own, errNXDOM)}, nil, "mail.example.org:993"},
		{"wrong names", []Case{unresolved(own, errNXDOM), unresolved("submissions://mail.example.com", errNXDOM)}, nil, "mail.example.org:993"},
		{"the other provider is the one under test", []Case{unconnected("imaps://mail.example.org", errSilent)}, nil, "mail.example.net:993 mail.example.org:143"},
		{"refused by this computer", []Case{private(unconnected("imaps://127.0.0.1", syscall.ECONNREFUSED))}, nil, ""},
		{"silent inside a private network", []Case{private(unconnected(own, errSilent))}, nil, "mail.example.com:143"},
		{"no DNS, every other port in use inside a private network", []Case{unresolved("imaps://mail.example.com:1993", errNoDNS),
			private(unconnected("imaps://mail.corp.example", errSilent)), private(unconnected("submissions://mail.corp.example", errSilent))}, nil,
			"mail.example.org:465 mail.corp.example:143 mail.corp.example:587"},
		{"six endpoints, eight dialogues", []Case{unconnected(own, errSilent), unconnected("submissions://mail.example.com", errSilent), unconnected("imaps://a.example.com", errSilent),
			unconnected("imaps://b.example.com", errSilent), unconnected("imaps://c.example.com", errSilent), unconnected("imaps://d.example.com", errSilent)}, nil,
			"mail.example.org:993 mail.example.net:993 mail.example.org:465 mail.example.com:143 mail.example.com:587 a.example.com:143 b.example.com:143 c.example.com:143"},
		{"silent over IPv4, and one that answered over IPv6 alone", []Case{over4(brokeOff(own, probe.TLS, mute))}, []Control{
			beside(over4(brokeOff("imaps://mail.example.org", probe.TLS, mute))), over6Secured("imaps://mail.example.net")}, "mail.example.net:993"},
		{"nothing was run", nil, nil, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var got []string
			for _, e := range Comparisons(tt.cases, tt.known, others) {
				got = append(got, e.Address())
			}
			if strings.Join(got, " ") != tt.want {
				t.Errorf("got  %q\n\twant %q", got, tt.want)
			}
		})
	}
}

func TestRunClock(t *testing.T) {
	now := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	dated := func(url, organization string, kind tlscheck.Kind) Case {
		leaf := &x509.Certificate{Issuer: pkix.Name{Organization: []string{organization}}}
		r := &probe.Result{Endpoint: parsed(url), TLS: &tlscheck.State{Chain: []*x509.Certificate{leaf}}}
		k := Case{Result: r}
		if kind != "" {
			r.TLS.Causes = []tlscheck.Cause{{Kind: kind, Fatal: true, Cert: leaf}}
			k.Findings = []finding.Finding{{Code: "cert." + string(kind), Severity: finding.Error, Blame: finding.Provider}}
		}
		return k
	}
	const a, b, c = "imaps://a.example.com", "imaps://b.example.com", "imaps://c.example.com"
	tests := []struct {
		name  string
		cases []Case
		built time.Time
		run   string
		first string
	}{
		{"not valid yet by two issuers", []Case{dated(a, "One", tlscheck.NotYetValid), dated(b, "Two", tlscheck.NotYetValid), dated(c, "One", "")}, time.Time{},
			"env.clock_skew_suspected warning local-machine", "cert.not_yet_valid warning local-machine"},
		{"expired by two issuers, and no other", []Case{dated(a, "One", tlscheck.Expired), dated(b, "Two", tlscheck.Expired)}, time.Time{},
			"env.clock_skew_suspected warning local-machine", "cert.expired warning local-machine"},
		{"expired by two issuers, but a third is good", []Case{dated(a, "One", tlscheck.Expired), dated(b, "Two", tlscheck.Expired), dated(c, "One", "")}, time.Time{},
			"", "cert.expired error provider"},
		{"one issuer may err", []Case{dated(a, "One", tlscheck.Expired), dated(b, "One", tlscheck.Expired)}, time.Time{},
			"", "cert.expired error provider"},
		{"one host may err", []Case{dated(a, "One", tlscheck.NotYetValid), dated(a, "Two", tlscheck.NotYetValid)}, time.Time{},
			"", "cert.not_yet_valid error provider"},
		{"before the build", []Case{dated(a, "One", tlscheck.NotYetValid)}, now.Add(time.Hour),
			"env.clock_before_build error local-machine", "cert.not_yet_valid warning local-machine"},
		{"before the build, expired all the same", []Case{dated(a, "One", tlscheck.Expired)}, now.Add(time.Hour),
			"env.clock_before_build error local-machine", "cert.expired error provider"},
		{"after the build", []Case{dated(a, "One", tlscheck.NotYetValid)}, now.Add(-time.Hour),
			"", "cert.not_yet_valid error provider"},
		{"another fault stays", []Case{dated(a, "One", tlscheck.NameMismatch)}, now.Add(time.Hour),
			"env.clock_before_build error local-machine", "cert.name_mismatch error provider"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			run, each := Run(tt.cases, nil, Context{Now: now, Built: tt.built})
			if got := codesOf(t, run); got != tt.run {
				t.Errorf("run:\n\tgot  %q\n\twant %q", got, tt.run)
			}
			if got := codesOf(t, each[0]); got != tt.first {
				t.Errorf("first case:\n\tgot  %q\n\twant %q", got, tt.first)
			}
		})
	}
}

// TestReachOf: the kinds of errors that tell how a connection went.
func TestReachOf(t *testing.T) {
	tests := []struct {
		name string
		err  error
		want reach
	}{
		{"none", nil, answers},
		{"refused", &probe.ConnectError{Err: &net.OpError{Err: syscall.ECONNREFUSED}}, refuses},
		{"reset", &probe.ConnectError{Err: syscall.ECONNRESET}, unclear},
		{"forbidden", &probe.ConnectError{Err: syscall.EPERM}, cutOff},
		{"time is up", &probe.ConnectError{Err: errSilent}, silent},
		{"no way", &probe.ConnectError{Err: syscall.ENETUNREACH}, cutOff},
		{"no answer from DNS", &probe.ResolveError{Err: errNoDNS}, cutOff},
		{"no such name", &probe.ResolveError{Err: errNXDOM}, unnamed},
		{"something else", &probe.ConnectError{Err: errors.New("something")}, unclear},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			k := unconnected("imaps://mail.example.com", tt.err)
			if _, ok := errors.AsType[*probe.ResolveError](tt.err); ok {
				k = unresolved("imaps://mail.example.com", errors.Unwrap(tt.err))
			}
			if got := k.reach(); got != tt.want {
				t.Errorf("got  %s\n\twant %s", reachWords[got], reachWords[tt.want])
			}
		})
	}
}

// over4 is a dialogue that was held over IPv4.
func over4(k Case) Case {
	k.Result.RemoteAddr = netip.MustParseAddrPort("192.0.2.1:993")
	return k
}

// over6Secured is a comparison that came as far as encryption, over IPv6.
func over6Secured(url string) Control {
	c := elsewhereSecured(url)
	c.Result.RemoteAddr = netip.MustParseAddrPort("[2001:db8::9]:993")
	return c
}
