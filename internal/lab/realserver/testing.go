package realserver

import (
	"context"
	"errors"
	"os"
	"sync"
	"testing"
)

// Dovecot starts a Dovecot that ends with the test. The test is skipped if
// there is none; with MAILPROBE_REQUIRE_SERVERS=1 it fails.
func Dovecot(t testing.TB, o DovecotOptions) *Server {
	t.Helper()
	s, err := StartDovecot(t.Context(), o)
	return owned(t, s, err)
}

// Postfix starts a Postfix that ends with the test, as Dovecot does. Without
// a Dovecot in its options it starts one.
func Postfix(t testing.TB, o PostfixOptions) *Server {
	t.Helper()
	if o.Dovecot == nil {
		o.Dovecot = Dovecot(t, DovecotOptions{})
	}
	s, err := StartPostfix(t.Context(), o)
	return owned(t, s, err)
}

// owned closes s at the end of the test and shows its log if the test failed.
func owned(t testing.TB, s *Server, err error) *Server {
	t.Helper()
	require(t, err)
	t.Cleanup(func() {
		if log, _ := os.ReadFile(s.logFile); t.Failed() {
			t.Logf("log of %s:\n%s%s", s.process.cmd.Path, s.process.output(), log)
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// require skips or fails a test whose server did not start.
func require(t testing.TB, err error) {
	t.Helper()
	switch {
	case err == nil:
	case errors.Is(err, ErrUnavailable) && os.Getenv("MAILPROBE_REQUIRE_SERVERS") != "1":
		t.Skipf("SKIPPED, NOT TESTED: %v", err)
	default:
		t.Fatal(err)
	}
}

// A Shared is one Dovecot and one Postfix for all tests of a package, each
// started when a test first asks for it. TestMain closes it. The zero Shared
// is ready for use.
type Shared struct {
	// Options are those of the Dovecot, asked for once, when it starts; nil
	// means none. A test program that is started again as a command, a
	// thousand times, has no use for them.
	Options func() DovecotOptions

	dovecot, postfix once
}

// Dovecot returns the shared Dovecot. It skips or fails the test if there is
// none.
func (s *Shared) Dovecot(t testing.TB) *Server {
	t.Helper()
	server, err := s.dovecot.start(func() (*Server, error) {
		return StartDovecot(context.Background(), s.options())
	})
	require(t, err)
	return server
}

func (s *Shared) options() DovecotOptions {
	if s.Options == nil {
		return DovecotOptions{}
	}
	return s.Options()
}

// Postfix returns the shared Postfix, whose Dovecot is the shared one. It
// skips or fails the test if there is none.
func (s *Shared) Postfix(t testing.TB) *Server {
	t.Helper()
	dovecot := s.Dovecot(t)
	server, err := s.postfix.start(func() (*Server, error) {
		return StartPostfix(context.Background(), PostfixOptions{Dovecot: dovecot})
	})
	require(t, err)
	return server
}

// Close ends what was started.
func (s *Shared) Close() error {
	return errors.Join(s.postfix.close(), s.dovecot.close())
}

// once holds the one outcome of a start.
type once struct {
	sync.Once
	server *Server
	err    error
}

func (o *once) start(f func() (*Server, error)) (*Server, error) {
	o.Do(func() { o.server, o.err = f() })
	return o.server, o.err
}

func (o *once) close() error {
	if o.server == nil {
		return nil
	}
	return o.server.Close()
}
