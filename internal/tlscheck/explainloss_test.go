package tlscheck

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"io"
	"net"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"mailprobe/internal/tlscheck/rawhello"
)

// TestExplainSilent has handshakes to which nothing came. A culprit needs the
// loss twice, each time beside an answer that came much sooner.
func TestExplainSilent(t *testing.T) {
	p := newPKI(t)
	sound := &tls.Config{Certificates: []tls.Certificate{chained(mint(t, p.inter, host, server), p.inter)}}
	old := sound.Clone()
	old.MaxVersion = tls.VersionTLS12
	alone := &tls.Config{Certificates: []tls.Certificate{chained(mint(t, nil, host, func(c *x509.Certificate) { c.DNSNames = []string{host} }))}}
	alone12 := alone.Clone()
	alone12.MaxVersion = tls.VersionTLS12
	short := intolerant(sound, 0)
	lost := func(c *tls.Config) peer {
		return func(conn net.Conn) { serve(c)(lossy{conn}) }
	}
	broken := heard(say(alertRecord(80)))
	largeHello := Explanation{Reason: LargeHello, Version: rawhello.TLS13, Hellos: 5}

	for _, r := range []struct {
		name string
		peer peer
		odd  map[int]peer  // another peer for some connections, by their number from 1; nil: no connection comes about in time
		ends time.Duration // from the beginning; 0: never
		want Explanation
	}{
		{name: "a long hello is not borne", peer: short, want: largeHello},
		{name: "a long hello is not borne, within the time of a run", peer: short, ends: 12 * time.Second, want: largeHello},
		{name: "a long hello is not borne by a slow server", peer: intolerant(sound, 300*time.Millisecond), ends: 12 * time.Second, want: largeHello},
		{name: "no time to wait", peer: short, ends: 500 * time.Millisecond, want: Explanation{Hellos: 3}},
		{name: "no connection for the short hellos", peer: short, odd: map[int]peer{2: nil, 5: nil}, want: Explanation{Hellos: 1}},
		{name: "no connection for the second short hello", peer: short, odd: map[int]peer{4: nil}, want: Explanation{Hellos: 3}},
		{name: "no connection for the second long hello", peer: short, odd: map[int]peer{5: nil}, want: Explanation{Hellos: 4}},
		{name: "the short hello is cut", peer: short, odd: map[int]peer{2: cut}, want: Explanation{Hellos: 2}},
		{name: "the short hello is refused", peer: short, odd: map[int]peer{2: broken}, want: Explanation{Hellos: 2}},
		{name: "the second short hello is cut", peer: short, odd: map[int]peer{4: cut}, want: Explanation{Hellos: 4}},
		{name: "the second long hello is cut", peer: short, odd: map[int]peer{5: cut}, want: Explanation{Hellos: 5}},
		{name: "the second long hello is answered", peer: short, odd: map[int]peer{5: serve(sound)}, want: Explanation{Hellos: 5}},
		{name: "slow once before", peer: serve(sound), want: Explanation{Hellos: 3}},
		{name: "slow at the long hello once more", peer: serve(sound), odd: map[int]peer{3: silent}, want: Explanation{Hellos: 5}},
		{name: "not much slower at a long hello", peer: intolerant(sound, 600*time.Millisecond), want: Explanation{Hellos: 3}},
		{name: "slow in all", peer: func(c net.Conn) { serve(old)(late{c, helloTime * 6 / 10}) }, want: Explanation{Hellos: 2}},
		{name: "slow at a small hello once", peer: serve(sound), odd: map[int]peer{1: silent}, want: Explanation{Hellos: 3}},
		{name: "slow at the small hellos, and at a refusal", peer: silent, odd: map[int]peer{2: func(c net.Conn) { serve(sound)(late{c, time.Second}) }}, want: Explanation{Hellos: 2}},
		{name: "slow at a short hello once", peer: serve(sound), odd: map[int]peer{2: silent}, want: Explanation{Hellos: 5}},
		{name: "no connection for the small hello", peer: serve(sound), odd: map[int]peer{1: nil}, want: Explanation{Hellos: 2}},
		{name: "no connection for the second small hello", peer: lost(alone12), odd: map[int]peer{3: nil}, want: Explanation{Hellos: 3}},
		{name: "long answers are lost, TLS 1.3", peer: lost(alone), want: Explanation{Reason: LargeAnswer, Version: rawhello.TLS13, Hellos: 4}},
		{name: "long answers are lost, TLS 1.2", peer: lost(alone12), want: Explanation{Reason: LargeAnswer, Hellos: 4}},
		{name: "a long answer is lost once", peer: serve(sound), odd: map[int]peer{2: lost(alone)}, want: Explanation{Hellos: 5}},
		{name: "nobody answers", peer: silent, want: Explanation{Hellos: 3}},
	} {
		t.Run(r.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx := t.Context()
				if r.ends > 0 {
					var cancel context.CancelFunc
					ctx, cancel = context.WithTimeout(ctx, r.ends)
					defer cancel()
				}
				dial, peers := piped(r.peer, r.odd)
				got := Explain(ctx, dial, host, &HandshakeError{Failure: Timeout})
				peers.Wait()
				got.Suite, got.Group = 0, 0
				if got != r.want {
					t.Errorf("got  %+v\nwant %+v", got, r.want)
				}
			})
		})
	}
}

type peer = func(net.Conn)

// piped connects to peers in virtual time, and says which have not ended.
func piped(usual peer, odd map[int]peer) (Dial, *sync.WaitGroup) {
	tries, peers := 0, new(sync.WaitGroup)
	return func(ctx context.Context) (net.Conn, error) {
		tries++
		p, ok := odd[tries]
		switch {
		case ok && p == nil:
			<-ctx.Done()
			return nil, ctx.Err()
		case !ok:
			p = usual
		}
		ours, theirs := net.Pipe()
		peers.Go(func() { defer theirs.Close(); p(theirs) })
		return ours, nil
	}, peers
}

func cut(c net.Conn) { readHello(c) }

func silent(c net.Conn) { _, _ = io.Copy(io.Discard, c) }

// intolerant is a peer that does not bear a long hello, and takes its time for
// a short one.
func intolerant(config *tls.Config, takes time.Duration) peer {
	return func(c net.Conn) {
		hello := readHello(c)
		if len(hello) > 600 {
			silent(c)
			return
		}
		time.Sleep(takes)
		serve(config)(&replay{c, hello})
	}
}

// A lossy connection loses what is longer than a small packet, and all behind
// it, as TCP would.
type lossy struct{ net.Conn }

func (l lossy) Write(p []byte) (int, error) {
	if len(p) <= 400 {
		return l.Conn.Write(p)
	}
	return len(p), nil
}

// A late connection hears everything some time after it came.
type late struct {
	net.Conn
	by time.Duration
}

func (l late) Read(p []byte) (int, error) {
	n, err := l.Conn.Read(p)
	time.Sleep(l.by)
	return n, err
}
