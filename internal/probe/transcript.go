package probe

import (
	"sync"
	"time"
)

// maxKept bounds the lines that a transcript keeps.
const maxKept = 2000

// A transcript collects the redacted lines of a dialogue. Libraries read and
// write from several goroutines.
type transcript struct {
	keep    bool
	started time.Time
	mu      sync.Mutex
	kept    []Line
}

func (t *transcript) add(text string, sent, tls bool) {
	if !t.keep {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.kept) < maxKept {
		t.kept = append(t.kept, Line{At: time.Since(t.started), Sent: sent, TLS: tls, Text: text})
	}
}

func (t *transcript) lines() []Line {
	t.mu.Lock()
	defer t.mu.Unlock()
	return append([]Line(nil), t.kept...)
}
