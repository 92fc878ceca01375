package bulk

import "sync"

// A crew does things side by side in goroutines that stay: a dialogue needs a
// deep stack, which the next one finds there. There are as many as were ever
// needed at once.
type crew struct {
	work  chan func()
	under sync.WaitGroup // what is being done
}

func newCrew() *crew { return &crew{work: make(chan func())} }

// begin has something done beside the others.
func (c *crew) begin(task func()) {
	c.under.Add(1)
	select {
	case c.work <- task:
	default: // nobody is idle
		go c.serve(task)
	}
}

func (c *crew) serve(task func()) {
	for task != nil {
		task()
		c.under.Done()
		task = <-c.work
	}
}

// end waits for all that was begun and lets the crew go.
func (c *crew) end() {
	c.under.Wait()
	close(c.work)
}
