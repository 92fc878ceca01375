package auth

import (
	"encoding/base64"
	"fmt"
	"io"
	"strings"

	"mailprobe/internal/auth/scrub"
	"mailprobe/internal/secret"
)

// A Scrubber takes secrets, and what was computed from them, out of all that a
// run shows. One serves all connections of a run: a server that was shown a
// secret on one can say it on any. A nil Scrubber knows nothing and changes
// nothing.
type Scrubber struct {
	// As with Secret, a function that no printer can look into.
	finder func() *scrub.Finder
}

// NewScrubber returns a scrubber that knows the secrets of some credentials,
// of which any may be nil.
func NewScrubber(credentials ...*Credential) *Scrubber { return NewScrubberBeside(nil, credentials...) }

// NewScrubberBeside is NewScrubber where some texts, such as host and user
// names, are no secret: a password may have a part of them, and to cut that
// out wherever they stand would tell it.
func NewScrubberBeside(known []string, credentials ...*Credential) *Scrubber {
	finder := new(scrub.Finder)
	for _, text := range known {
		finder.Allow(text)
	}
	s := &Scrubber{func() *scrub.Finder { return finder }}
	for _, c := range credentials {
		if c == nil {
			continue
		}
		if r, isToken := c.Reading(); !isToken || !r.Spoken() {
			s.Learn(c.secret)
		}
		for _, ofHost := range c.each {
			s.Learn(ofHost)
		}
	}
	return s
}

// Learn makes a further secret known, such as a response from which a password
// can be guessed without asking the server.
func (s *Scrubber) Learn(v Secret) {
	if s != nil && s.finder != nil {
		s.finder().Add(secret.Reveal(v))
	}
}

// learnBase64 makes bytes known that stand in a message in base64.
func (s *Scrubber) learnBase64(text string) {
	s.Learn(NewSecret(text))
	if raw, err := base64.StdEncoding.DecodeString(text); err == nil {
		s.Learn(NewSecret(string(raw)))
	}
}

// Scrub returns a text without the secrets, in whatever coding they come. Of a
// line that may hold a secret of fewer than four bytes only the status is left.
func (s *Scrubber) Scrub(text string) string {
	if s == nil || s.finder == nil {
		return text
	}
	return s.finder().Text(text)
}

// ScrubLines does the same for the lines of one side of a dialogue, where a
// secret may be broken over several. It returns one for each.
func (s *Scrubber) ScrubLines(lines []string) []string {
	if s == nil || s.finder == nil {
		return lines
	}
	return s.finder().Lines(lines)
}

// Format writes a fixed text, whatever the verb.
func (s Scrubber) Format(f fmt.State, _ rune) { io.WriteString(f, secret.Redacted) }

// attribute returns the value of an attribute of a SCRAM message (RFC 5802
// §5.1); empty: there is none.
func attribute(message, name string) string {
	for part := range strings.SplitSeq(message, ",") {
		if value, found := strings.CutPrefix(part, name+"="); found {
			return value
		}
	}
	return ""
}
