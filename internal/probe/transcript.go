package probe

import (
	"errors"
	"slices"
	"strings"
	"sync"
	"time"

	"mailprobe/internal/auth"
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

// Scrub removes every form of the secret from what a server said.
func (s *Session) Scrub(line string) string { return s.scrubber.Scrub(line) }

// Scrubbed returns r without any form of the secret; nil stays nil. The words
// by which a protocol tells a reply's kind are no echo, whatever somebody's
// password is.
func (s *Session) Scrubbed(r *Reply) *Reply {
	if r == nil {
		return nil
	}
	c := *r
	if rest, ok := strings.CutPrefix(r.Text, r.Status); ok && r.Status != "" {
		c.Text = strings.TrimSpace(r.Status + " " + s.Scrub(strings.TrimSpace(rest)))
	} else {
		c.Text = s.Scrub(r.Text)
	}
	if !slices.Contains(temporaryCodes, r.Code) {
		c.Code = s.Scrub(r.Code)
	}
	return &c
}

// scrubError removes every form of the secret from what an error quotes of
// the server.
func (s *Session) scrubError(err error) {
	var refused *ReplyError
	if errors.As(err, &refused) {
		refused.Reply = *s.Scrubbed(&refused.Reply)
	}
	var fault *ProtocolError
	if errors.As(err, &fault) {
		fault.Detail = s.Scrub(fault.Detail)
	}
	var exchange *auth.ExchangeError
	if errors.As(err, &exchange) {
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
