package tlscheck

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"testing"
	"time"
)

// talk runs Client against peer over a loopback connection.
func talk(t *testing.T, name string, cfg Config, peer func(net.Conn)) (*tls.Conn, *State, error) {
	t.Helper()
	conn := dialPeer(t, peer)
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
	t.Cleanup(cancel)
	return Client(ctx, conn, name, cfg)
}

// dialPeer connects to a listener whose connections go to peer.
func dialPeer(t *testing.T, peer func(net.Conn)) net.Conn {
	t.Helper()
	conn, err := listenPeer(t, peer)(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	return conn
}

func listenPeer(t *testing.T, peer func(net.Conn)) Dial {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer conn.Close()
				peer(conn)
			}()
		}
	}()
	return func(ctx context.Context) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, "tcp", l.Addr().String())
	}
}

// serve is a peer that completes handshakes and then keeps reading.
func serve(cfg *tls.Config) func(net.Conn) {
	return func(conn net.Conn) {
		c := tls.Server(conn, cfg)
		if c.Handshake() == nil {
			_, _ = io.Copy(io.Discard, c)
		}
	}
}

func TestClient(t *testing.T) {
	p := newPKI(t)
	good := chained(mint(t, p.inter, host, server), p.inter)
	var asked []string
	srv := func(max uint16) *tls.Config {
		return &tls.Config{MaxVersion: max, GetCertificate: func(h *tls.ClientHelloInfo) (*tls.Certificate, error) {
			asked = append(asked, h.ServerName)
			if len(h.SupportedProtos) > 0 {
				t.Errorf("ALPN was offered: %q", h.SupportedProtos)
			}
			return &good, nil
		}}
	}
	for _, r := range []struct {
		name, sni string
		version   uint16
		trusted   bool
	}{
		{host, host, tls.VersionTLS13, true},
		{host + ".", host, tls.VersionTLS13, true},
		{host, host, tls.VersionTLS12, true},
		{"127.0.0.1", "", tls.VersionTLS13, false},
		{"x.org", "x.org", tls.VersionTLS13, false},
	} {
		asked = nil
		_, s, err := talk(t, r.name, Config{System: p.roots(), Now: at(noon)}, serve(srv(r.version)))
		if err != nil {
			t.Fatalf("%s: %v", r.name, err)
		}
		if len(asked) != 1 || asked[0] != r.sni {
			t.Errorf("%s: SNI: got  %q\n\twant %q", r.name, asked, r.sni)
		}
		if s.Version != r.version || s.Trusted() != r.trusted || s.Got == 0 || s.Sent == 0 {
			t.Errorf("%s: got  %+v\n\twant version %x, trusted %v", r.name, s, r.version, r.trusted)
		}
		if got, want := s.Unique != nil, r.version == tls.VersionTLS12; got != want {
			t.Errorf("%s: tls-unique: got  %v\n\twant %v", r.name, got, want)
		}
		if len(s.Exporter) != 32 {
			t.Errorf("%s: tls-exporter has %d bytes", r.name, len(s.Exporter))
		}
	}
}

// TestBinding holds our channel binding against the server's.
func TestBinding(t *testing.T) {
	p := newPKI(t)
	good := chained(mint(t, p.inter, host, server), p.inter)
	theirs := make(chan []byte, 1)
	_, s, err := talk(t, host, Config{System: p.roots(), Now: at(noon)}, func(conn net.Conn) {
		c := tls.Server(conn, &tls.Config{Certificates: []tls.Certificate{good}})
		if c.Handshake() != nil {
			theirs <- nil
			return
		}
		cs := c.ConnectionState()
		key, _ := cs.ExportKeyingMaterial("EXPORTER-Channel-Binding", nil, 32)
		theirs <- key
	})
	if err != nil {
		t.Fatal(err)
	}
	if got, want := s.Exporter, <-theirs; !bytes.Equal(got, want) {
		t.Errorf("got  %x\nwant %x", got, want)
	}
}

// heard makes a peer that waits for the ClientHello first.
func heard(then func(net.Conn)) func(net.Conn) {
	return func(conn net.Conn) {
		var hello [512]byte
		if _, err := conn.Read(hello[:]); err == nil {
			then(conn)
		}
	}
}

func say(s string) func(net.Conn) {
	return func(conn net.Conn) {
		_, _ = io.WriteString(conn, s)
		_, _ = io.Copy(io.Discard, conn)
	}
}

func alertRecord(code byte) string { return string([]byte{21, 3, 3, 0, 2, 2, code}) }

func TestFailures(t *testing.T) {
	p := newPKI(t)
	wanting := &tls.Config{Certificates: []tls.Certificate{chained(mint(t, p.inter, host, server), p.inter)}, ClientAuth: tls.RequireAnyClientCert, MaxVersion: tls.VersionTLS12}
	for _, r := range []struct {
		name  string
		peer  func(net.Conn)
		want  HandshakeError
		first string
	}{
		{"imap in clear", say("* OK IMAP4rev1 ready for you\r\n"), HandshakeError{Failure: Plaintext}, "* OK IMAP4rev1 ready for you\r\n"},
		{"pop3 in clear", say("+OK ready\r\n"), HandshakeError{Failure: Plaintext}, "+OK ready\r\n"},
		{"http", heard(say("HTTP/1.1 400 Bad Request\r\n\r\n")), HandshakeError{Failure: Plaintext}, "HTTP/1.1 400 Bad Request\r\n\r\n"},
		{"three bytes, closed", func(c net.Conn) { _, _ = io.WriteString(c, "-E\n") }, HandshakeError{Failure: Plaintext}, "-E\n"},
		{"closed at once", func(net.Conn) {}, HandshakeError{Failure: Closed}, ""},
		{"closed on the hello", heard(hangUp), HandshakeError{Failure: Closed}, ""},
		{"reset", heard(reset), HandshakeError{Failure: Reset}, ""},
		{"alert 40", heard(say(alertRecord(40))), HandshakeError{Failure: Alert, Alert: 40}, alertRecord(40)},
		{"alert 70", heard(say(alertRecord(70))), HandshakeError{Failure: Alert, Alert: 70}, alertRecord(70)},
		{"alert 112", heard(say(alertRecord(112))), HandshakeError{Failure: Alert, Alert: 112}, alertRecord(112)},
		{"alert 120", heard(say(alertRecord(120))), HandshakeError{Failure: Alert, Alert: 120}, alertRecord(120)},
		{"alert without a name", heard(say(alertRecord(200))), HandshakeError{Failure: Alert, Alert: 200}, alertRecord(200)},
		{"nonsense in a record", heard(say("\x16\x03\x03\x00\x04\x00\x00\x00\x00")), HandshakeError{Failure: Alert, Alert: 10, Local: true}, "\x16\x03\x03\x00\x04\x00\x00\x00\x00"},
		{"client certificate, TLS 1.2", serve(wanting), HandshakeError{Failure: Alert, Alert: 40, CertAsked: true}, "*"},
	} {
		t.Run(r.name, func(t *testing.T) {
			_, _, err := talk(t, host, Config{}, r.peer)
			var got *HandshakeError
			if !errors.As(err, &got) {
				t.Fatalf("got  %v\nwant a HandshakeError", err)
			}
			if got.Failure != r.want.Failure || got.Alert != r.want.Alert || got.Local != r.want.Local || got.CertAsked != r.want.CertAsked {
				t.Errorf("got  %s alert %d local %v asked %v (%v)\nwant %s alert %d local %v asked %v", got.Failure, got.Alert, got.Local, got.CertAsked, got.Err, r.want.Failure, r.want.Alert, r.want.Local, r.want.CertAsked)
			}
			if r.first != "*" && string(got.First) != r.first {
				t.Errorf("got  %q\nwant %q", got.First, r.first)
			}
			if got.Got < len(got.First) || got.Sent == 0 && r.name != "closed at once" && got.Failure != Plaintext {
				t.Errorf("got %d bytes, sent %d", got.Got, got.Sent)
			}
		})
	}
}

// hangUp closes politely although bytes of the hello may be unread.
func hangUp(conn net.Conn) {
	_ = conn.(*net.TCPConn).CloseWrite()
	_, _ = io.Copy(io.Discard, conn)
}

func reset(conn net.Conn) {
	_ = conn.(*net.TCPConn).SetLinger(0)
	conn.Close()
}

func TestSilence(t *testing.T) {
	for _, r := range []struct {
		name string
		peer func(net.Conn)
		want Failure
	}{
		{"nothing", say(""), Timeout},
		{"three bytes of text", say("220"), Plaintext},
		{"a beginning of TLS", say("\x16\x03\x03"), Timeout},
	} {
		ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
		defer cancel()
		_, _, err := Client(ctx, dialPeer(t, r.peer), host, Config{})
		var got *HandshakeError
		if !errors.As(err, &got) || got.Failure != r.want {
			t.Errorf("%s: got  %v\n\twant %v", r.name, err, r.want)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, _, err := Client(ctx, dialPeer(t, say("")), host, Config{})
	var got *HandshakeError
	if !errors.As(err, &got) || got.Failure != Canceled {
		t.Errorf("got  %v\nwant %v", err, Canceled)
	}
}

// TestReadFailure: under TLS 1.3 the lack of a client certificate shows at
// the first read.
func TestReadFailure(t *testing.T) {
	p := newPKI(t)
	wanting := &tls.Config{Certificates: []tls.Certificate{chained(mint(t, p.inter, host, server), p.inter)}, ClientAuth: tls.RequireAnyClientCert}
	c, s, err := talk(t, host, Config{System: p.roots(), Now: at(noon)}, serve(wanting))
	if err != nil {
		t.Fatal(err)
	}
	_, err = c.Read(make([]byte, 1))
	got := ReadFailure(s, err)
	if got == nil || got.Failure != Alert || got.Alert != 116 || got.Local || !got.FirstUse || !got.CertAsked {
		t.Errorf("got  %+v (%v)\nwant alert 116", got, err)
	}
	if got := ReadFailure(s, nil); got != nil {
		t.Errorf("got  %v\nwant nil", got)
	}
	if got := ReadFailure(nil, errors.New("no matter of TLS")); got != nil {
		t.Errorf("got  %v\nwant nil", got)
	}
}

func TestClientCertificate(t *testing.T) {
	p := newPKI(t)
	mine := chained(mint(t, p.inter, "me"), p.inter)
	wanting := &tls.Config{Certificates: []tls.Certificate{chained(mint(t, p.inter, host, server), p.inter)}, ClientAuth: tls.RequireAnyClientCert, MaxVersion: tls.VersionTLS12}
	_, s, err := talk(t, host, Config{System: p.roots(), Now: at(noon), ClientCert: &mine}, serve(wanting))
	if err != nil || !s.CertAsked || !s.Trusted() {
		t.Errorf("got  %v %+v\nwant a session", err, s)
	}
}
