package probe_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"mailprobe/internal/lab/script"
	"mailprobe/internal/probe"
	"mailprobe/internal/settings"
	"mailprobe/internal/tlscheck"
)

func TestRun(t *testing.T) {
	ok := func(context.Context) error { return nil }
	skip := func(context.Context) error { return probe.Skip("not here") }
	fail := func(context.Context) error { return errors.New("broken") }
	fall := func(context.Context) error { panic("out of range") }
	rows := []struct {
		name   string
		first  func(context.Context) error
		inStep bool
		want   string
	}{
		{"all well", ok, true, "one ok (), two ok (), quit ok ()"},
		{"skipped", skip, true, "one skipped (not here), two ok (), quit ok ()"},
		{"failed in step", fail, true, "one failed (), two skipped (one failed), quit ok ()"},
		{"failed out of step", fail, false, "one failed (), two skipped (one failed), quit skipped (one failed)"},
		{"panic", fall, true, "one failed (), two skipped (one failed), quit skipped (one failed)"},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			var got []string
			s := probe.NewSession(example, probe.Options{Progress: func(e settings.Endpoint, s probe.Step) {
				got = append(got, fmt.Sprintf("%s %s (%s)", s.Phase, s.Status, s.Note))
			}})
			s.InStep(row.inStep)
			r := s.Run(t.Context(), []probe.Phase{{Name: "one", Run: row.first}, {Name: "two", Run: ok}, {Name: probe.Quit, Run: ok}})
			if got := strings.Join(got, ", "); got != row.want {
				t.Errorf("got  %s\nwant %s", got, row.want)
			}
			if got, want := len(r.Steps), 3; got != want {
				t.Errorf("got  %d steps\nwant %d", got, want)
			}
		})
	}
}

func TestPanicIsADefect(t *testing.T) {
	s := probe.NewSession(example, probe.Options{})
	r := s.Run(t.Context(), []probe.Phase{
		{Name: "one", Run: func(context.Context) error { panic("out of range") }},
		{Name: "two", Run: func(ctx context.Context) error { return nil }},
	})
	if got, want := probe.FaultOf(r.Step("one").Err), probe.InternalDefect; got != want {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}

func TestDo(t *testing.T) {
	never := make(chan struct{})
	defer close(never)
	broken := errors.New("broken")
	rows := []struct {
		name string
		call func() error
		want error
	}{
		{"returns", func() error { return broken }, broken},
		{"hangs", func() error { <-never; return nil }, context.DeadlineExceeded},
		{"panics", func() error { panic("out of range") }, nil},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			s := probe.NewSession(example, probe.Options{Timeouts: probe.Timeouts{Phase: 50 * time.Millisecond}})
			r := s.Run(t.Context(), []probe.Phase{{Name: "one", Run: func(ctx context.Context) error { return s.Do(ctx, row.call) }}})
			got := r.Step("one").Err
			if row.want != nil && !errors.Is(got, row.want) || row.want == nil && probe.FaultOf(got) != probe.InternalDefect {
				t.Errorf("got  %v\nwant %v", got, row.want)
			}
		})
	}
}

// stalled are dialogues that come to a halt in each phase.
var stalled = []struct {
	phase    string
	protocol settings.Protocol
	security settings.Security
	script   string
}{
	{probe.TLS, settings.IMAP, settings.TLS, ""},
	{probe.Greeting, settings.IMAP, settings.TLS, "TLS\n"},
	{probe.Greeting, settings.SMTP, settings.StartTLS, ""},
	{probe.StartTLS, settings.IMAP, settings.StartTLS, "S: * OK\nC: * CAPABILITY\n"},
	{probe.StartTLS, settings.POP3, settings.StartTLS, "S: +OK\nC: CAPA\nS: +OK\nS: STLS\nS: .\nC: STLS\nS: +OK\n"},
	{probe.Capabilities, settings.POP3, settings.TLS, "TLS\nS: +OK\nC: CAPA\nS: +OK\n"},
	{probe.Capabilities, settings.SMTP, settings.TLS, "TLS\nS: 220 mx\nC: EHLO\n"},
	{probe.SignIn, settings.IMAP, settings.TLS, "TLS\nS: * OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN]\nC: * AUTHENTICATE\n"},
	{probe.SignIn, settings.IMAP, settings.TLS, "TLS\nS: * OK [CAPABILITY IMAP4rev1]\nC: * LOGIN\n"},
	{probe.SignIn, settings.POP3, settings.TLS, "TLS\nS: +OK\n" + pop3Caps + "C: AUTH\n"},
	{probe.SignIn, settings.SMTP, settings.TLS, "TLS\nS: 220 mx\n" + smtpCaps + "C: AUTH\n"},
	{probe.Access, settings.IMAP, settings.TLS, "TLS\nS: * OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN]\nC: * AUTHENTICATE\nS: $tag OK\nC: * EXAMINE\n"},
	{probe.Access, settings.POP3, settings.TLS, "TLS\nS: +OK\n" + pop3Caps + "C: AUTH\nS: +OK\nC: STAT\n"},
	{probe.Access, settings.SMTP, settings.TLS, "TLS\nS: 220 mx\n" + smtpCaps + "C: AUTH\nS: 235 in\nC: MAIL\n"},
}

func TestCancelEndsEveryPhase(t *testing.T) {
	before := runtime.NumGoroutine()
	for _, row := range stalled {
		t.Run(fmt.Sprint(row.protocol, " ", row.phase), func(t *testing.T) {
			s := script.Start(t, script.Options{}, row.script+"silence")
			opt := withPassword()
			loopback := netip.MustParseAddr("127.0.0.1")
			opt.Address, opt.TLS = &loopback, tlscheck.Config{System: s.CA().Pool()}
			wantCanceled(t, settings.Endpoint{Protocol: row.protocol, Host: "localhost", Port: s.Port(), Security: row.security}, opt, row.phase)
			s.Close()
		})
	}
	t.Run("resolve", func(t *testing.T) {
		wantCanceled(t, example, probe.Options{Resolver: stuckResolver{}}, probe.Resolve)
	})
	t.Run("connect", func(t *testing.T) {
		opt := probe.Options{Resolver: fakeResolver{"ip4": {addrs("192.0.2.1"), nil}}, Dialer: fakeDialer{"192.0.2.1": "hang"}}
		wantCanceled(t, example, opt, probe.Connect)
	})
	for deadline := time.Now().Add(30 * time.Second); runtime.NumGoroutine() > before; runtime.Gosched() {
		if time.Now().After(deadline) {
			stack := make([]byte, 1<<16)
			t.Fatalf("got  %d goroutines\nwant %d\n%s", runtime.NumGoroutine(), before, stack[:runtime.Stack(stack, true)])
		}
	}
}

// wantCanceled cancels a probe a moment after the phase before has ended, or
// has begun where there is none.
func wantCanceled(t *testing.T, e settings.Endpoint, opt probe.Options, phase string) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	soon := func() { time.AfterFunc(50*time.Millisecond, cancel) }
	if phase == probe.Resolve {
		soon()
	}
	phases := []string{probe.Resolve, probe.Connect, probe.TLS, probe.Greeting, probe.StartTLS, probe.Capabilities, probe.SignIn, probe.Access}
	opt.Progress = func(_ settings.Endpoint, s probe.Step) {
		if s.Phase != probe.Quit && slices.Index(phases, s.Phase)+1 == slices.Index(phases, phase) {
			soon()
		}
	}
	began := time.Now()
	r := dialogues[e.Protocol](e, opt).Probe(ctx)
	if took := time.Since(began); took > 30*time.Second {
		t.Errorf("got  %v\nwant an end at once", took)
	}
	if err := r.Step(phase).Err; !errors.Is(err, context.Canceled) {
		t.Errorf("got  %v in %s\nwant %v\n%s", err, summary(r), context.Canceled, transcript(r))
	}
	if got, want := len(r.Steps), 9; got != want {
		t.Errorf("got  %d steps\nwant %d", got, want)
	}
}

type stuckResolver struct{}

func (stuckResolver) LookupNetIP(ctx context.Context, _, _ string) ([]netip.Addr, error) {
	<-ctx.Done()
	return nil, &net.DNSError{Err: ctx.Err().Error(), UnwrapErr: ctx.Err(), IsTimeout: true}
}
