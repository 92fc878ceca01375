package verify_test

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"testing"

	"mailprobe/internal/lab/realserver"
	"mailprobe/internal/lab/script"
	"mailprobe/internal/probe"
	"mailprobe/internal/settings"
	"mailprobe/internal/tlscheck"
	"mailprobe/internal/verify"
)

// check runs a plan of one endpoint with a check of its mechanisms.
func check(t *testing.T, e settings.Endpoint, opt probe.Options) verify.Endpoint {
	t.Helper()
	opt.Transcript = true
	r := verify.Run(t.Context(), verify.Plan{Endpoints: []settings.Setting{{Endpoint: e, Role: settings.Documented}}, Options: opt, CheckMechanisms: true})
	return r.Endpoints[0]
}

// checked writes what became of the mechanisms in one line.
func checked(r *probe.Result) string {
	var words []string
	for _, c := range r.Checked {
		words = append(words, fmt.Sprintf("%s %t", c.Mechanism, c.Real))
	}
	return strings.Join(words, ", ")
}

// TestCheckMechanismsIsNoSignIn starts every mechanism of real servers and
// asks their logs whether that was taken for a failed sign-in.
func TestCheckMechanismsIsNoSignIn(t *testing.T) {
	d := realserver.Dovecot(t, realserver.DovecotOptions{})
	p := realserver.Postfix(t, realserver.PostfixOptions{Dovecot: d})
	for _, security := range []settings.Security{settings.TLS, settings.StartTLS} {
		for _, at := range []struct {
			name string
			settings.Endpoint
		}{
			{"Dovecot", d.Endpoint(settings.IMAP, security)},
			{"Dovecot", d.Endpoint(settings.POP3, security)},
			{"Dovecot", d.Endpoint(settings.SMTP, security)},
			{"Postfix", p.Endpoint(settings.SMTP, security)},
		} {
			t.Run(fmt.Sprint(at.name, " ", at.Protocol, " ", security), func(t *testing.T) {
				e := check(t, at.Endpoint, probe.Options{TLS: tlscheck.Config{System: d.CAPool()}})
				var want []string
				for _, m := range e.Result.Mechanisms {
					want = append(want, m+" true")
				}
				if got, want := checked(e.Result), strings.Join(want, ", "); got != want || len(e.Result.Mechanisms) < 5 {
					t.Errorf("got  %s\nwant %s\n%+v", got, want, e.Result.Transcript)
				}
				if e.Verdict != verify.Works || e.Result.Auth.Status != probe.AuthNotTested || e.Result.SecretSent {
					t.Errorf("got  %s, %+v\nwant works, not tested", e.Verdict, e.Result.Auth)
				}
			})
		}
	}
	if got := d.FailedLogins(t, ""); got != 0 {
		t.Errorf("failed sign-ins\ngot  %d\nwant 0", got)
	}
	for line := range strings.Lines(d.Log(t) + p.Log(t)) {
		for _, alarm := range []string{"auth failed", "authentication failed", "non-SMTP command", "too many errors"} {
			if strings.Contains(strings.ToLower(line), strings.ToLower(alarm)) {
				t.Errorf("the log holds %q", line)
			}
		}
	}
}

func TestCheckMechanisms(t *testing.T) {
	for _, row := range []struct {
		name, offered string
		dialogues     []string // one connection each
		opt           probe.Options
		want          string
		findings      []string
	}{
		{"real and not", "PLAIN NTLM", []string{"C: AUTH PLAIN\nS: 334 \nC: *\nS: 501 5.7.0 cancelled\nC: QUIT\n", "C: AUTH NTLM\nS: 504 5.5.4 what?\nC: QUIT\n"},
			probe.Options{}, "PLAIN true, NTLM false", []string{"auth.mechanism_not_real"}},
		{"not now", "PLAIN", []string{"C: AUTH PLAIN\nS: 454 4.7.0 later\nC: QUIT\n"}, probe.Options{}, "", nil},
		{"never anonymous", "ANONYMOUS", nil, probe.Options{}, "", nil},
		{"never EXTERNAL with a certificate", "EXTERNAL", nil, probe.Options{TLS: tlscheck.Config{ClientCert: new(tls.Certificate)}}, "", nil},
		{"EXTERNAL without one", "EXTERNAL", []string{"C: AUTH EXTERNAL\nS: 334 \nC: *\nS: 501 cancelled\nC: QUIT\n"}, probe.Options{}, "EXTERNAL true", nil},
		{"the server hangs up", "PLAIN LOGIN", []string{"C: AUTH PLAIN\nclose\n"}, probe.Options{}, "", nil},
		{"signed in at once", "GSSAPI", []string{"C: AUTH GSSAPI\nS: 235 2.7.0 hm\nC: QUIT\n"}, probe.Options{}, "GSSAPI true", nil},
		{"named twice", "PLAIN PLAIN", []string{"C: AUTH PLAIN\nS: 504 5.5.4 no\nC: QUIT\n"}, probe.Options{}, "PLAIN false", []string{"auth.mechanism_not_real"}},
		{"too many", "A1 A2 A3 A4 A5 A6 A7 A8 A9 A10 A11 A12 A13 A14", slices.Repeat([]string{"C: AUTH A\nS: 454 4.7.0 later\nC: QUIT\n"}, 12), probe.Options{}, "", nil},
	} {
		t.Run(row.name, func(t *testing.T) {
			hello := "TLS\nS: 220 hi\nC: EHLO\nS: 250-me\nS: 250 AUTH " + row.offered + "\n"
			first := script.Start(t, script.Options{}, hello+"C: QUIT\n")
			d := &inTurn{addresses: []string{first.Address()}}
			for _, text := range row.dialogues {
				d.addresses = append(d.addresses, script.Start(t, script.Options{CA: first.CA()}, hello+text).Address())
			}
			loopback := netip.MustParseAddr("127.0.0.1")
			row.opt.Address, row.opt.Dialer, row.opt.TLS.System = &loopback, d, first.CA().Pool()
			e := check(t, settings.Endpoint{Protocol: settings.SMTP, Host: "localhost", Port: first.Port(), Security: settings.TLS}, row.opt)
			if got := checked(e.Result); got != row.want || len(d.addresses) != 0 {
				t.Errorf("got  %q and %d connections too few\nwant %q\n%+v", got, len(d.addresses), row.want, e.Result.Transcript)
			}
			var codes []string
			for _, f := range e.Findings {
				if strings.HasPrefix(f.Code, "auth.mechanism") {
					codes = append(codes, f.Code)
				}
			}
			if !slices.Equal(codes, row.findings) || e.Verdict != verify.Works {
				t.Errorf("got  %s with %v\nwant works with %v", e.Verdict, codes, row.findings)
			}
		})
	}
}

// TestCheckMechanismsInEachProtocol: a mechanism that is announced and refused
// is found out in all three.
func TestCheckMechanismsInEachProtocol(t *testing.T) {
	for protocol, dialogue := range map[settings.Protocol]struct{ hello, refused, bye string }{
		settings.IMAP: {"TLS\nS: * OK [CAPABILITY IMAP4rev1 AUTH=NTLM] hi\n", "C: * AUTHENTICATE NTLM\nS: $tag NO no such mechanism\n", "C: * LOGOUT\n"},
		settings.POP3: {"TLS\nS: +OK hi\nC: CAPA\nS: +OK\nS: UIDL\nS: SASL NTLM\nS: .\n", "C: AUTH NTLM\nS: -ERR no such mechanism\n", "C: QUIT\n"},
		settings.SMTP: {"TLS\nS: 220 hi\nC: EHLO\nS: 250-me\nS: 250 AUTH NTLM\n", "C: AUTH NTLM\nS: 504 no such mechanism\n", "C: QUIT\n"},
	} {
		t.Run(string(protocol), func(t *testing.T) {
			first := script.Start(t, script.Options{}, dialogue.hello+dialogue.bye)
			second := script.Start(t, script.Options{CA: first.CA()}, dialogue.hello+dialogue.refused+dialogue.bye)
			loopback := netip.MustParseAddr("127.0.0.1")
			opt := probe.Options{Address: &loopback, Dialer: &inTurn{addresses: []string{first.Address(), second.Address()}}, TLS: tlscheck.Config{System: first.CA().Pool()}}
			e := check(t, settings.Endpoint{Protocol: protocol, Host: "localhost", Port: first.Port(), Security: settings.TLS}, opt)
			if got := checked(e.Result); got != "NTLM false" {
				t.Errorf("got  %q\nwant NTLM false\n%+v", got, e.Result.Transcript)
			}
		})
	}
}

// inTurn leads each connection to the next address.
type inTurn struct {
	mu        sync.Mutex
	addresses []string
}

func (d *inTurn) DialContext(ctx context.Context, network, _ string) (net.Conn, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if len(d.addresses) == 0 {
		return nil, errors.New("one connection too many")
	}
	next := d.addresses[0]
	d.addresses = d.addresses[1:]
	return (&net.Dialer{}).DialContext(ctx, network, next)
}

// TestNoCheckWithoutVerifiedTLS: nothing is started where the server has not
// proved who it is.
func TestNoCheckWithoutVerifiedTLS(t *testing.T) {
	s := script.Start(t, script.Options{}, "TLS\nS: 220 hi\nC: EHLO\nS: 250-me\nS: 250 AUTH PLAIN\nC: QUIT\n")
	other := script.Start(t, script.Options{}, "S: 220 hi\n")
	loopback := netip.MustParseAddr("127.0.0.1")
	e := check(t, settings.Endpoint{Protocol: settings.SMTP, Host: "localhost", Port: s.Port(), Security: settings.TLS},
		probe.Options{Address: &loopback, TLS: tlscheck.Config{System: other.CA().Pool()}})
	if got := s.Connections(); got != 1 || len(e.Result.Checked) != 0 {
		t.Errorf("got  %d connections, %v\nwant 1 and no checks", got, e.Result.Checked)
	}
}
