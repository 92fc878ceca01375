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
		{"two of three are dead", "192.0.2.1 192.0.2.2 192.0.2.3", "", fakeDialer{"192.0.2.1": "hang", "192.0.2.2": "hang", "192.0.2.3": "ok"},
			"192.0.2.3 ok, 192.0.2.1 context deadline exceeded, 192.0.2.2 context deadline exceeded", nil},
		{"a refusal starts the next at once", "192.0.2.1 192.0.2.2 192.0.2.3", "", fakeDialer{"192.0.2.1": "hang", "192.0.2.2": "refused", "192.0.2.3": "100ms"},
			"192.0.2.2 connection refused, 192.0.2.3 ok, 192.0.2.1 context deadline exceeded", nil},
		{"families take turns", "192.0.2.1 192.0.2.2", "2001:db8::1 2001:db8::2", fakeDialer{"192.0.2.1": "hang", "2001:db8::1": "refused", "192.0.2.2": "refused", "2001:db8::2": "ok"},
			"2001:db8::1 connection refused, 192.0.2.2 connection refused, 2001:db8::2 ok, 192.0.2.1 context deadline exceeded", nil},
		{"a refusal leaves the other family its time", "192.0.2.1 192.0.2.2", "2001:db8::1", fakeDialer{"192.0.2.1": "100ms", "2001:db8::1": "refused", "192.0.2.2": "ok"},
			"2001:db8::1 connection refused, 192.0.2.1 ok", nil},
		{"nobody else is called once one answers", "192.0.2.1 192.0.2.2", "", fakeDialer{"192.0.2.1": "200ms", "192.0.2.2": "ok"}, "192.0.2.1 ok", nil},
		{"the second overtakes the first", "192.0.2.1 192.0.2.2", "", fakeDialer{"192.0.2.1": "600ms", "192.0.2.2": "100ms"}, "192.0.2.2 ok, 192.0.2.1 ok", nil},
		{"eight are silent, the last answers", "192.0.2.1 192.0.2.2 192.0.2.3 192.0.2.4 192.0.2.5 192.0.2.6 192.0.2.7 192.0.2.8", "", eightDialer,
			"192.0.2.8 ok, 192.0.2.1 context deadline exceeded, 192.0.2.2 context deadline exceeded, 192.0.2.3 context deadline exceeded, 192.0.2.4 context deadline exceeded, 192.0.2.5 context deadline exceeded, 192.0.2.6 context deadline exceeded, 192.0.2.7 context deadline exceeded", nil},
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

// eightDialer is silent but at the last of eight addresses.
var eightDialer = fakeDialer{
	"192.0.2.1": "hang", "192.0.2.2": "hang", "192.0.2.3": "hang", "192.0.2.4": "hang",
	"192.0.2.5": "hang", "192.0.2.6": "hang", "192.0.2.7": "hang", "192.0.2.8": "ok",
}

// When each address was called. Within a short phase the starts move together,
// so that the last one has its time, too.
func TestStagger(t *testing.T) {
	for _, row := range []struct {
		name  string
		phase time.Duration
		want  string
	}{
		{"a phase of usual length", 0, "0s 0s 250ms 500ms"},
		{"a short phase", 800 * time.Millisecond, "0s 0s 100ms 200ms"},
	} {
		t.Run(row.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				began := time.Now()
				starts := make(chan time.Duration, 8)
				opt := probe.Options{
					Dialer:   startDialer{began, starts},
					Resolver: fakeResolver{"ip4": {addrs("192.0.2.1", "192.0.2.2", "192.0.2.3"), nil}, "ip6": {addrs("2001:db8::1"), nil}},
					Timeouts: probe.Timeouts{Phase: row.phase},
				}
				runPhases(t.Context(), probe.NewSession(example, opt))
				close(starts)
				var got []string
				for s := range starts {
					got = append(got, s.String())
				}
				if got := strings.Join(got, " "); got != row.want {
					t.Errorf("got  %s\nwant %s", got, row.want)
				}
			})
		})
	}
}

// A startDialer never connects. It tells when it was called.
type startDialer struct {
	began  time.Time
	starts chan time.Duration
}

func (d startDialer) DialContext(ctx context.Context, _, _ string) (net.Conn, error) {
	d.starts <- time.Since(d.began)
	<-ctx.Done()
	return nil, ctx.Err()
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
		if got, want := time.Since(began), 3500*time.Millisecond; got != want {
			t.Errorf("got  %v\nwant %v", got, want)
		}
		if !dialer.ended.Load() {
			t.Error("got  the attempt still under way\nwant it given up")
		}
	})
}
