package bulk

import (
	"sync/atomic"

	"mailprobe/internal/document"
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
