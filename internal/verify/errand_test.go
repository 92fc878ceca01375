package verify

import (
	"context"
	"io"
	"net"
	"net/netip"
	"sync/atomic"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"mailprobe/internal/probe"
	"mailprobe/internal/settings"
)

// TestErrandsRunOnce: what is looked at as soon as an endpoint fails is not
// looked at again when all have ended, and what still runs ends with the run.
func TestErrandsRunOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.name("mail.example.com", "192.0.2.1")
		w.name("imap.example.org", "192.0.2.9")
		p := w.plan(documented("imaps://mail.example.com"))
		p.Options.Dialer = hole{}
		p.Controls = others(endpoint("imaps://imap.example.org"))
		beside := p.errands(t.Context())
		failed := &probe.Result{Endpoint: endpoint("imaps://mail.example.com"), Host: "mail.example.com", Tried: []probe.Attempt{{Addr: netip.MustParseAddrPort("203.0.113.1:993"), Err: syscall.ECONNREFUSED}}, Steps: []probe.Step{{Phase: probe.Resolve, Status: probe.OK}, {Phase: probe.Connect, Status: probe.Failed, Err: &probe.ConnectError{}}}}
		began := time.Now()
		beside.lookAside(failed)
		if time.Since(began) != 0 || len(beside.begun) == 0 {
			t.Errorf("got  %d errands after %v\nwant some at once", len(beside.begun), time.Since(began))
		}
		for e := range beside.begun {
			if first := beside.begin(e); first != beside.begun[e] {
				t.Errorf("%v\ngot  it twice\nwant it once", e)
			}
		}
		beside.close()
		if took := time.Since(began); took != 0 {
			t.Errorf("got  an end after %v\nwant at once", took)
		}
	})
}

// TestManyLookAsideInTheEnd: of many endpoints the few dialogues beside them are
// chosen when all have ended.
func TestManyLookAsideInTheEnd(t *testing.T) {
	p := Plan{Endpoints: make([]settings.Setting, maxAhead+1)}
	beside := p.errands(t.Context())
	defer beside.close()
	beside.lookAside(&probe.Result{Endpoint: endpoint("imaps://mail.example.com"), Steps: []probe.Step{{Phase: probe.Connect, Status: probe.Failed, Err: &probe.ConnectError{}}}})
	if len(beside.begun) != 0 {
		t.Errorf("got  %d errands\nwant none", len(beside.begun))
	}
}

// A mute dialer connects to servers that never say anything, and counts them.
type mute struct{ calls atomic.Int32 }

func (m *mute) DialContext(context.Context, string, string) (net.Conn, error) {
	m.calls.Add(1)
	ours, theirs := net.Pipe()
	go io.Copy(io.Discard, theirs)
	return ours, nil
}

// TestPatient: a patient run makes no second connection beside a dialogue that
// is slow, so that whoever counts the dialogues has counted the connections.
func TestPatient(t *testing.T) {
	for patient, want := range map[bool]bool{true: false, false: true} {
		synctest.Test(t, func(t *testing.T) {
			w, m := newWorld(t), new(mute)
			w.name("mail.example.com", "192.0.2.1")
			p := w.plan(documented("imaps://mail.example.com"))
			p.Options.Dialer, p.Patient, p.NoControl, p.NoAlternatives = m, patient, true, true
			p.Options.Timeouts.Phase = 20 * time.Second
			var meanwhile atomic.Int32
			time.AfterFunc(19*time.Second, func() { meanwhile.Store(m.calls.Load()) })
			r := Run(t.Context(), p)
			if got := meanwhile.Load() > 1; got != want || r.Verdict != Unknown || m.calls.Load() < 2 {
				t.Errorf("patient %t: got  %d connections, %d in the end, %s\nwant others beside it: %t", patient, meanwhile.Load(), m.calls.Load(), r.Verdict, want)
			}
		})
	}
}
