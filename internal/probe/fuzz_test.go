package probe_test

import (
	"bufio"
	"bytes"
	"context"
	"crypto/tls"
	"io"
	"net"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"mailprobe/internal/diagnose"
	"mailprobe/internal/lab/pki"
	"mailprobe/internal/probe"
	"mailprobe/internal/probe/imap"
	"mailprobe/internal/probe/pop3"
	"mailprobe/internal/settings"
	"mailprobe/internal/tlscheck"
)

// A babbler is a server that says whatever it is given, part by part, each
// after a line of the client. A part "TLS" is the handshake. In the others
// $tag is the first word of the client's last line of more than one. It stands
// in memory: a connection to it is a pipe.
type babbler struct {
	cert  tls.Certificate
	parts []string

	mu    sync.Mutex
	clear bytes.Buffer // what came outside TLS
	all   bytes.Buffer // and everything
}

// DialContext implements probe.Dialer.
func (b *babbler) DialContext(context.Context, string, string) (net.Conn, error) {
	client, server := net.Pipe()
	go b.speak(heardOut(server))
	return client, nil
}

func (b *babbler) heard() (clear, all string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.clear.String(), b.all.String()
}

func (b *babbler) speak(raw net.Conn) {
	defer raw.Close()
	conn, secure, tag := raw, false, ""
	br := bufio.NewReader(conn)
	for i, part := range b.parts {
		if part == "TLS" && !secure {
			over := tls.Server(raw, &tls.Config{Certificates: []tls.Certificate{b.cert}})
			if over.Handshake() != nil {
				return
			}
			conn, secure, br = over, true, bufio.NewReader(over)
			continue
		}
		if i > 0 && b.parts[i-1] != "TLS" || secure && strings.HasPrefix(part, ">") {
			if word, _, ok := strings.Cut(b.hear(br, secure), " "); ok {
				tag = word
			}
		}
		io.WriteString(conn, strings.ReplaceAll(strings.TrimPrefix(part, ">"), "$tag", tag))
	}
	for b.hear(br, secure) != "" {
	}
}

func (b *babbler) hear(br *bufio.Reader, secure bool) string {
	line, _ := br.ReadString('\n')
	b.mu.Lock()
	defer b.mu.Unlock()
	b.all.WriteString(line)
	if !secure {
		b.clear.WriteString(line)
	}
	return line
}

// A patientConn takes in what the other side writes whether or not somebody
// reads it, as a socket does and a pipe does not.
type patientConn struct {
	net.Conn
	chunks chan []byte
	rest   []byte
}

func heardOut(conn net.Conn) net.Conn {
	c := &patientConn{Conn: conn, chunks: make(chan []byte, 4096)}
	go func() {
		defer close(c.chunks)
		for {
			chunk := make([]byte, 4096)
			n, err := conn.Read(chunk)
			if n > 0 {
				c.chunks <- chunk[:n]
			}
			if err != nil {
				return
			}
		}
	}()
	return c
}

func (c *patientConn) Read(p []byte) (int, error) {
	if len(c.rest) == 0 {
		chunk, open := <-c.chunks
		if !open {
			return 0, io.EOF
		}
		c.rest = chunk
	}
	n := copy(p, c.rest)
	c.rest = c.rest[n:]
	return n, nil
}

// fuzzSession probes servers that say anything. A part of the input ends
// with a NUL byte. Whatever they say, the probe ends in time and without a
// defect, the Result holds no secret, none goes out in clear or to a
// stranger, and nothing is accepted that was not shown.
//
// The clock is a false one that goes on as soon as everybody waits: who waits
// in vain costs nothing.
func fuzzSession(f *testing.F, p settings.Protocol, seeds ...string) {
	known, unknown := newParty(f, "fuzz"), newParty(f, "stranger")
	for _, seed := range seeds {
		f.Add(true, true, []byte(seed))
		f.Add(false, false, []byte(strings.Replace(seed, "TLS\x00", "", 1)))
	}
	f.Fuzz(func(t *testing.T, implicit, trusted bool, said []byte) {
		b := &babbler{cert: known.leaf, parts: strings.Split(string(said), "\x00")}
		if !trusted {
			b.cert = unknown.leaf
		}
		security := settings.StartTLS
		if implicit {
			security = settings.TLS
		}
		began := time.Now()
		r := probeBabbler(t, b, p, security, known)
		if took := time.Since(began); took > 3*time.Second || r.Took > 3*time.Second {
			t.Errorf("got  %v by the true clock, %v by the false one\nwant 3 s at most", took, r.Took)
		}
		clear, all := b.heard()
		if leaks(clear) || !trusted && leaks(all) {
			t.Errorf("got  the secret sent\nwant none of it\n%s", transcript(r))
		}
		if r.Auth.Status == probe.AuthAccepted && showsPassword(r.Auth.Mechanism) && !leaks(all) {
			t.Errorf("got  accepted by %s\nwant the password sent first\n%s", r.Auth.Mechanism, transcript(r))
		}
		wantSound(t, r)
	})
}

// showsPassword reports whether a way to sign in shows the password itself.
func showsPassword(mechanism string) bool {
	return slices.Contains([]string{"PLAIN", "LOGIN", imap.NativeLogin, pop3.NativeLogin}, mechanism)
}

// A party is an authority with a certificate for this host.
type party struct {
	ca   *pki.CA
	leaf tls.Certificate
}

func newParty(t testing.TB, name string) party {
	t.Helper()
	ca, err := pki.NewCA(name)
	if err != nil {
		t.Fatal(err)
	}
	leaf, err := ca.Leaf(pki.LeafOptions{Names: []string{"localhost"}})
	if err != nil {
		t.Fatal(err)
	}
	return party{ca, leaf}
}

// probeBabbler probes b by a false clock that shows the true time at first.
func probeBabbler(t *testing.T, b *babbler, p settings.Protocol, s settings.Security, trusted party) *probe.Result {
	t.Helper()
	now := time.Now()
	var r *probe.Result
	synctest.Test(t, func(t *testing.T) {
		time.Sleep(time.Until(now))
		opt := withPassword()
		loopback := netip.MustParseAddr("127.0.0.1")
		opt.Address, opt.Dialer, opt.TLS, opt.Transcript = &loopback, b, tlscheck.Config{System: trusted.ca.Pool()}, true
		opt.Unjudged = func(e settings.Endpoint, a probe.Auth) bool { return diagnose.WayRefused(e, a, nil) }
		opt.Timeouts = probe.Timeouts{Phase: 60 * time.Millisecond, SignIn: 60 * time.Millisecond, Silence: 20 * time.Millisecond}
		r = dialogues[p](settings.Endpoint{Protocol: p, Host: "localhost", Port: 1, Security: s}, opt).Probe(t.Context())
	})
	return r
}

// wantSound checks what holds for every Result.
func wantSound(t *testing.T, r *probe.Result) {
	t.Helper()
	if got, want := len(r.Steps), 9; got != want {
		t.Errorf("got  %d steps\nwant %d", got, want)
	}
	for _, s := range r.Steps {
		if probe.FaultOf(s.Err) == probe.InternalDefect {
			t.Errorf("got  %v in %s\nwant no defect", s.Err, s.Phase)
		}
		if (s.Status == probe.Failed) != (s.Err != nil) {
			t.Errorf("got  %s with %v in %s", s.Status, s.Err, s.Phase)
		}
	}
	if r.Auth.Status == probe.AuthAccepted && !r.Auth.Sent {
		t.Errorf("got  accepted, nothing sent\n%s", transcript(r))
	}
	if text := everything(r); leaks(text) {
		t.Errorf("got  the secret in the result\n%s", text)
	}
}

// The fuzz targets prove something only if their servers can be signed in to.
func TestBabblersAreUnderstood(t *testing.T) {
	known := newParty(t, "test")
	rows := []struct {
		protocol settings.Protocol
		security settings.Security
		said     string
		want     string
	}{
		{settings.IMAP, settings.TLS, "TLS\x00* OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN] hi\r\n\x00$tag OK in\r\n\x00* 0 EXISTS\r\n$tag OK open\r\n\x00", "accepted sent"},
		{settings.POP3, settings.TLS, "TLS\x00+OK\r\n\x00+OK\r\nSASL PLAIN\r\n.\r\n\x00+OK\r\n\x00+OK 1 2\r\n\x00", "accepted sent"},
		{settings.SMTP, settings.StartTLS, "220 mx\r\n\x00250-mx\r\n250 STARTTLS\r\n\x00220 go\r\n\x00TLS\x00>250-mx\r\n250 AUTH PLAIN\r\n\x00235 in\r\n", "accepted sent"},
	}
	for _, row := range rows {
		b := &babbler{cert: known.leaf, parts: strings.Split(row.said, "\x00")}
		r := probeBabbler(t, b, row.protocol, row.security, known)
		if got := verdict(r); got != row.want {
			t.Errorf("got  %s: %s\nwant %s\n%s", got, summary(r), row.want, transcript(r))
		}
	}
}

func FuzzIMAPSession(f *testing.F) {
	fuzzSession(f, settings.IMAP,
		"TLS\x00* OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN] hi\r\n\x00$tag OK in\r\n\x00* 0 EXISTS\r\n$tag OK open\r\n\x00",
		"TLS\x00* OK hi\r\n\x00* CAPABILITY IMAP4rev1 AUTH=PLAIN\r\n$tag OK\r\n\x00+ \r\n\x00$tag NO [AUTH\r\n",
		"* OK [CAPABILITY STARTTLS] hi\r\n\x00$tag OK go\r\n\x00TLS\x00>* CAPABILITY IMAP4rev1 (\r\n$tag OK\r\n\x00$tag OK in\r\n",
		"* PREAUTH [CAPABILITY (] hi\r\n\x00",
		"TLS\x00* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN] hi\r\n\x00$tag OK in\r\n\x00",
		"TLS\x00* OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=LOGIN] hi\r\n\x00+ \r\n\x00$tag OK in\r\n\x00",
		"TLS\x00* OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=LOGIN] hi\r\n\x00+ \r\n\x00+ \r\n$tag OK in\r\n\x00",
		"TLS\x00* OK [CAPABILITY IMAP4rev1 AUTH=CRAM-MD5 LOGINDISABLED] hi\r\n\x00+ PDFAeD4=\r\n\x00$tag OK in\r\n\x00",
		"TLS\x00* OK [CAPABILITY IMAP4rev1 SASL-IR LOGINDISABLED AUTH=SCRAM-SHA-1] hi\r\n\x00+ cj14\r\n\x00$tag OK in\r\n\x00",
		"TLS\x00* OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN] hi\r\n\x00$tag BAD\r\n\x00$tag NO\r\n\x00$tag OK in\r\n\x00$tag OK\r\n\x00")
}

func FuzzPOP3Session(f *testing.F) {
	fuzzSession(f, settings.POP3,
		"TLS\x00+OK\r\n\x00+OK\r\nSASL PLAIN\r\n.\r\n\x00+OK\r\n\x00+OK 1 2\r\n\x00",
		"TLS\x00+OK\r\n\x00-ERR\r\n\x00+OK\r\n\x00+OK\r\n\x00+OK x\r\n",
		"+OK\r\n\x00+OK\r\nSTLS\r\n.\r\n\x00+OK\r\n\x00TLS\x00>+OK\r\nUSER\r\nPIPELINING\r\n.\r\n\x00+OK\r\n-ERR\r\n",
		"-ERR [SYS/TEMP\r\n\x00",
		"TLS\x00+OK\r\n\x00+OK\r\nSASL LOGIN\r\n.\r\n\x00+ \r\n\x00+OK\r\n\x00+OK 1 2\r\n\x00",
		"TLS\x00+OK\r\n\x00+OK\r\nSASL CRAM-MD5\r\n.\r\n\x00+OK\r\n\x00+OK 1 2\r\n\x00",
		"TLS\x00+OK\r\n\x00+OK\r\nUSER\r\n.\r\n\x00+OK\r\n+OK in\r\n\x00",
		"TLS\x00+OK\r\n\x00+OK\r\nUSER\r\nSASL PLAIN\r\n.\r\n\x00-ERR Unknown command.\r\n\x00-ERR\r\n\x00+OK\r\n\x00+OK\r\n\x00+OK 1 2\r\n\x00+OK\r\nUIDL\r\n.\r\n")
}

func FuzzSMTPSession(f *testing.F) {
	fuzzSession(f, settings.SMTP,
		"TLS\x00220 mx\r\n\x00250-mx\r\n250 AUTH PLAIN\r\n\x00235 in\r\n\x00250 ok\r\n\x00",
		"TLS\x00220 mx\r\n\x00250-mx\r\n250 AUTH LOGIN\r\n\x00334 \r\n\x00334 \r\n\x00535 no\r\n",
		"220 mx\r\n\x00250-mx\r\n250 STARTTLS\r\n\x00220 go\r\n\x00TLS\x00>250-mx\r\n250 AUTH=PLAIN\r\n\x00334 x\r\n\x00501\r\n",
		"220-\r\n220\r\n\x00",
		"TLS\x00220 mx\r\n\x00250-mx\r\n250 AUTH LOGIN\r\n\x00235 in\r\n\x00",
		"TLS\x00220 mx\r\n\x00250-mx\r\n250 AUTH LOGIN\r\n\x00334 \r\n\x00235 in\r\n\x00",
		"TLS\x00220 mx\r\n\x00250-mx\r\n250 AUTH CRAM-MD5\r\n\x00334 %%%\r\n\x00235 in\r\n\x00",
		"TLS\x00220 mx\r\n\x00250-mx\r\n250 AUTH PLAIN LOGIN\r\n\x00504\r\n\x00504\r\n\x00334 \r\n\x00334 \r\n\x00235 in\r\n\x00")
}
