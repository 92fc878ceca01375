package lab

import (
	"errors"
	"net"
	"sync"
)

// A connSet holds the connections that are open, so that Close can end them.
// The zero connSet is empty.
type connSet struct {
	mu     sync.Mutex
	open   map[net.Conn]bool
	closed bool
}

// add takes conn in. It reports false if there is no room or all is over;
// conn is the caller's to close then, as ever.
func (s *connSet) add(conn net.Conn) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed || len(s.open) >= maxConns {
		return false
	}
	if s.open == nil {
		s.open = make(map[net.Conn]bool)
	}
	s.open[conn] = true
	return true
}

func (s *connSet) remove(conn net.Conn) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.open, conn)
}

func (s *connSet) closeAll() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closed = true
	for conn := range s.open {
		conn.Close()
	}
}

// A handoff is a listener whose connections come from this process. It feeds
// a library's server.
type handoff struct {
	conns chan net.Conn
	done  chan struct{}
	once  sync.Once
}

func newHandoff() *handoff {
	return &handoff{conns: make(chan net.Conn), done: make(chan struct{})}
}

// offer gives conn to the library's server. It reports false after Close.
func (h *handoff) offer(conn net.Conn) bool {
	select {
	case h.conns <- conn:
		return true
	case <-h.done:
		return false
	}
}

func (h *handoff) Accept() (net.Conn, error) {
	select {
	case conn := <-h.conns:
		return conn, nil
	case <-h.done:
		return nil, net.ErrClosed
	}
}

func (h *handoff) Close() error {
	h.once.Do(func() { close(h.done) })
	return nil
}

func (h *handoff) Addr() net.Addr { return &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1)} }

// portOfNobody returns a port of 127.0.0.1 on which nothing listens, and what
// keeps it so: the local end of a connection. The system gives such a port to
// nobody else, and refuses connections to it.
func portOfNobody() (port int, hold func(), err error) {
	listener, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		return 0, nil, err
	}
	defer listener.Close()
	near, err := net.Dial("tcp4", listener.Addr().String())
	if err != nil {
		return 0, nil, err
	}
	far, err := listener.Accept()
	if err != nil {
		return 0, nil, errors.Join(err, near.Close())
	}
	hold = func() {
		far.Close()
		near.Close()
	}
	return near.LocalAddr().(*net.TCPAddr).Port, hold, nil
}
