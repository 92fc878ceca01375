package diagnose

import (
	"context"
	"strings"
	"testing"

	"mailprobe/internal/probe"
	"mailprobe/internal/tlscheck"
)

// What was cut short by the end of the run says nothing of the server, and
// nobody is to blame for it.
func TestCutOffRun(t *testing.T) {
	refused := func(r *probe.Result) {
		r.Auth = probe.Auth{Status: probe.AuthUnknown, Reason: "cut off", Sent: true}
		r.SecretSent = true
	}
	left := func(r *probe.Result) { r.Message = &probe.Delivery{Seen: true, Subject: "test", Reason: "cut off"} }
	silent := &probe.ProtocolError{Fault: probe.Silent}
	timeout := &probe.ConnectError{Err: errSilent}
	for _, row := range []struct {
		name, phase string
		err         error
		seen        func(*probe.Result)
		want, says  string
	}{
		{"in the look-up", probe.Resolve, &probe.ResolveError{Err: errNoDNS}, nil, "$ warning tool", "(in the phase resolve)"},
		{"in the connection", probe.Connect, timeout, nil, "$ warning tool", "was done (in the phase connect)"},
		{"in the handshake", probe.TLS, &tlscheck.HandshakeError{Failure: tlscheck.Closed, Err: errSilent}, nil, "$ warning tool", "(in the phase tls)"},
		{"in the greeting", probe.Greeting, silent, nil, "$ warning tool", "(in the phase greeting)"},
		{"in STARTTLS", probe.StartTLS, &probe.ProtocolError{Fault: probe.ClosedEarly}, nil, "$ warning tool", "not judged."},
		{"in the sign-in", probe.SignIn, silent, refused, "$ warning tool", "A wrong password may count"},
		{"in the access", probe.Access, silent, nil, "$ warning tool", "(in the phase access)"},
		{"in the access, and a message is left", probe.Access, silent, left, "access.message_left warning account; $ warning tool", "(in the phase access)"},
		{"before it began", probe.Resolve, nil, nil, "$ warning tool", "before the test of imap.example.com:143 began"},
	} {
		for code, cause := range map[string]error{"tool.interrupted": context.Canceled, "tool.out_of_time": context.DeadlineExceeded} {
			t.Run(row.name+", "+code, func(t *testing.T) {
				r := cutOffRunOf(cause, row.phase, row.err)
				if row.seen != nil {
					row.seen(r)
				}
				got := Result(r, Context{})
				if want := strings.ReplaceAll(row.want, "$", code); codesOf(t, got) != want {
					t.Errorf("got  %q\nwant %q", codesOf(t, got), want)
				}
				if f := got[len(got)-1]; !strings.Contains(f.Says(), row.says) {
					t.Errorf("got  %q\nwant %q in it", f.Says(), row.says)
				}
			})
		}
	}
}

// An ending is a context that somebody ends, and how.
type ending struct {
	context.Context
	over bool
	how  error
}

func (e *ending) Err() error {
	if e.over {
		return e.how
	}
	return nil
}

// cutOffRunOf is a probe that ends with its run, in a phase that came to err;
// nil: before it.
func cutOffRunOf(how error, phase string, err error) *probe.Result {
	ctx := &ending{context.Background(), err == nil, how}
	run := func(context.Context) error { ctx.over = true; return err }
	return probe.NewSession(parsed(imapUp), probe.Options{}).Run(ctx, []probe.Phase{{Name: phase, Run: run}})
}
