package script

import (
	"context"
	"fmt"
	"net"
	"strings"
	"sync"
	"time"
)

// hush is how long a client listens to a server that its script has made
// silent. What was sent before has arrived by then: over loopback it takes no
// time, and the wait begins anew with every read.
const hush = 300 * time.Millisecond

// DialContext connects to the server. Once the script is at "silence", a read
// from the connection ends shortly after, with the error of a deadline: so a
// client may be given all the time that a busy computer takes, and silence
// costs little of it all the same.
func (s *Server) DialContext(ctx context.Context, network, _ string) (net.Conn, error) {
	conn, err := new(net.Dialer).DialContext(ctx, network, s.Address())
	if err != nil {
		return nil, err
	}
	c := &hushed{TCPConn: conn.(*net.TCPConn), closed: make(chan struct{})}
	go c.listen(s.silent(conn.LocalAddr().String()))
	return c, nil
}

// Servers are several; their DialContext connects to the one whose port is
// asked for, as that of the server itself does.
type Servers []*Server

func (l Servers) DialContext(ctx context.Context, network, address string) (net.Conn, error) {
	for _, s := range l {
		if strings.HasSuffix(address, fmt.Sprintf(":%d", s.Port())) {
			return s.DialContext(ctx, network, address)
		}
	}
	return nil, fmt.Errorf("no script is played at %s", address)
}

// silent returns a channel that is closed when the dialogue with the client at
// an address falls silent.
func (s *Server) silent(client string) chan struct{} {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.silence == nil {
		s.silence = map[string]chan struct{}{}
	}
	if s.silence[client] == nil {
		s.silence[client] = make(chan struct{})
	}
	return s.silence[client]
}

// fallSilent tells the client at an address that nothing more will come.
func (s *Server) fallSilent(client string) {
	known := s.silent(client)
	s.mu.Lock()
	defer s.mu.Unlock()
	select {
	case <-known:
	default:
		close(known)
	}
}

// A hushed connection knows when the server has fallen silent.
type hushed struct {
	*net.TCPConn
	closed chan struct{}
	once   sync.Once

	mu    sync.Mutex
	quiet bool
	limit time.Time // of reads, as was asked for; zero: none
}

func (c *hushed) listen(silent <-chan struct{}) {
	select {
	case <-silent:
		c.mu.Lock()
		defer c.mu.Unlock()
		c.quiet = true
		c.bound()
	case <-c.closed:
	}
}

// bound sets the limit of reads. The caller holds mu.
func (c *hushed) bound() error {
	limit := c.limit
	if soon := time.Now().Add(hush); c.quiet && (limit.IsZero() || limit.After(soon)) {
		limit = soon
	}
	return c.TCPConn.SetReadDeadline(limit)
}

func (c *hushed) Read(p []byte) (int, error) {
	c.mu.Lock()
	if c.quiet {
		c.bound()
	}
	c.mu.Unlock()
	return c.TCPConn.Read(p)
}

func (c *hushed) SetReadDeadline(t time.Time) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.limit = t
	return c.bound()
}

func (c *hushed) SetDeadline(t time.Time) error {
	if err := c.SetReadDeadline(t); err != nil {
		return err
	}
	return c.TCPConn.SetWriteDeadline(t)
}

func (c *hushed) Close() error {
	c.once.Do(func() { close(c.closed) })
	return c.TCPConn.Close()
}
