package auth

import (
	"fmt"
	"io"
	"strings"

	"mailprobe/internal/secret"
)

const (
	shortSecret = 4  // below this a secret cannot be cut out of a line
	window      = 12 // of a longer form, this many bytes in a row are secret.Redacted too: servers cut off what they echo
)

const withheld = "[line withheld: it may hold the password]"

// A Scrubber removes every form of a secret from what servers echo.
type Scrubber struct {
	// As with Secret, a function that no printer can look into.
	scrub func(string) string
}

// Scrubber returns the scrubber for this credential and user name. Without a
// secret it is nil, which is valid.
func (c *Credential) Scrubber(username string) *Scrubber {
	if c == nil || c.secret.Empty() {
		return nil
	}
	text := secret.Reveal(c.secret)
	forms := formsOf(text, username)
	if len(text) < shortSecret {
		return &Scrubber{func(line string) string { return withhold(line, forms) }}
	}
	index := newIndex(forms)
	return &Scrubber{func(line string) string { return withhold(index.cut(line), forms) }}
}

// Scrub returns line without any form of the secret. A secret of fewer than
// four bytes cannot be cut out without being guessed from the gap: a line
// that has it is withheld as a whole. A nil Scrubber changes nothing.
func (s *Scrubber) Scrub(line string) string {
	if s == nil || s.scrub == nil {
		return line
	}
	return s.scrub(line)
}

// Format writes a fixed text, whatever the verb.
func (s Scrubber) Format(f fmt.State, _ rune) { io.WriteString(f, secret.Redacted) }

// withhold replaces a line that has a form of the secret. The replacement
// itself must not have one: somebody's password is "password".
func withhold(line string, forms []form) string {
	if !holdsAny(line, forms) {
		return line
	}
	for _, instead := range []string{withheld, "[withheld]", "[...]"} {
		if !holdsAny(instead, forms) {
			return instead
		}
	}
	return ""
}

func holdsAny(line string, forms []form) bool {
	folded := foldASCII(line)
	for _, f := range forms {
		if f.in(line, folded) >= 0 {
			return true
		}
	}
	return false
}

// An index finds all forms in a line.
type index struct {
	forms   []form
	windows map[string]bool // folded; true: case does not matter
	exact   map[string]bool // as they are
}

func newIndex(forms []form) index {
	ix := index{forms: forms, windows: map[string]bool{}, exact: map[string]bool{}}
	for _, f := range forms {
		for i := 0; i+window <= len(f.text); i++ {
			if f.anyCase {
				ix.windows[f.text[i:i+window]] = true
			} else {
				ix.exact[f.text[i:i+window]] = true
			}
		}
	}
	return ix
}

// cut replaces every stretch of line that belongs to a form.
func (ix index) cut(line string) string {
	hit := make([]bool, len(line))
	mark := func(from, to int) {
		for i := from; i < to; i++ {
			hit[i] = true
		}
	}
	folded := foldASCII(line)
	for i := 0; i+window <= len(line); i++ {
		if ix.windows[folded[i:i+window]] || ix.exact[line[i:i+window]] {
			mark(i, i+window)
		}
	}
	for _, f := range ix.forms {
		if len(f.text) >= window {
			continue // its windows cover it
		}
		for at := 0; at < len(line); at++ {
			i := f.in(line[at:], folded[at:])
			if i < 0 {
				break
			}
			at += i
			mark(at, at+len(f.text))
		}
	}
	return redact(line, hit)
}

func redact(line string, hit []bool) string {
	var b strings.Builder
	for i := range len(line) {
		switch {
		case !hit[i]:
			b.WriteByte(line[i])
		case i == 0 || !hit[i-1]:
			b.WriteString(secret.Redacted)
		}
	}
	return b.String()
}

// foldASCII lowers ASCII letters and keeps every byte's place.
func foldASCII(s string) string {
	b := []byte(s)
	for i, c := range b {
		if 'A' <= c && c <= 'Z' {
			b[i] = c + 'a' - 'A'
		}
	}
	return string(b)
}
