package probe_test

import (
	"bufio"
	"context"
	"crypto/tls"
	"io"
	"net"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"mailprobe/internal/lab/pki"
	"mailprobe/internal/probe"
	"mailprobe/internal/settings"
	"mailprobe/internal/tlscheck"
)

// A slowServer speaks over pipes in the time of a synctest bubble, where a
// minute costs nothing. Each word of its part is a time that passes, "C:" for
// a line that is read, "TLS" for a handshake, "raw " and what is sent without
// an end of line, or a line that is sent.
type slowServer struct {
	cert  tls.Certificate
	part  []string
	calls sync.WaitGroup
}

func (s *slowServer) DialContext(context.Context, string, string) (net.Conn, error) {
	near, far := net.Pipe()
	s.calls.Go(func() { s.speak(far) })
	return near, nil
}

func (s *slowServer) speak(conn net.Conn) {
	defer conn.Close()
	r := bufio.NewReader(conn)
	for _, word := range s.part {
		if wait, err := time.ParseDuration(word); err == nil {
			time.Sleep(wait) // in the bubble's time
			continue
		}
		switch word {
		case "C:":
			if _, err := r.ReadString('\n'); err != nil {
				return
			}
		case "TLS":
			conn = tls.Server(conn, &tls.Config{Certificates: []tls.Certificate{s.cert}})
			r = bufio.NewReader(conn)
		default:
			said, raw := strings.CutPrefix(word, "raw ")
			if !raw {
				said += "\r\n"
			}
			if _, err := io.WriteString(conn, said); err != nil {
				return
			}
		}
	}
	io.Copy(io.Discard, r)
}

// Servers that look up the name of their caller's address, or hold callers
// back on purpose, take their time and are no worse for it.
func TestSlowIsNotSilent(t *testing.T) {
	caps := []string{"250-mx", "250 AUTH PLAIN"}
	plainCaps := []string{"250-mx", "250 STARTTLS"}
	rows := []struct {
		name     string
		protocol settings.Protocol
		security settings.Security
		limit    time.Duration // of the whole run; 0: none
		part     [][]string
		want     string
	}{
		{"a late greeting", "smtp", "plain", 0, [][]string{{"20s", "220 mx", "C:"}, caps, {"C:"}}, "ok ok - ok - ok - - ok"},
		{"a late answer to EHLO", "smtp", "plain", 0, [][]string{{"220 mx", "C:", "25s"}, caps, {"C:"}}, "ok ok - ok - ok - - ok"},
		{"both, within the default limit", "smtp", "plain", 90 * time.Second, [][]string{{"20s", "220 mx", "C:", "25s"}, caps, {"C:"}}, "ok ok - ok - ok - - ok"},
		{"all of it behind STARTTLS, within the default limit", "smtp", "starttls", 90 * time.Second,
			[][]string{{"20s", "220 mx", "C:", "25s"}, plainCaps, {"C:", "220 go", "TLS", "C:", "25s"}, caps, {"C:"}}, "ok ok - ok ok ok - - ok"},
		{"a late handshake", "smtp", "tls", 0, [][]string{{"30s", "TLS", "220 mx", "C:"}, caps, {"C:"}}, "ok ok ok ok - ok - - ok"},
		{"STARTTLS and its handshake", "smtp", "starttls", 0, [][]string{{"220 mx", "C:"}, plainCaps, {"C:", "30s", "220 go", "30s", "TLS", "C:"}, caps, {"C:"}}, "ok ok - ok ok ok - - ok"},
		{"a late IMAP greeting", "imap", "tls", 0, [][]string{{"TLS", "30s", "* OK [CAPABILITY IMAP4rev1] hi", "C:"}}, "ok ok ok ok - ok - - ok"},
		{"a late answer to CAPA", "pop3", "tls", 0, [][]string{{"TLS", "+OK hi", "C:", "30s", "+OK", "USER", ".", "C:"}}, "ok ok ok ok - ok - - ok"},
		{"EHLO answered a byte at a time", "smtp", "tls", 0, [][]string{{"TLS", "220 mx", "C:"}, slices.Repeat([]string{"1s", "raw 2"}, 100)}, "ok ok ok ok - FAILED - - -; silent"},
		{"CAPABILITY answered a byte at a time", "imap", "tls", 0, [][]string{{"TLS", "* OK hello", "C:"}, slices.Repeat([]string{"1s", "raw *"}, 100)}, "ok ok ok ok - FAILED - - -; silent"},
		{"CAPA answered a byte at a time", "pop3", "tls", 0, [][]string{{"TLS", "+OK hello", "C:", "+OK"}, slices.Repeat([]string{"1s", "raw X"}, 100)}, "ok ok ok ok - FAILED - - -; silent"},
		{"no greeting", "smtp", "plain", 0, nil, "ok ok - FAILED - - - - -; silent"},
		{"no greeting in a short run", "smtp", "plain", 8 * time.Second, nil, "ok ok - FAILED - - - - -; silent"},
		{"no handshake in a short run", "imap", "tls", 8 * time.Second, nil, "ok ok FAILED - - - - - -; handshake timeout"},
		{"no consent to STARTTLS in a short run", "smtp", "starttls", 8 * time.Second, [][]string{{"220 mx", "C:"}, plainCaps, {"C:"}}, "ok ok - ok FAILED - - - -; silent"},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s, ctx := &slowServer{}, t.Context()
				for _, part := range row.part {
					s.part = append(s.part, part...)
				}
				if row.limit > 0 {
					var cancel context.CancelFunc
					ctx, cancel = context.WithTimeout(ctx, row.limit)
					defer cancel()
				}
				defer s.calls.Wait()
				r := playSlow(ctx, t, s, row.protocol, row.security)
				if got := summary(r); got != row.want {
					t.Errorf("got  %s\nwant %s\n%s", got, row.want, transcript(r))
				}
				if f := r.FailedStep(); f != nil && (f.Limit <= 0 || probe.CutShort(f.Err)) {
					t.Errorf("got  limit %v, cut short %v\nwant the phase's own limit", f.Limit, probe.CutShort(f.Err))
				}
			})
		})
	}
}

func playSlow(ctx context.Context, t *testing.T, s *slowServer, p settings.Protocol, security settings.Security) *probe.Result {
	ca, err := pki.NewCA("slow")
	if err == nil {
		s.cert, err = ca.Leaf(pki.LeafOptions{Names: []string{"mail.example.com"}})
	}
	if err != nil {
		t.Fatal(err)
	}
	e := settings.Endpoint{Protocol: p, Host: "mail.example.com", Port: 1000, Security: security}
	return dialogues[p](e, probe.Options{
		Dialer: s, Resolver: fakeResolver{"ip4": {addrs("192.0.2.1"), nil}},
		TLS: tlscheck.Config{System: ca.Pool()}, Transcript: true,
	}).Probe(ctx)
}
