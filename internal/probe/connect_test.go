package probe_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"mailprobe/internal/probe"
)

// A fakeDialer says for each address what becomes of it: "ok", "refused",
// "hang", or a time after which it is accepted.
type fakeDialer map[string]string

func (d fakeDialer) DialContext(ctx context.Context, _, address string) (net.Conn, error) {
	host, _, _ := net.SplitHostPort(address)
	fate := d[host]
	switch fate {
	case "refused":
		return nil, syscall.ECONNREFUSED
	case "hang":
		<-ctx.Done()
		return nil, ctx.Err()
	}
	if wait, err := time.ParseDuration(fate); err == nil {
		time.Sleep(wait) // virtual time
	}
	near, far := net.Pipe()
	context.AfterFunc(ctx, func() { far.Close() })
	return near, nil
}

func TestConnect(t *testing.T) {
	rows := []struct {
		name   string
		v4, v6 string // addresses
		fates  fakeDialer
		want   string // the attempts in order
		err    error
	}{
		{"IPv4 alone", "192.0.2.1", "", fakeDialer{"192.0.2.1": "ok"}, "192.0.2.1 ok", nil},
		{"the faster wins, the slower is recorded", "192.0.2.1", "2001:db8::1", fakeDialer{"192.0.2.1": "20ms", "2001:db8::1": "10ms"}, "2001:db8::1 ok, 192.0.2.1 ok", nil},
		{"one family refused", "192.0.2.1", "2001:db8::1", fakeDialer{"192.0.2.1": "10ms", "2001:db8::1": "refused"}, "2001:db8::1 connection refused, 192.0.2.1 ok", nil},
		{"one family hangs", "192.0.2.1", "2001:db8::1", fakeDialer{"192.0.2.1": "ok", "2001:db8::1": "hang"}, "192.0.2.1 ok, 2001:db8::1 context deadline exceeded", nil},
		{"first refused, second answers", "192.0.2.1 192.0.2.2", "", fakeDialer{"192.0.2.1": "refused", "192.0.2.2": "ok"}, "192.0.2.1 connection refused, 192.0.2.2 ok", nil},
		{"the pair refused, the third answers", "192.0.2.1 192.0.2.2", "2001:db8::1", fakeDialer{"192.0.2.1": "10ms", "2001:db8::1": "ok", "192.0.2.2": "ok"}, "2001:db8::1 ok, 192.0.2.1 ok", nil},
		{"all refused", "192.0.2.1 192.0.2.2", "", fakeDialer{"192.0.2.1": "refused", "192.0.2.2": "refused"}, "192.0.2.1 connection refused, 192.0.2.2 connection refused", syscall.ECONNREFUSED},
		{"all hang", "192.0.2.1", "", fakeDialer{"192.0.2.1": "hang"}, "192.0.2.1 context deadline exceeded", context.DeadlineExceeded},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) { // its end waits for every goroutine
				ctx, cancel := context.WithCancel(t.Context())
				defer cancel()
				opt := probe.Options{Dialer: row.fates, Resolver: fakeResolver{
					"ip4": {addrs(strings.Fields(row.v4)...), nil}, "ip6": {addrs(strings.Fields(row.v6)...), nil},
				}}
				began := time.Now()
				r := runPhases(ctx, probe.NewSession(example, opt))
				if got := attempts(r); got != row.want {
					t.Errorf("got  %s\nwant %s", got, row.want)
				}
				if got := r.Step(probe.Connect).Err; !errors.Is(got, row.err) || (got == nil) != (row.err == nil) {
					t.Errorf("got  %v\nwant %v", got, row.err)
				}
				if took := time.Since(began); took > 11*time.Second {
					t.Errorf("got  %v\nwant 11 s at most", took)
				}
			})
		})
	}
}

func attempts(r *probe.Result) string {
	var all []string
	for _, a := range r.Tried {
		fate := "ok"
		if a.Err != nil {
			fate = a.Err.Error()
		}
		all = append(all, fmt.Sprint(a.Addr.Addr(), " ", fate))
	}
	return strings.Join(all, ", ")
}

// A lameDialer accepts over IPv4 and never over IPv6.
type lameDialer struct{ ended atomic.Bool }

func (d *lameDialer) DialContext(ctx context.Context, network, address string) (net.Conn, error) {
	if strings.HasPrefix(address, "[") {
		<-ctx.Done()
		d.ended.Store(true)
		return nil, ctx.Err()
	}
	return fakeDialer{}.DialContext(ctx, network, address)
}

// The attempt that lost is ended with the probe, not by its own patience.
func TestLosersAreNotWaitedFor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		dialer := new(lameDialer)
		opt := probe.Options{
			Dialer:   dialer,
			Resolver: fakeResolver{"ip4": {addrs("192.0.2.1"), nil}, "ip6": {addrs("2001:db8::1"), nil}},
		}
		began := time.Now()
		runPhases(t.Context(), probe.NewSession(example, opt))
		synctest.Wait()
		if got, want := time.Since(began), 1500*time.Millisecond; got != want {
			t.Errorf("got  %v\nwant %v", got, want)
		}
		if !dialer.ended.Load() {
			t.Error("got  the attempt still under way\nwant it given up")
		}
	})
}
