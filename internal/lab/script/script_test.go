package script_test

import (
	"bufio"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"mailprobe/internal/lab/pki"
	"mailprobe/internal/lab/script"
)

// A recorder is a test that keeps what is reported to it.
type recorder struct {
	*testing.T
	errors []string
}

func (r *recorder) Errorf(format string, args ...any) {
	r.errors = append(r.errors, fmt.Sprintf(format, args...))
}

type fatal string

func (r *recorder) Fatalf(format string, args ...any) { panic(fatal(fmt.Sprintf(format, args...))) }

func dial(t *testing.T, s *script.Server) net.Conn {
	t.Helper()
	conn, err := net.Dial("tcp", s.Address())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	conn.SetDeadline(time.Now().Add(20 * time.Second))
	return conn
}

func send(t *testing.T, w io.Writer, text string) {
	t.Helper()
	if _, err := io.WriteString(w, text); err != nil {
		t.Fatal(err)
	}
}

func want(t *testing.T, r *bufio.Reader, want string) {
	t.Helper()
	got, err := r.ReadString('\n')
	if err != nil || got != want {
		t.Fatalf("got  %q, %v\nwant %q", got, err, want)
	}
}

func TestDialogueWithTLS(t *testing.T) {
	ca, err := pki.NewCA("test")
	if err != nil {
		t.Fatal(err)
	}
	s := script.Start(t, script.Options{CA: ca, Leaf: pki.LeafOptions{Names: []string{"imap.example.com"}}}, `
		# before TLS
		S: * OK hello
		C: * STARTTLS
		S: $tag OK go ahead
		TLS
		C: T2 LOGIN
		S-raw: $tag is \x41s it stands\n
		S: $tag NO
	`)
	conn := dial(t, s)
	br := bufio.NewReader(conn)
	want(t, br, "* OK hello\r\n")
	send(t, conn, "x7 starttls\r\n")
	want(t, br, "x7 OK go ahead\r\n")
	secure := tls.Client(conn, &tls.Config{RootCAs: ca.Pool(), ServerName: "imap.example.com"})
	br = bufio.NewReader(secure)
	send(t, secure, "T2 LOGIN me secret\r\n")
	want(t, br, "T2 is As it stands\n")
	want(t, br, "T2 NO\r\n")
	if _, err := br.ReadByte(); err != io.EOF {
		t.Errorf("got  %v\nwant %v", err, io.EOF)
	}
	send(t, secure, "T3 LOGOUT\r\n")
	secure.Close()
	s.Close()
	if got, want := s.Lines(), []string{"x7 starttls", "T2 LOGIN me secret", "T3 LOGOUT"}; !slices.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
	if got, want := s.Received(), "x7 starttls\r\nT2 LOGIN me secret\r\nT3 LOGOUT\r\n"; got != want {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}

func TestEveryClientGetsTheScript(t *testing.T) {
	s := script.Start(t, script.Options{}, "S: +OK\nC: QUIT\nclose")
	for range 3 {
		conn := dial(t, s)
		send(t, conn, "QUIT\r\n")
		if got, err := io.ReadAll(conn); err != nil || string(got) != "+OK\r\n" {
			t.Errorf("got  %q, %v\nwant %q", got, err, "+OK\r\n")
		}
	}
	s.Close()
	if got, want := s.Connections(), 3; got != want {
		t.Errorf("got  %d\nwant %d", got, want)
	}
}

func TestMismatchFailsTheTest(t *testing.T) {
	rows := []struct{ name, script, send, want string }{
		{"another command", "C: QUIT", "NOOP\r\n", "line 1\ngot  C: NOOP\nwant C: QUIT"},
		{"no tag", "C: * NOOP", "NOOP\r\n", "line 1\ngot  C: NOOP\nwant C: * NOOP"},
		{"end too early", "\nC: A\nC: B", "A\r\n", `line 3
got  "", EOF
want C: B`},
		{"half a line", "C: QUIT", "QUI", `line 1
got  "QUI", EOF
want C: QUIT`},
		{"no handshake", "TLS", "hello there, this is no handshake\r\n", "line 1\ngot  tls: first record does not look like a TLS handshake"},
		{"too long a line", "C: QUIT", strings.Repeat("Q", 70_000), "bufio: buffer full"},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			r := &recorder{T: t}
			s := script.Start(r, script.Options{}, row.script)
			conn := dial(t, s)
			send(t, conn, row.send)
			conn.(*net.TCPConn).CloseWrite()
			io.Copy(io.Discard, conn)
			s.Close()
			if len(r.errors) != 1 || !strings.Contains(r.errors[0], row.want) {
				t.Errorf("got  %q\nwant one with %q", r.errors, row.want)
			}
		})
	}
}

func TestMatchingLinesAreNoError(t *testing.T) {
	rows := []struct{ name, script, send string }{
		{"prefix in any case", "C: ehlo", "EHLO test\r\n"},
		{"any tag", "C: * login me", "a1 LOGIN me secret\r\n"},
		{"any line", "C: *", "NOOP\r\n"},
		{"LF alone", "C: NOOP", "NOOP\n"},
		{"client leaves while it is spoken to", "C: NOOP\nS: one\nS: two\nsilence", "NOOP\r\n"},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			r := &recorder{T: t}
			s := script.Start(r, script.Options{}, row.script)
			conn := dial(t, s)
			send(t, conn, row.send)
			conn.(*net.TCPConn).CloseWrite()
			io.Copy(io.Discard, conn)
			s.Close()
			if len(r.errors) != 0 {
				t.Errorf("got  %q\nwant no error", r.errors)
			}
		})
	}
}

func TestScriptThatCannotBeRead(t *testing.T) {
	rows := []struct{ text, want string }{
		{"S: hello\nhello", `line 2: "hello" is none of`},
		{`S-raw: \q`, "line 1: invalid syntax"},
		{"C:", `line 1: "C:" expects nothing`},
		{"TLS now", `line 1: "TLS" takes no argument`},
		{"pause long", `line 1: time: invalid duration`},
	}
	for _, row := range rows {
		t.Run(row.text, func(t *testing.T) {
			defer func() {
				if got := fmt.Sprint(recover()); !strings.Contains(got, row.want) {
					t.Errorf("got  %q\nwant %q in it", got, row.want)
				}
			}()
			script.Start(&recorder{T: t}, script.Options{}, row.text)
		})
	}
}

func TestReset(t *testing.T) {
	s := script.Start(t, script.Options{}, "C: A\nreset")
	conn := dial(t, s)
	send(t, conn, "A\r\n")
	if _, err := conn.Read(make([]byte, 1)); !errors.Is(err, syscall.ECONNRESET) {
		t.Errorf("got  %v\nwant %v", err, syscall.ECONNRESET)
	}
}

func TestSilence(t *testing.T) {
	s := script.Start(t, script.Options{}, "silence")
	conn := dial(t, s)
	conn.SetReadDeadline(time.Now().Add(20 * time.Millisecond))
	if n, err := conn.Read(make([]byte, 1)); n != 0 || !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("got  %d, %v\nwant nothing in time", n, err)
	}
}

// Who is connected by the server itself hears all that is said before the
// silence, however late he listens, and waits for nothing behind it.
func TestSilenceIsToldToTheClient(t *testing.T) {
	s := script.Start(t, script.Options{}, "S: hello\nC: A\nS: more\nsilence")
	conn, err := s.DialContext(t.Context(), "tcp", "ignored.example:1")
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	conn.SetDeadline(time.Now().Add(time.Minute))
	r := bufio.NewReader(conn)
	want(t, r, "hello\r\n")
	send(t, conn, "A\r\n")
	time.Sleep(50 * time.Millisecond) // likely behind the silence; right in either case
	want(t, r, "more\r\n")
	began := time.Now()
	for range 2 {
		if _, err := r.ReadByte(); !errors.Is(err, os.ErrDeadlineExceeded) {
			t.Errorf("got  %v\nwant %v", err, os.ErrDeadlineExceeded)
		}
		conn.SetReadDeadline(time.Time{})
	}
	if took := time.Since(began); took > 30*time.Second {
		t.Errorf("got  an end after %v\nwant it at once", took)
	}
}

func TestPause(t *testing.T) {
	s := script.Start(t, script.Options{}, "pause 30ms\nS: late")
	began := time.Now()
	want(t, bufio.NewReader(dial(t, s)), "late\r\n")
	if took := time.Since(began); took < 30*time.Millisecond {
		t.Errorf("got  %v\nwant 30 ms at least", took)
	}
}

func TestCloseEndsEverything(t *testing.T) {
	before := runtime.NumGoroutine()
	r := &recorder{T: t}
	for _, text := range []string{"silence", "pause 1h", "TLS", "C: hello"} {
		s := script.Start(r, script.Options{}, text)
		conn := dial(t, s)
		for s.Connections() == 0 {
			runtime.Gosched()
		}
		s.Close()
		s.Close()
		conn.Close()
	}
	if got, want := len(r.errors), 2; got != want {
		t.Errorf("got  %q\nwant %d: TLS and C: were never answered", r.errors, want)
	}
	for deadline := time.Now().Add(30 * time.Second); runtime.NumGoroutine() > before; runtime.Gosched() {
		if time.Now().After(deadline) {
			t.Fatalf("got  %d goroutines\nwant %d", runtime.NumGoroutine(), before)
		}
	}
}
