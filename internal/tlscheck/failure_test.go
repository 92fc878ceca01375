package tlscheck

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"testing"
	"time"
)

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
		{"three bytes, closed", func(c net.Conn) { _, _ = io.WriteString(c, "-E\n"); hangUp(c) }, HandshakeError{Failure: Plaintext}, "-E\n"},
		{"one byte, closed", func(c net.Conn) { _, _ = io.WriteString(c, "-"); hangUp(c) }, HandshakeError{Failure: Plaintext}, "-"},
		{"closed at once", hangUp, HandshakeError{Failure: Closed}, ""},
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
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
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
