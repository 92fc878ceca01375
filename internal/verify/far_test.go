package verify

import (
	"bufio"
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"net/netip"
	"os"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"mailprobe/internal/lab/pki"
)

// A far is a network in which everything is one round trip away, for time that
// is virtual. Its servers do one thing after the other, as real ones: an answer
// leaves when what it answers has come.
type far struct {
	roundTrip time.Duration
	servers   map[uint16]speaker // by port; none: the connection is refused
	leaf      tls.Certificate
	roots     *pki.CA

	mu   sync.Mutex
	seen []string // what came, "143: LOGIN"
}

// A speaker is a server: whether TLS comes first, what it says first, and its
// answers by how a line begins, of which the longest counts.
type speaker struct {
	tls      bool
	greeting string
	answers  map[string]string // "$t" stands for the first word of the line
}

func newFar(t *testing.T, servers map[uint16]speaker) *far {
	t.Helper()
	ca, err := pki.NewCA("far")
	if err != nil {
		t.Fatal(err)
	}
	leaf, err := ca.Leaf(pki.LeafOptions{Names: []string{"mail.example.com"}})
	if err != nil {
		t.Fatal(err)
	}
	return &far{roundTrip: 100 * time.Millisecond, servers: servers, leaf: leaf, roots: ca}
}

func (f *far) LookupNetIP(context.Context, string, string) ([]netip.Addr, error) {
	return []netip.Addr{netip.MustParseAddr("192.0.2.1")}, nil
}

// DialContext is the TCP handshake: a round trip, and half of one until the
// server knows of it.
func (f *far) DialContext(ctx context.Context, _, address string) (net.Conn, error) {
	select {
	case <-time.After(f.roundTrip):
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	to := netip.MustParseAddrPort(address)
	s, ok := f.servers[to.Port()]
	if !ok {
		return nil, syscall.ECONNREFUSED
	}
	there, back := newWire(f.roundTrip/2), newWire(f.roundTrip/2)
	go func() {
		time.Sleep(f.roundTrip / 2)
		f.serve(s, to.Port(), &end{there, back, to})
	}()
	return &end{back, there, to}, nil
}

// rest lets what is on its way arrive: time stands still behind a test.
func (f *far) rest() { time.Sleep(time.Minute) }

func (f *far) serve(s speaker, port uint16, conn net.Conn) {
	defer func() { conn.Close() }() // the last of its layers
	config := &tls.Config{Certificates: []tls.Certificate{f.leaf}, SessionTicketsDisabled: true}
	if s.tls {
		over := tls.Server(conn, config)
		if over.Handshake() != nil {
			return
		}
		conn = over
	}
	io.WriteString(conn, s.greeting)
	for lines := bufio.NewReader(conn); ; {
		line, err := lines.ReadString('\n')
		if err != nil {
			return
		}
		f.mu.Lock()
		f.seen = append(f.seen, fmt.Sprintf("%d: %s", port, strings.TrimSpace(line)))
		f.mu.Unlock()
		answer := s.answer(strings.TrimRight(line, "\r\n"))
		io.WriteString(conn, strings.TrimSuffix(answer, "TLS"))
		if strings.HasSuffix(answer, "TLS") {
			conn = tls.Server(conn, config)
			lines = bufio.NewReader(conn)
		}
	}
}

func (s speaker) answer(line string) string {
	tag, command, _ := strings.Cut(line, " ")
	best := ""
	for prefix := range s.answers {
		if (strings.HasPrefix(line, prefix) || strings.HasPrefix(command, prefix)) && len(prefix) > len(best) {
			best = prefix
		}
	}
	return strings.ReplaceAll(s.answers[best], "$t", tag)
}

// A wire carries bytes one way, each write as a whole, and takes its time.
type wire struct {
	delay time.Duration

	mu       sync.Mutex
	parcels  []parcel
	deadline time.Time
	changed  chan struct{} // closed when anything has changed
}

// A parcel is what was written at once; with no bytes the end.
type parcel struct {
	at    time.Time
	bytes []byte
}

func newWire(delay time.Duration) *wire { return &wire{delay: delay, changed: make(chan struct{})} }

func (w *wire) change(how func()) {
	w.mu.Lock()
	defer w.mu.Unlock()
	how()
	close(w.changed)
	w.changed = make(chan struct{})
}

func (w *wire) read(p []byte) (int, error) {
	for {
		n, wait, changed, err := w.take(p)
		if n > 0 || err != nil {
			return n, err
		}
		timer := time.NewTimer(wait)
		select {
		case <-timer.C:
		case <-changed:
		}
		timer.Stop()
	}
}

// take takes what has arrived, or says how long that lasts.
func (w *wire) take(p []byte) (n int, wait time.Duration, changed chan struct{}, err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	now := time.Now()
	wait = time.Hour
	if !w.deadline.IsZero() {
		if wait = w.deadline.Sub(now); wait <= 0 {
			return 0, 0, nil, os.ErrDeadlineExceeded
		}
	}
	if len(w.parcels) == 0 {
		return 0, wait, w.changed, nil
	}
	first := &w.parcels[0]
	if left := first.at.Sub(now); left > 0 {
		return 0, min(wait, left), w.changed, nil
	}
	if len(first.bytes) == 0 {
		return 0, 0, nil, io.EOF
	}
	n = copy(p, first.bytes)
	if first.bytes = first.bytes[n:]; len(first.bytes) == 0 {
		w.parcels = w.parcels[1:]
	}
	return n, 0, nil, nil
}

// An end is one side of a connection.
type end struct {
	in, out *wire
	to      netip.AddrPort
}

func (e *end) Read(p []byte) (int, error) { return e.in.read(p) }
func (e *end) Write(p []byte) (int, error) {
	if len(p) > 0 {
		bytes := append([]byte(nil), p...)
		e.out.change(func() { e.out.parcels = append(e.out.parcels, parcel{time.Now().Add(e.out.delay), bytes}) })
	}
	return len(p), nil
}

func (e *end) Close() error {
	e.out.change(func() { e.out.parcels = append(e.out.parcels, parcel{at: time.Now().Add(e.out.delay)}) })
	e.in.change(func() { e.in.parcels = []parcel{{}} })
	return nil
}

func (e *end) SetReadDeadline(t time.Time) error {
	e.in.change(func() { e.in.deadline = t })
	return nil
}

func (e *end) SetDeadline(t time.Time) error    { return e.SetReadDeadline(t) }
func (e *end) SetWriteDeadline(time.Time) error { return nil }
func (e *end) LocalAddr() net.Addr {
	return net.TCPAddrFromAddrPort(netip.MustParseAddrPort("192.0.2.99:40000"))
}
func (e *end) RemoteAddr() net.Addr { return net.TCPAddrFromAddrPort(e.to) }

// What the servers of a provider say. Those that are terse announce as little as
// the big providers' do: nothing in IMAP's greeting, no pipelining in POP3.
func imapServer(tls, terse, accepts bool) speaker {
	caps := "[CAPABILITY IMAP4rev1 SASL-IR STARTTLS AUTH=PLAIN AUTH=SCRAM-SHA-256]"
	s := speaker{tls: tls, greeting: "* OK " + caps + " hi\r\n", answers: map[string]string{
		"CAPABILITY":         "* CAPABILITY IMAP4rev1 SASL-IR STARTTLS AUTH=PLAIN AUTH=SCRAM-SHA-256\r\n$t OK done\r\n",
		"STARTTLS":           "$t OK go on\r\nTLS",
		"AUTHENTICATE PLAIN": "$t OK [CAPABILITY IMAP4rev1] in\r\n",
		"EXAMINE":            "* 1 EXISTS\r\n$t OK done\r\n",
	}}
	if terse {
		s.greeting = "* OK hi\r\n"
	}
	if !accepts {
		s.answers["AUTHENTICATE PLAIN"] = "$t NO [AUTHENTICATIONFAILED] wrong\r\n"
		s.answers["EXAMINE"] = "$t BAD not signed in\r\n"
	}
	return s
}

func pop3Server(tls, terse bool) speaker {
	caps := "+OK\r\nUIDL\r\nSTLS\r\nSASL PLAIN SCRAM-SHA-256\r\nPIPELINING\r\n.\r\n"
	if terse {
		caps = strings.Replace(caps, "PIPELINING\r\n", "", 1)
	}
	return speaker{tls: tls, greeting: "+OK hi\r\n", answers: map[string]string{
		"CAPA": caps, "STLS": "+OK\r\nTLS", "AUTH PLAIN": "+OK in\r\n", "STAT": "+OK 0 0\r\n",
	}}
}

func smtpServer(tls bool) speaker {
	return speaker{tls: tls, greeting: "220 hi\r\n", answers: map[string]string{
		"EHLO": "250-hi\r\n250-PIPELINING\r\n250-STARTTLS\r\n250 AUTH PLAIN SCRAM-SHA-256\r\n", "STARTTLS": "220 go on\r\nTLS",
		"AUTH PLAIN": "235 in\r\n", "MAIL FROM": "250 ok\r\n", "RCPT TO": "250 ok\r\n",
	}}
}

// provider are the servers at all usual ports.
func provider(terse, accepts bool) map[uint16]speaker {
	return map[uint16]speaker{
		993: imapServer(true, terse, accepts), 143: imapServer(false, terse, accepts), 995: pop3Server(true, terse), 110: pop3Server(false, terse),
		465: smtpServer(true), 587: smtpServer(false),
	}
}
