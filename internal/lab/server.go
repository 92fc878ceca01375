package lab

import (
	"context"
	"crypto/tls"
	"io"
	"net"
	"sync"
	"time"

	"mailprobe/internal/settings"
)

const (
	handshakeTime = 30 * time.Second
	idleTime      = 5 * time.Minute // how long a client may be silent
	lingerTime    = 5 * time.Second // how long a refused client has to read why
	resetTime     = 20 * time.Millisecond
)

// A server is one impersonated endpoint.
type server struct {
	Server
	lab      *Lab
	port     uint16
	listener net.Listener // nil with Refused
	release  func()       // with Refused: lets the port go
	tls      *tls.Config

	mu    sync.Mutex
	tally Tally
}

func (s *server) listen(l *leaves) error {
	if s.Fault == Refused {
		port, hold, err := portOfNobody()
		s.port, s.release = uint16(port), hold
		return err
	}
	config, err := l.config(s.Endpoint.Host, s.Fault)
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		return err
	}
	s.tls, s.listener = config, listener
	s.port = uint16(listener.Addr().(*net.TCPAddr).Port)
	return nil
}

func (s *server) close() {
	if s.listener != nil {
		s.listener.Close()
	}
	if s.release != nil {
		s.release()
	}
}

func (s *server) accept() {
	for {
		conn, err := s.listener.Accept()
		if err != nil {
			return
		}
		s.count(func(t *Tally) { t.Connections++ })
		if !s.lab.conns.add(conn) {
			conn.Close()
			continue
		}
		s.lab.tasks.Go(func() {
			defer s.lab.conns.remove(conn)
			defer conn.Close()
			s.serve(conn)
		})
	}
}

// serve speaks with one client, from the first byte to the last.
func (s *server) serve(conn net.Conn) {
	switch s.Fault {
	case Silent:
		io.Copy(io.Discard, conn)
	case Closes:
	case Resets:
		reset(conn.(*net.TCPConn))
	case AnswersHTTP:
		s.refuse(conn, "HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
	default:
		s.speak(conn)
	}
}

// reset makes the close that follows a reset. It first waits for a byte, or a
// moment: a client that is reset at once may see its connect fail instead.
func reset(conn *net.TCPConn) {
	conn.SetReadDeadline(time.Now().Add(resetTime))
	conn.Read(make([]byte, 1))
	conn.SetLinger(0)
}

func (s *server) speak(conn net.Conn) {
	if !s.tlsAtOnce() {
		s.greet(conn, false)
		return
	}
	if secure := s.handshake(conn); secure != nil {
		defer secure.Close()
		s.greet(secure, true)
	}
}

func (s *server) tlsAtOnce() bool {
	if s.Fault == TLSOnClearPort {
		return true
	}
	return s.Endpoint.Security == settings.TLS && s.Fault != ClearOnTLSPort
}

// handshake returns the encrypted connection, or nil.
func (s *server) handshake(conn net.Conn) *tls.Conn {
	ctx, cancel := context.WithTimeout(s.lab.ctx, handshakeTime)
	defer cancel()
	secure := tls.Server(conn, s.tls)
	if err := secure.HandshakeContext(ctx); err != nil {
		return nil
	}
	return secure
}

// greet speaks the protocol from the greeting on.
func (s *server) greet(conn net.Conn, encrypted bool) {
	d := dialects[s.Endpoint.Protocol]
	switch s.Fault {
	case RejectsGreeting:
		s.refuse(conn, d.rejects)
		return
	case TooManyConns:
		s.refuse(conn, d.tooMany)
		return
	case SlowGreeting:
		if !s.wait(s.lab.slow) {
			return
		}
	}
	if !s.dawdle() {
		return
	}
	if encrypted {
		d.secure(s, conn, true)
		return
	}
	lines := newLines(conn)
	if !d.clear(s, lines) || lines.br.Buffered() > 0 {
		return
	}
	if secure := s.handshake(conn); secure != nil {
		defer secure.Close()
		d.secure(s, secure, false)
	}
}

// dawdle lets the time of Options.Delay pass. It reports false if the lab ends.
func (s *server) dawdle() bool {
	return s.lab.delay == nil || s.wait(s.lab.delay(s.Endpoint))
}

// wait lets time pass. It reports false if the lab ends.
func (s *server) wait(d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-s.lab.ctx.Done():
		return false
	}
}

// refuse sends text as the last word. It then reads on for a while: closing
// with unread bytes would reset the connection and could take text with it.
func (s *server) refuse(conn net.Conn, text string) {
	conn.SetDeadline(time.Now().Add(lingerTime))
	io.WriteString(conn, text)
	if c, ok := conn.(interface{ CloseWrite() error }); ok {
		c.CloseWrite()
	}
	io.Copy(io.Discard, conn)
}
