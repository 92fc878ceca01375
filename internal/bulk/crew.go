package bulk

// A crew does one thing after another in goroutines that stay: a dialogue needs
// a deep stack, which the next one finds there. There are as many as ever work
// at once. The zero crew is not ready; see newCrew.
type crew struct{ work chan func() }

func newCrew() *crew { return &crew{make(chan func())} }

// do runs work and returns behind it.
func (c *crew) do(work func()) {
	done := make(chan struct{})
	task := func() { defer close(done); work() }
	select {
	case c.work <- task:
	default: // nobody is idle
		go c.serve(task)
	}
	<-done
}

func (c *crew) serve(task func()) {
	for task != nil {
		task()
		task = <-c.work
	}
}

// end lets the crew go. Nothing is done by it any more.
func (c *crew) end() { close(c.work) }
