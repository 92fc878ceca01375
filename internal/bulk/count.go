package bulk

import (
	"slices"
	"sync/atomic"

	"mailprobe/internal/document"
	"mailprobe/internal/probe"
	"mailprobe/internal/verify"
)

// A Count is how far a run is. Its fields may be read at any time.
type Count struct {
	Targets   atomic.Int64 // of the shard, that were read
	Held      atomic.Int64 // of them, verified before
	Elsewhere atomic.Int64 // in other shards
	Unread    atomic.Int64 // of the targets: lines that cannot be read
	Running   atomic.Int64 // dialogues
	Dialled   atomic.Int64 // endpoints
	Shared    atomic.Int64 // endpoints that another target had dialled
	Done      atomic.Int64 // targets with a result of this run
	Left      atomic.Int64 // targets that were begun and have none, because the run ended

	Nameless atomic.Int64 // of those with a result: no name of theirs has an address

	Works, Fails, Unknown atomic.Int64 // results by verdict, also those held
}

// tally counts a result by its verdict.
func (c *Count) tally(verdict document.Text) {
	switch verdict {
	case document.Works:
		c.Works.Add(1)
	case document.Fails:
		c.Fails.Add(1)
	default:
		c.Unknown.Add(1)
	}
}

// AllNameless reports whether no target of several has a name that can be looked
// up: then the DNS server of this computer is more likely at fault than each of
// them.
func (c *Count) AllNameless() bool {
	const several = 3
	n := c.Nameless.Load()
	return n >= several && n == c.Done.Load() && c.Held.Load() == 0
}

// nameless reports whether a target came no further than to look its names up.
func nameless(r *verify.Report) bool {
	return len(r.Endpoints) > 0 && !slices.ContainsFunc(r.Endpoints, func(e verify.Endpoint) bool {
		return e.Result == nil || e.Result.FailedStep() == nil || e.Result.FailedStep().Phase != probe.Resolve
	})
}
