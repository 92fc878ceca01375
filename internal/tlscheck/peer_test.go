package tlscheck

import (
	"context"
	"crypto/tls"
	"io"
	"net"
	"testing"
	"time"
)

// talk runs Client against peer over a loopback connection.
func talk(t *testing.T, name string, cfg Config, peer func(net.Conn)) (*tls.Conn, *State, error) {
	t.Helper()
	conn := dialPeer(t, peer)
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
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

// hangUp closes politely although bytes of the hello may be unread.
func hangUp(conn net.Conn) {
	_ = conn.(*net.TCPConn).CloseWrite()
	_, _ = io.Copy(io.Discard, conn)
}

func reset(conn net.Conn) {
	_ = conn.(*net.TCPConn).SetLinger(0)
	conn.Close()
}
