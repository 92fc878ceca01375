package bulk

import (
	"sync"

	"mailprobe/internal/settings"
	"mailprobe/internal/verify"
)

// reportsKept is how many reports of endpoints are remembered for targets that
// name the same.
const reportsKept = 256

// A sought is an endpoint, and where a target leads its host.
type sought struct {
	endpoint settings.Endpoint
	resolve  string
}

// once lets an endpoint that several targets name be verified once, as long as
// it is under way or remembered.
type once struct {
	mu    sync.Mutex
	under map[sought]*flight
	kept  *recent[sought, *verify.Report]
}

// A flight is an endpoint that is being verified.
type flight struct {
	over   chan struct{}
	report *verify.Report // once it is over; nil: the run ended before
}

func newOnce() *once {
	return &once{under: make(map[sought]*flight), kept: newRecent[sought, *verify.Report](reportsKept)}
}

// do returns the report of an endpoint, from verify or from another target that
// has asked for it, and whether it was another; nil: the run ended before. aside
// is called where the other is waited for.
func (o *once) do(s sought, aside func(), verified func() *verify.Report) (r *verify.Report, shared bool) {
	o.mu.Lock()
	if r, ok := o.kept.get(s); ok {
		o.mu.Unlock()
		return r, true
	}
	if f := o.under[s]; f != nil {
		o.mu.Unlock()
		aside()
		<-f.over
		return f.report, true
	}
	f := &flight{over: make(chan struct{})}
	o.under[s] = f
	o.mu.Unlock()
	defer func() {
		o.mu.Lock()
		delete(o.under, s)
		if f.report != nil {
			o.kept.put(s, f.report)
		}
		o.mu.Unlock()
		close(f.over)
	}()
	f.report = verified()
	return f.report, false
}
