package replies

import (
	"sync"
	"testing"
)

// Texts may be explained at once: here is what the race detector watches,
// while the tests of whole collections are spared it.
func TestExplainedAtOnce(t *testing.T) {
	texts := written(t)
	var readers sync.WaitGroup
	for i := range 4 {
		readers.Go(func() {
			for n, known := range texts {
				if n%16 < 2 || n%16 == 2+i { // some are read by all, some by one
					holds(t, known.codes, known.text)
				}
			}
		})
	}
	readers.Wait()
}
