package tlscheck

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"mailprobe/internal/tlscheck/rawhello"
)

// readHello reads one record and returns it with its header.
func readHello(conn net.Conn) []byte {
	header := make([]byte, 5)
	if _, err := io.ReadFull(conn, header); err != nil {
		return nil
	}
	body := make([]byte, int(header[3])<<8|int(header[4]))
	_, _ = io.ReadFull(conn, body)
	return append(header, body...)
}

// replay is a connection whose first bytes were read before.
type replay struct {
	net.Conn
	first []byte
}

func (r *replay) Read(p []byte) (int, error) {
	if len(r.first) > 0 {
		n := copy(p, r.first)
		r.first = r.first[n:]
		return n, nil
	}
	return r.Conn.Read(p)
}

// TestExplain has servers with faults that no real one can be told to have.
func TestExplain(t *testing.T) {
	p := newPKI(t)
	cert := chained(mint(t, p.inter, host, server), p.inter)
	oldVersion := []byte{22, 3, 1, 0, 42, 2, 0, 0, 38, 3, 1}
	old := string(append(append(oldVersion, make([]byte, 33)...), 0, 0x2f, 0))

	for _, r := range []struct {
		name string
		peer func(net.Conn)
		want Explanation
	}{
		{"unknown name", func(c net.Conn) {
			if readHello(c) != nil {
				say(alertRecord(112))(c)
			}
		}, Explanation{Reason: NameRefused}},
		{"any name but none", serve(&tls.Config{GetCertificate: func(h *tls.ClientHelloInfo) (*tls.Certificate, error) {
			if h.ServerName != "" {
				return nil, errors.New("not mine")
			}
			return &cert, nil
		}}), Explanation{Reason: NameRefused, Version: rawhello.TLS12, Hellos: 3}},
		{"intolerant of new versions", func(c net.Conn) {
			if hello := readHello(c); len(hello) < 11 || hello[10] > 1 {
				say(alertRecord(70))(c)
				return
			}
			_, _ = io.WriteString(c, old)
			hangUp(c)
		}, Explanation{Reason: LegacyVersion, Version: rawhello.TLS10, Hellos: 2}},
		{"SSL 3.0 alone", func(c net.Conn) {
			if hello := readHello(c); len(hello) < 11 || hello[10] > 0 {
				say(alertRecord(70))(c)
				return
			}
			_, _ = io.WriteString(c, strings.NewReplacer("\x03\x01", "\x03\x00").Replace(old))
			hangUp(c)
		}, Explanation{Reason: LegacyVersion, Version: rawhello.SSL30, Hellos: 3}},
		{"refuses all", heard(say(alertRecord(40))), Explanation{Hellos: 4}},
		{"hangs up on all", heard(hangUp), Explanation{Hellos: 4}},
	} {
		t.Run(r.name, func(t *testing.T) {
			t.Parallel()
			var dials atomic.Int32
			listen := listenPeer(t, func(c net.Conn) { dials.Add(1); r.peer(c) })
			conn, err := listen(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			defer conn.Close()
			if err := conn.SetDeadline(time.Now().Add(30 * time.Second)); err != nil {
				t.Fatal(err)
			}
			_, _, err = Client(t.Context(), conn, host, Config{})
			var e *HandshakeError
			if !errors.As(err, &e) {
				t.Fatalf("got  %v\nwant a HandshakeError", err)
			}
			got := Explain(t.Context(), listen, host, e)
			if int(dials.Load())-1 != got.Hellos {
				t.Errorf("got  %d connections\nwant %d", dials.Load()-1, got.Hellos)
			}
			got.Suite, got.Group = 0, 0
			if got != r.want {
				t.Errorf("got  %+v (%v)\nwant %+v", got, e, r.want)
			}
		})
	}
}

// TestExplainAsksNothing where the answer is known, or none is wanted.
func TestExplainAsksNothing(t *testing.T) {
	for _, e := range []*HandshakeError{
		nil,
		{Failure: Plaintext},
		{Failure: Canceled},
		{Failure: Alert, Alert: 116, FirstUse: true, CertAsked: true},
		{Failure: Closed, FirstUse: true},
		{Failure: Alert, Alert: 42, CertAsked: true},
	} {
		if got := Explain(t.Context(), nil, host, e); got.Hellos != 0 {
			t.Errorf("%+v: got  %+v\n\twant no hello", e, got)
		}
	}
}

// TestScanStops where nobody answers, or no connection comes about.
func TestScanStops(t *testing.T) {
	refused := errors.New("refused")
	got := Scan(t.Context(), func(context.Context) (net.Conn, error) { return nil, refused }, host)
	if !errors.Is(got.Err, refused) || got.Complete || got.Hellos != 1 {
		t.Errorf("got  %+v\nwant one attempt", got)
	}
	got = Scan(t.Context(), listenPeer(t, heard(hangUp)), host)
	if got.Err != nil || !got.Complete || len(got.Versions) != 0 || got.Hellos != 5 {
		t.Errorf("got  %+v\nwant nothing found by five hellos", got)
	}
	got = Scan(t.Context(), listenPeer(t, say("* OK in clear\r\n")), host)
	if !errors.Is(got.Err, rawhello.ErrNotTLS) || got.Complete {
		t.Errorf("got  %+v\nwant %v", got, rawhello.ErrNotTLS)
	}
}
