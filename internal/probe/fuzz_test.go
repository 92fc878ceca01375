package probe_test

import (
	"bufio"
	"bytes"
	"crypto/tls"
	"io"
	"net"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"time"

	"mailprobe/internal/lab/pki"
	"mailprobe/internal/probe"
	"mailprobe/internal/settings"
	"mailprobe/internal/tlscheck"
)

// A babbler is a server that says whatever it is given, part by part, each
// after a line of the client. A part "TLS" is the handshake. In the others
// $tag is the first word of that line.
type babbler struct {
	listener net.Listener
	cert     tls.Certificate

	mu    sync.Mutex
	parts []string
	clear bytes.Buffer // what came outside TLS
	all   bytes.Buffer // and everything
}

func startBabbler(f testing.TB, ca *pki.CA) *babbler {
	f.Helper()
	listener, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		f.Fatal(err)
	}
	cert, err := ca.Leaf(pki.LeafOptions{Names: []string{"localhost"}})
	if err != nil {
		f.Fatal(err)
	}
	b := &babbler{listener: listener, cert: cert}
	f.Cleanup(func() { listener.Close() })
	go b.accept()
	return b
}

func (b *babbler) accept() {
	for {
		conn, err := b.listener.Accept()
		if err != nil {
			return
		}
		go b.speak(conn)
	}
}

// say sets what is said from now on, and forgets what was heard.
func (b *babbler) say(parts []string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.parts = parts
	b.clear.Reset()
	b.all.Reset()
}

func (b *babbler) heard() (clear, all string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.clear.String(), b.all.String()
}

func (b *babbler) speak(raw net.Conn) {
	defer raw.Close()
	raw.SetDeadline(time.Now().Add(2 * time.Second))
	b.mu.Lock()
	parts := b.parts
	b.mu.Unlock()
	conn, secure, tag := raw, false, ""
	br := bufio.NewReader(conn)
	for i, part := range parts {
		if part == "TLS" && !secure {
			over := tls.Server(raw, &tls.Config{Certificates: []tls.Certificate{b.cert}})
			if over.Handshake() != nil {
				return
			}
			conn, secure, br = over, true, bufio.NewReader(over)
			continue
		}
		if i > 0 && parts[i-1] != "TLS" || secure && strings.HasPrefix(part, ">") {
			tag, _, _ = strings.Cut(b.hear(br, secure), " ")
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

// fuzzSession probes servers that say anything. A part of the input ends
// with a NUL byte. Whatever they say, the probe ends in time and without a
// defect, the Result holds no secret, none goes out in clear or to a
// stranger, and nothing is accepted that was not shown.
func fuzzSession(f *testing.F, p settings.Protocol, seeds ...string) {
	ca, err := pki.NewCA("fuzz")
	if err != nil {
		f.Fatal(err)
	}
	stranger, err := pki.NewCA("stranger")
	if err != nil {
		f.Fatal(err)
	}
	known, unknown := startBabbler(f, ca), startBabbler(f, stranger)
	for _, seed := range seeds {
		f.Add(true, true, []byte(seed))
		f.Add(false, false, []byte(strings.Replace(seed, "TLS\x00", "", 1)))
	}
	f.Fuzz(func(t *testing.T, implicit, trusted bool, said []byte) {
		b := known
		if !trusted {
			b = unknown
		}
		b.say(strings.Split(string(said), "\x00"))
		security := settings.StartTLS
		if implicit {
			security = settings.TLS
		}
		began := time.Now()
		r := probeBabbler(t, b, p, security, ca)
		if took := time.Since(began); took > 3*time.Second {
			t.Errorf("got  %v\nwant 3 s at most", took)
		}
		clear, all := b.heard()
		if leaks(clear) || !trusted && leaks(all) {
			t.Errorf("got  the secret sent\nwant none of it\n%s", transcript(r))
		}
		wantSound(t, r)
	})
}

func probeBabbler(t *testing.T, b *babbler, p settings.Protocol, s settings.Security, ca *pki.CA) *probe.Result {
	t.Helper()
	opt := withPassword()
	loopback := netip.MustParseAddr("127.0.0.1")
	opt.Address, opt.TLS, opt.Transcript = &loopback, tlscheck.Config{System: ca.Pool()}, true
	opt.Timeouts = probe.Timeouts{Phase: 60 * time.Millisecond, SignIn: 60 * time.Millisecond, Silence: 20 * time.Millisecond}
	port := b.listener.Addr().(*net.TCPAddr).AddrPort().Port()
	return dialogues[p](settings.Endpoint{Protocol: p, Host: "localhost", Port: port, Security: s}, opt).Probe(t.Context())
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
	ca, err := pki.NewCA("test")
	if err != nil {
		t.Fatal(err)
	}
	b := startBabbler(t, ca)
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
		b.say(strings.Split(row.said, "\x00"))
		r := probeBabbler(t, b, row.protocol, row.security, ca)
		if got := verdict(r); got != row.want {
			t.Errorf("got  %s: %s\nwant %s\n%s", got, summary(r), row.want, transcript(r))
		}
	}
}

func FuzzIMAPSession(f *testing.F) {
	fuzzSession(f, settings.IMAP,
		"TLS\x00* OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN] hi\r\n\x00$tag OK in\r\n\x00* 0 EXISTS\r\n$tag OK open\r\n\x00",
		"TLS\x00* OK hi\r\n\x00* CAPABILITY IMAP4rev1 AUTH=PLAIN\r\n$tag OK\r\n\x00+ \r\n\x00T1 NO [AUTH\r\n",
		"* OK [CAPABILITY STARTTLS] hi\r\n\x00$tag OK go\r\n\x00TLS\x00>* CAPABILITY IMAP4rev1 (\r\n$tag OK\r\n\x00$tag OK in\r\n",
		"* PREAUTH [CAPABILITY (] hi\r\n\x00")
}

func FuzzPOP3Session(f *testing.F) {
	fuzzSession(f, settings.POP3,
		"TLS\x00+OK\r\n\x00+OK\r\nSASL PLAIN\r\n.\r\n\x00+OK\r\n\x00+OK 1 2\r\n\x00",
		"TLS\x00+OK\r\n\x00-ERR\r\n\x00+OK\r\n\x00+OK\r\n\x00+OK x\r\n",
		"+OK\r\n\x00+OK\r\nSTLS\r\n.\r\n\x00+OK\r\n\x00TLS\x00>+OK\r\nUSER\r\nPIPELINING\r\n.\r\n\x00+OK\r\n-ERR\r\n",
		"-ERR [SYS/TEMP\r\n\x00")
}

func FuzzSMTPSession(f *testing.F) {
	fuzzSession(f, settings.SMTP,
		"TLS\x00220 mx\r\n\x00250-mx\r\n250 AUTH PLAIN\r\n\x00235 in\r\n\x00250 ok\r\n\x00",
		"TLS\x00220 mx\r\n\x00250-mx\r\n250 AUTH LOGIN\r\n\x00334 \r\n\x00334 \r\n\x00535 no\r\n",
		"220 mx\r\n\x00250-mx\r\n250 STARTTLS\r\n\x00220 go\r\n\x00TLS\x00>250-mx\r\n250 AUTH=PLAIN\r\n\x00334 x\r\n\x00501\r\n",
		"220-\r\n220\r\n\x00")
}
