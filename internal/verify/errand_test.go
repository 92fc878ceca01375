package verify

import (
	"net/netip"
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
