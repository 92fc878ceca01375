package tlscheck

import (
	"net"
	"sync"
)

const (
	maxFirst   = 512
	alertBytes = 7 // an unencrypted alert: record header and two bytes
)

// A tee watches a handshake from below: crypto/tls keeps only five bytes of
// a peer that does not speak TLS and does not tell which alert it sends.
type tee struct {
	net.Conn

	mu    sync.Mutex
	first []byte
	got   int
	sent  int
	alert []byte // the last unencrypted alert that this side sent
}

func (t *tee) Read(p []byte) (int, error) {
	n, err := t.Conn.Read(p)
	t.mu.Lock()
	defer t.mu.Unlock()
	t.got += n
	if room := maxFirst - len(t.first); room > 0 {
		t.first = append(t.first, p[:min(n, room)]...)
	}
	return n, err
}

func (t *tee) Write(p []byte) (int, error) {
	n, err := t.Conn.Write(p)
	t.mu.Lock()
	defer t.mu.Unlock()
	t.sent += n
	if len(p) == alertBytes && p[0] == recordAlert {
		t.alert = append([]byte(nil), p[5:]...)
	}
	return n, err
}

// A traffic is what a tee saw.
type traffic struct {
	first     []byte
	got, sent int
	alert     []byte
}

func (t *tee) seen() traffic {
	t.mu.Lock()
	defer t.mu.Unlock()
	return traffic{first: append([]byte(nil), t.first...), got: t.got, sent: t.sent, alert: t.alert}
}
