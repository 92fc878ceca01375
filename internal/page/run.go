package page

import (
	"context"
	"strings"
	"sync"
	"time"
	"unicode"

	"mailprobe/internal/document"
)

const (
	maxLines  = 500              // of a run; what comes behind them is not shown
	maxLine   = 300              // characters of each
	aloneTime = 10 * time.Second // how long a run goes on that nobody watches
)

// A run is one that goes on or has ended. It keeps no secret.
type run struct {
	id           string
	target, user string // as they were asked for
	cancel       context.CancelFunc

	mu       sync.Mutex
	lines    []string
	changed  chan struct{} // closed when there is more
	over     bool
	document *document.Document // nil: it has not ended, or err says why there is none
	err      error
	watchers int
	alone    *time.Timer // ends it
}

func newRun(id string, r Request, cancel context.CancelFunc) *run {
	return &run{id: id, target: r.Target, user: r.User, cancel: cancel,
		changed: make(chan struct{}), alone: time.AfterFunc(aloneTime, cancel)}
}

// say takes note of a step.
func (r *run) say(line string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.lines) < maxLines && !r.over {
		r.lines = append(r.lines, oneLine(line))
		r.tell()
	}
}

// oneLine keeps a text from being more than a line.
func oneLine(text string) string {
	text = strings.Map(func(c rune) rune {
		if unicode.IsControl(c) {
			return ' '
		}
		return c
	}, strings.ToValidUTF8(text, "?"))
	if runes := []rune(text); len(runes) > maxLine {
		return string(runes[:maxLine-1]) + "…"
	}
	return text
}

// end takes note of what came of the run.
func (r *run) end(d *document.Document, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.over, r.document, r.err = true, d, err
	r.alone.Stop()
	r.tell()
}

// tell wakes those who watch. The lock is held.
func (r *run) tell() {
	close(r.changed)
	r.changed = make(chan struct{})
}

func (r *run) ended() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.over
}

// news are the lines from the nth on, whether the run is over, and what is
// closed when there is more.
func (r *run) news(n int) (lines []string, over bool, changed <-chan struct{}) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.lines[min(n, len(r.lines)):len(r.lines):len(r.lines)], r.over, r.changed
}

// watch hands over the lines from the nth on as they come, until the run is
// over or ctx ends; each returns an error when nobody listens any more. A run
// that nobody watches ends soon.
func (r *run) watch(ctx context.Context, n int, each func(n int, line string) error) error {
	r.come()
	defer r.leave()
	for {
		lines, over, changed := r.news(n)
		for _, line := range lines {
			if err := each(n, line); err != nil {
				return err
			}
			n++
		}
		if over {
			return nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

func (r *run) come() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.watchers++
	r.alone.Stop()
}

func (r *run) leave() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.watchers--; r.watchers == 0 && !r.over {
		r.alone.Reset(aloneTime)
	}
}
