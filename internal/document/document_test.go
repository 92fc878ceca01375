package document

import (
	"errors"
	"net/netip"
	"reflect"
	"testing"
	"time"

	"mailprobe/internal/finding"
	"mailprobe/internal/probe"
	"mailprobe/internal/settings"
	"mailprobe/internal/tlscheck"
	"mailprobe/internal/verify"
)

func TestTitle(t *testing.T) {
	known := &settings.Provider{ID: "office365", Name: "Office 365", Aliases: []string{"hotmail"}}
	for _, tt := range []struct {
		target   string
		provider *settings.Provider
		want     Text
	}{
		{"office365", known, "Office 365"},
		{"HOTMAIL", known, "Office 365"},
		{"", known, "Office 365"},
		{"me@corp.com", known, "Office 365 (me@corp.com)"},
		{"imaps://x", nil, "imaps://x"},
		{"x", &settings.Provider{ID: "x"}, "x"},
	} {
		if got := Of(&verify.Report{Target: tt.target, Provider: tt.provider}, "").Title; got != tt.want {
			t.Errorf("%s\ngot  %s\nwant %s", tt.target, got, tt.want)
		}
	}
}

// TestAllPhasesInOrder holds that each endpoint has every phase, with the step
// that was recorded.
func TestAllPhasesInOrder(t *testing.T) {
	failed := &probe.Result{Steps: []probe.Step{{Phase: probe.Resolve, Status: probe.OK}, {Phase: probe.Connect, Status: probe.Failed, Err: errors.New("refused")}}}
	for _, r := range []*probe.Result{nil, {}, failed} {
		d := Of(&verify.Report{Endpoints: []verify.Endpoint{{Result: r}}}, "")
		var got []string
		for _, ph := range d.Endpoints[0].Phases {
			got = append(got, string(ph.Name))
		}
		if want := []string{"resolve", "connect", "tls", "greeting", "starttls", "capabilities", "auth", "access", "quit"}; !reflect.DeepEqual(got, want) {
			t.Errorf("got  %v\nwant %v", got, want)
		}
		want := Phase{Name: "connect", Status: Skipped, Note: "not reached"}
		if r == failed {
			want = Phase{Name: "connect", Status: Failed, Error: "refused"}
		}
		e := &d.Endpoints[0]
		if got := e.Phase("connect"); got != want || e.Ran() != (r == failed) || (e.FailedStep() != nil) != (r == failed) {
			t.Errorf("got  %v, ran %v\nwant %v", got, e.Ran(), want)
		}
	}
}

func TestSignInTested(t *testing.T) {
	for status, want := range map[probe.AuthStatus]bool{
		"": false, probe.AuthNotTested: false, probe.AuthSkipped: false, probe.AuthUnknown: false, probe.AuthAccepted: true, probe.AuthRejected: true,
	} {
		r := &verify.Report{Endpoints: []verify.Endpoint{{}, {Result: &probe.Result{Auth: probe.Auth{Status: status}}}}}
		if got := Of(r, "").SignInTested; got != want {
			t.Errorf("%q\ngot  %v\nwant %v", status, got, want)
		}
	}
}

// TestOrigin holds that the source of an endpoint is what its setting says.
func TestOrigin(t *testing.T) {
	r := &verify.Report{Endpoints: []verify.Endpoint{{Setting: settings.Setting{Origin: "srv"}}}}
	if got := Of(r, "").Endpoints[0].Source; got != "srv" {
		t.Errorf("got  %s\nwant srv", got)
	}
}

// TestIdentity holds that what a finding is about and names is in the document.
func TestIdentity(t *testing.T) {
	f := finding.Finding{Code: "x.y", Args: finding.Args{"command": "EHLO"}, Message: "No {command}."}
	got := Of(&verify.Report{Findings: []finding.Finding{f, {}}}, "").Findings
	if got[0].Args["command"] != "EHLO" || got[0].Message != "No EHLO." || got[1].Args == nil {
		t.Errorf("got  %v\nwant the argument in both, and an object in the second", got)
	}
}

func TestUsed(t *testing.T) {
	at := netip.MustParseAddrPort("[2001:db8::1]:993")
	tried := []probe.Attempt{{Addr: at}, {Addr: netip.MustParseAddrPort("192.0.2.1:993")}}
	for _, tt := range []struct {
		name string
		r    probe.Result
		want Text
	}{
		{"nothing", probe.Result{}, ""},
		{"a name", probe.Result{Resolved: []netip.Addr{at.Addr()}}, "2001:db8::1"},
		{"an attempt", probe.Result{Tried: tried}, "2001:db8::1"},
		{"a connection", probe.Result{Tried: tried, RemoteAddr: tried[1].Addr}, "192.0.2.1"},
	} {
		if got := addressOf(&tt.r); got.Address != tt.want || got.Certificate != nil || got.TLSVersion != "" {
			t.Errorf("%s\ngot  %v\nwant %s", tt.name, got, tt.want)
		}
	}
	if got := (&Endpoint{Address: "no address"}).Used().Address; got != "no address" {
		t.Errorf("got  %s\nwant it as it is", got)
	}
}

// What is said of an address is of the leaf, whatever the server sends behind
// it, and of the first phase that failed, be it the first of all.
func TestUsedShowsTheLeaf(t *testing.T) {
	chain := []Certificate{{ShortCertificate: ShortCertificate{Serial: "1"}}, {ShortCertificate: ShortCertificate{Serial: "2"}}}
	for n, want := range []Text{"", "1", "1"} {
		e := Endpoint{TLS: &TLS{Chain: chain[:n]}, Phases: []Phase{{Name: "resolve", Status: Failed, Error: "no"}, {Name: "connect", Status: Failed}}}
		got, serial := e.Used(), Text("")
		if got.Certificate != nil {
			serial = got.Certificate.Serial
		}
		if serial != want || got.FailedPhase != "resolve" || got.Error != "no" {
			t.Errorf("%d certificates\ngot  %q, %s: %s\nwant %q, resolve: no", n, serial, got.FailedPhase, got.Error, want)
		}
	}
}

func TestTLSFailure(t *testing.T) {
	for _, tt := range []struct {
		err  error
		want *TLSFailure
	}{
		{errors.New("x"), nil},
		{&tlscheck.HandshakeError{Failure: tlscheck.Closed, Alert: 40}, &TLSFailure{Failure: "closed"}},
		{&tlscheck.HandshakeError{Failure: tlscheck.Alert, Local: true}, &TLSFailure{Failure: "alert", Local: true, Alert: new(int)}},
		{&tlscheck.HandshakeError{Failure: tlscheck.Other, Explained: &tlscheck.Explanation{Reason: tlscheck.NoCommonGroup, Group: 23, Hellos: 2}},
			&TLSFailure{Failure: "other", Reason: "no_common_group", Group: "secp256r1", Hellos: 2}},
	} {
		r := &probe.Result{Steps: []probe.Step{{Phase: probe.TLS, Status: probe.Failed, Err: tt.err}}}
		if got := failureOf(r); !reflect.DeepEqual(got, tt.want) {
			t.Errorf("got  %v\nwant %v", got, tt.want)
		}
	}
}

// TestFaults holds of which endpoints the same is said.
func TestFaults(t *testing.T) {
	about := func(host string) finding.Finding {
		return finding.Finding{Code: "x.y", Severity: finding.Error, Subject: finding.About(settings.Endpoint{Host: host, Port: 1}), Message: "{server} is down."}
	}
	failed := func(err, reason string) *probe.Result {
		return &probe.Result{Steps: []probe.Step{{Phase: probe.Connect, Status: probe.Failed, Err: errors.New(err)}}, Auth: probe.Auth{Reason: reason}}
	}
	because := func(list ...finding.Finding) verify.Endpoint {
		return verify.Endpoint{Verdict: verify.Fails, Findings: list}
	}
	unknown := func(r *probe.Result) verify.Endpoint { return verify.Endpoint{Verdict: verify.Unknown, Result: r} }
	plain, noted := about("a"), about("a")
	plain.Message, noted.Severity = "It is down.", finding.Info
	for _, tt := range []struct {
		name string
		a, b verify.Endpoint
		want []Fault
	}{
		{"each of its own server", because(about("a")), because(about("b")), []Fault{{[]int{0, 1}, true}}},
		{"no server is named", because(plain), because(plain), []Fault{{[]int{0, 1}, false}}},
		{"a note beside", because(about("a")), because(noted, about("b")), []Fault{{[]int{0, 1}, true}}},
		{"another is unexplained", because(about("a")), because(), []Fault{{[]int{0}, false}, {[]int{1}, false}}},
		{"one more", because(about("a")), because(about("b"), plain), []Fault{{[]int{0}, false}, {[]int{1}, false}}},
		{"another works", because(about("a")), verify.Endpoint{Verdict: verify.Works}, []Fault{{[]int{0}, false}}},
		{"another verdict", because(), unknown(nil), []Fault{{[]int{0}, false}, {[]int{1}, false}}},
		{"the same was seen", unknown(failed("x", "y")), unknown(failed("x", "y")), []Fault{{[]int{0, 1}, false}}},
		{"nothing was seen of either", unknown(nil), unknown(nil), []Fault{{[]int{0, 1}, false}}},
		{"nothing was seen of one", unknown(nil), unknown(failed("x", "")), []Fault{{[]int{0}, false}, {[]int{1}, false}}},
		{"another error", unknown(failed("x", "y")), unknown(failed("z", "y")), []Fault{{[]int{0}, false}, {[]int{1}, false}}},
		{"another reason", unknown(failed("x", "y")), unknown(failed("x", "z")), []Fault{{[]int{0}, false}, {[]int{1}, false}}},
	} {
		if got := Of(&verify.Report{Endpoints: []verify.Endpoint{tt.a, tt.b}}, "").Faults; !reflect.DeepEqual(got, tt.want) {
			t.Errorf("%s\ngot  %v\nwant %v", tt.name, got, tt.want)
		}
	}
}

// TestWarnings holds which warnings are told, once each: not those that explain
// a verdict.
func TestWarnings(t *testing.T) {
	odd := func(host string) finding.Finding {
		return finding.Finding{Code: "x.y", Severity: finding.Warning, Subject: finding.About(settings.Endpoint{Host: host}), Message: "{host} is odd."}
	}
	grave := finding.Finding{Code: "x.z", Severity: finding.Error}
	r := &verify.Report{
		Verdict:  verify.Fails,
		Findings: []finding.Finding{{Severity: finding.Info}, odd("")},
		Endpoints: []verify.Endpoint{
			{Verdict: verify.Works, Findings: []finding.Finding{odd("a")}},
			{Verdict: verify.Unknown, Findings: []finding.Finding{odd("b")}},
			{Verdict: verify.Fails, Findings: []finding.Finding{grave, odd("c")}},
			{Verdict: verify.Fails, Findings: []finding.Finding{{Code: "x.w", Severity: finding.Warning}}},
		},
	}
	d := Of(r, "")
	want := []Warning{{[]int{}, 1}, {[]int{0, 2}, 0}, {[]int{3}, 0}}
	if !reflect.DeepEqual(d.Warnings, want) {
		t.Errorf("got  %v\nwant %v", d.Warnings, want)
	}
	if got := d.Warned(want[1]).Message; got != "a is odd." {
		t.Errorf("got  %s\nwant that of the first", got)
	}
	r.Verdict = verify.Unknown
	if got := Of(r, "").Warnings; !reflect.DeepEqual(got, want[1:]) {
		t.Errorf("got  %v\nwant %v", got, want[1:])
	}
}

// TestDaysLeft holds that days are whole, and counted from the very moment at
// which the run started.
func TestDaysLeft(t *testing.T) {
	start := time.Date(2026, 11, 23, 10, 0, 0, 500, time.UTC)
	for until, want := range map[time.Duration]int{48 * time.Hour: 2, 48*time.Hour - 1: 1, time.Hour: 0, -1: 0, -24 * time.Hour: -1, -25 * time.Hour: -1} {
		c := ShortCertificate{NotAfter: start.Add(until)}
		d := Document{Endpoints: []Endpoint{{TLS: &TLS{Chain: []Certificate{{ShortCertificate: c}}}, Addresses: []Address{{}, {Certificate: &c}}}}}
		d.countDays(start)
		if got := d.Endpoints[0].TLS.Chain[0].DaysLeft; got != want || c.DaysLeft != want {
			t.Errorf("%v\ngot  %d and %d\nwant %d", until, got, c.DaysLeft, want)
		}
	}
}
