package probe

import (
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"mailprobe/internal/auth"
)

// Limits on what the transcript of one connection keeps, in bytes of memory:
// how it began, and how it ended. A dialogue with a real server stays far below
// them.
const (
	keptFirst = 48 << 10
	keptLast  = 16 << 10
	keptLine  = 4 << 10 // of one line
)

// LineCost is what a line of a transcript takes beside its text, in bytes.
const LineCost = 100

// A transcript collects the lines of a dialogue as they are, and gives them out
// without secrets. Libraries read and write from several goroutines.
type transcript struct {
	keep    bool
	started time.Time

	mu          sync.Mutex
	first, last []Line
	room        int // for the first
	lastRoom    int
	dropped     int // lines between the two
}

func (t *transcript) add(text string, sent, tls bool) {
	if !t.keep {
		return
	}
	if over := len(text) - keptLine; over > 0 {
		text = fmt.Sprintf("%s [... %d bytes dropped]", text[:keptLine], over)
	}
	line := Line{At: time.Since(t.started), Sent: sent, TLS: tls, Text: text}
	t.mu.Lock()
	defer t.mu.Unlock()
	if size := len(text) + LineCost; t.last == nil && t.room+size <= keptFirst {
		t.first, t.room = append(t.first, line), t.room+size
		return
	}
	t.last, t.lastRoom = append(t.last, line), t.lastRoom+len(text)+LineCost
	for t.lastRoom > keptLast {
		t.lastRoom -= len(t.last[0].Text) + LineCost
		t.last, t.dropped = t.last[1:], t.dropped+1
	}
}

// lines returns what was kept, with the words of scrub for it. Where lines were
// dropped, one says how many.
func (t *transcript) lines(scrub func([]string) []string) []Line {
	t.mu.Lock()
	defer t.mu.Unlock()
	all := slices.Concat(t.first, t.last)
	for _, sent := range []bool{true, false} {
		var texts []string
		for _, l := range all {
			if l.Sent == sent {
				texts = append(texts, l.Text)
			}
		}
		texts = scrub(texts)
		for i := range all {
			if all[i].Sent == sent {
				all[i].Text, texts = texts[0], texts[1:]
			}
		}
	}
	if t.dropped == 0 {
		return all
	}
	at := len(t.first)
	return slices.Insert(all, at, dropped(all[max(at-1, 0)].At, t.dropped))
}

// DroppedLines returns the line that stands for some that are not kept.
func DroppedLines(lines []Line) Line {
	n, at := 0, time.Duration(0)
	for i, l := range lines {
		n += max(l.Dropped, 1)
		if i == 0 {
			at = l.At
		}
	}
	return dropped(at, n)
}

func dropped(at time.Duration, n int) Line {
	text := fmt.Sprintf("[%d lines dropped]", n)
	if n == 1 {
		text = "[1 line dropped]"
	}
	return Line{At: at, Text: text, Dropped: n}
}

// Scrub removes the secrets from what a server said.
func (s *Session) Scrub(line string) string { return s.scrubber.Scrub(line) }

// Scrubbed returns r without the secrets, for show; what it means is still
// told by what was received. nil stays nil.
func (s *Session) Scrubbed(r *Reply) *Reply {
	if r == nil || r.received != nil {
		return r
	}
	original := *r
	shown := &Reply{Text: s.Scrub(r.Text), Status: s.Scrub(r.Status), Code: s.Scrub(r.Code), Enhanced: s.Scrub(r.Enhanced)}
	if *shown != original {
		shown.received = &received{func() Reply { return original }, s.Scrub}
	}
	return shown
}

// scrubError removes the secrets from what an error quotes of the server.
func (s *Session) scrubError(err error) {
	if refused, ok := errors.AsType[*ReplyError](err); ok {
		refused.Reply = *s.Scrubbed(&refused.Reply)
	}
	if fault, ok := errors.AsType[*ProtocolError](err); ok {
		fault.Detail = s.Scrub(fault.Detail)
	}
	if exchange, ok := errors.AsType[*auth.ExchangeError](err); ok {
		exchange.Detail = s.Scrub(exchange.Detail)
	}
}

// scrubAuth does the same for the outcome of a sign-in.
func (s *Session) scrubAuth(a *Auth) {
	a.Reply = s.Scrubbed(a.Reply)
	a.Challenge, a.Reason = s.Scrub(a.Challenge), s.Scrub(a.Reason)
	s.scrubError(a.Cause)
	for i := range a.Refused {
		a.Refused[i].Reply = s.Scrubbed(a.Refused[i].Reply)
	}
}
