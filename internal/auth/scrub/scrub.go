// Package scrub takes secrets out of texts that somebody else wrote. It
// decodes what it reads, in every way that standards and libraries know, and
// then searches: a secret that a server quotes in a coding of its own is found
// as well as the bare one.
//
// What it cannot do: a server that means harm, and was shown the secret, can
// write it in a way that only its friends can read. Nothing is looked for that
// no software does by itself, such as the letters in reverse.
package scrub

import (
	"strings"
	"sync"

	"mailprobe/internal/lazyregexp"
)

// shortSecret is the length in bytes below which a secret is a part of so many
// words that only one that stands alone is taken for it.
const shortSecret = 4

// marks stand in place of a secret, withheld in place of a line that may have a
// short one. The first that holds nothing of a secret itself is taken: somebody's
// password is "redacted".
var (
	marks    = []string{"[redacted]", "[...]", "[-]", ""}
	withheld = []string{"[withheld: it may hold the password]", "[...]", "[-]", ""}
)

// A Finder knows secrets and takes them out of texts. The zero Finder knows
// none. It may be used by several goroutines at once.
type Finder struct {
	mu       sync.RWMutex
	index    index
	mark     string
	withheld string
}

// Allow says that a text is no secret: a part of one that stands in it gives
// nothing away. It is for secrets that are added afterwards.
func (f *Finder) Allow(text string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.index.public += fold(text) + "\n"
	if strings.Contains(text, "@") || !strings.Contains(text, ".") {
		f.index.names = append(f.index.names, fold(text))
	}
}

// Add makes a secret known. An empty one is none.
func (f *Finder) Add(secret string) {
	if secret == "" {
		return
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.index.add(secret)
	f.mark, f.withheld = f.harmless(marks), f.harmless(withheld)
}

// harmless returns the first of some texts that holds nothing of a secret.
func (f *Finder) harmless(texts []string) string {
	for _, text := range texts {
		if h := f.search(text); !h.any() {
			return text
		}
	}
	return ""
}

// Text returns text without the secrets, whatever lines it has.
func (f *Finder) Text(text string) string {
	return strings.Join(f.Lines(strings.Split(text, "\n")), "\n")
}

// Lines returns the lines of one dialogue without the secrets, one for each. A
// secret that is broken over several lines is found, also behind what begins
// every line of a reply. Of a line that may have a secret of fewer than four
// bytes nothing is left but the status with which it begins: cut out, it could
// be told by the gap.
func (f *Finder) Lines(lines []string) []string {
	f.mu.RLock()
	defer f.mu.RUnlock()
	if f.index.empty() {
		return lines
	}
	h := f.search(strings.Join(lines, "\n"))
	if !h.any() {
		return lines
	}
	clean := make([]string, len(lines))
	at := 0
	for i, line := range lines {
		clean[i] = f.clean(line, h, at)
		at += len(line) + len("\n")
	}
	return clean
}

// clean returns one line, which begins at an offset of what was searched.
func (f *Finder) clean(line string, h *hits, at int) string {
	if own := len(beginning.FindString(line)); h.shortIn(at+own, at+len(line)) {
		return line[:own] + f.withheld
	}
	if !h.hides(at, at+len(line)) {
		return line
	}
	var b strings.Builder
	for i := range len(line) {
		switch {
		case !h.hidden[at+i]:
			b.WriteByte(line[i])
		case i == 0 || !h.hidden[at+i-1]:
			b.WriteString(f.mark)
		}
	}
	return b.String()
}

// beginning is what a protocol itself puts in front of a line. It quotes
// nobody.
var beginning = lazyregexp.New(`^(?:\d{3}(?:[ -]|$)(?:[245]\.\d{1,3}\.\d{1,3} )?|(?:[*+] |[A-Z]\d+ )?(?:OK|NO|BAD|BYE|PREAUTH)(?: |$)|(?:\+OK|-ERR)(?: |$)|[*+] )`)
