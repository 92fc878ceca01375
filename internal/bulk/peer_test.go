package bulk

import (
	"bufio"
	"context"
	"fmt"
	"net"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"time"
)

// smtpServer serves SMTP without encryption, as session says of each
// connection.
func smtpServer(t *testing.T, session func(net.Conn)) netip.AddrPort {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var all sync.WaitGroup
	t.Cleanup(func() { l.Close(); all.Wait() })
	all.Go(func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			all.Go(func() {
				defer conn.Close()
				conn.SetDeadline(time.Now().Add(time.Minute))
				session(conn)
			})
		}
	})
	return netip.MustParseAddrPort(l.Addr().String())
}

// talk answers until the client takes leave.
func talk(conn net.Conn) {
	fmt.Fprint(conn, "220 a.example ESMTP\r\n")
	for in := bufio.NewScanner(conn); in.Scan(); {
		switch {
		case strings.HasPrefix(in.Text(), "EHLO"):
			fmt.Fprint(conn, "250-a.example\r\n250 AUTH PLAIN\r\n")
		case in.Text() == "QUIT":
			fmt.Fprint(conn, "221 bye\r\n")
			return
		default:
			fmt.Fprint(conn, "502 what\r\n")
		}
	}
}

// refusing turns the first connections away, and says how many came.
func refusing(t *testing.T, refusals int) (netip.AddrPort, func() int) {
	var mu sync.Mutex
	n := 0
	at := smtpServer(t, func(conn net.Conn) {
		mu.Lock()
		n++
		refused := n <= refusals
		mu.Unlock()
		if refused {
			fmt.Fprint(conn, "421 4.7.0 too many connections\r\n")
			return
		}
		talk(conn)
	})
	return at, func() int { mu.Lock(); defer mu.Unlock(); return n }
}

// A counting dialer knows how many connections were open at once. It lets
// nobody go on before as many as are expected have come, once, so that it
// cannot be less by chance.
type counting struct {
	net.Dialer
	expected   int
	mu         sync.Mutex
	open, most int
	full       chan struct{}
}

func (c *counting) DialContext(ctx context.Context, network, address string) (net.Conn, error) {
	conn, err := c.Dialer.DialContext(ctx, network, address)
	if err != nil {
		return nil, err
	}
	c.mu.Lock()
	c.open++
	if c.most = max(c.most, c.open); c.open == c.expected && c.full != nil {
		close(c.full)
		c.full = nil
	}
	full := c.full
	c.mu.Unlock()
	if full != nil {
		<-full
	}
	return &counted{Conn: conn, dialer: c}, nil
}

type counted struct {
	net.Conn
	dialer *counting
	once   sync.Once
}

func (c *counted) Close() error {
	c.once.Do(func() {
		c.dialer.mu.Lock()
		defer c.dialer.mu.Unlock()
		c.dialer.open--
	})
	return c.Conn.Close()
}
