package bulk

import (
	"crypto/sha256"
	"slices"
	"strings"
	"sync"

	"mailprobe/internal/document"
	"mailprobe/internal/safe"
)

// A name is by what the results of a target are found again: a hash, so that
// what is kept of each is short.
type name [16]byte

// nameOf takes a target as it stands in a result, in whatever format, and where
// it leads hosts.
func nameOf(text string, resolve []string) name {
	return nameOfShown(safe.Display(text), safe.Display(strings.Join(resolve, " ")))
}

func nameOfShown(text, resolve string) (n name) {
	sum := sha256.Sum256([]byte(text + "\n" + resolve))
	copy(n[:], sum[:])
	return n
}

// Held are the results of earlier runs: some forty bytes of each target. A nil
// Held holds none. Its methods may be called from several goroutines.
type Held struct {
	mu    sync.Mutex
	whole map[name]kept
	parts map[name]*part // of targets of which some results are missing
	torn  int            // lines that cannot be read
	rows  int            // lines that can
}

// A part is what is there of a target's results.
type part struct {
	servers map[string]bool
	verdict byte
}

// A kept is how often a target's results are there, and the worst verdict.
type kept struct {
	copies  int32
	verdict byte // of verdicts
}

var verdicts = []document.Text{document.Works, document.Unknown, document.Fails}

// Targets returns how many targets are held.
func (h *Held) Targets() (n int) {
	for _, k := range h.whole {
		n += int(k.copies)
	}
	return n
}

// Torn returns how many lines cannot be read; what they held is verified anew.
func (h *Held) Torn() int { return h.torn }

// take reports whether a target was verified before, and with which verdict. As
// many lines of a list are taken for it as there are results.
func (h *Held) take(n name) (verdict document.Text, ok bool) {
	if h == nil {
		return "", false
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	k, ok := h.whole[n]
	if !ok {
		return "", false
	}
	if k.copies--; k.copies == 0 {
		delete(h.whole, n)
	} else {
		h.whole[n] = k
	}
	return verdicts[k.verdict], true
}

// missing returns those endpoints whose results are not held: where a run was
// killed while it wrote, some are.
func (h *Held) missing(n name, list []document.Endpoint) []document.Endpoint {
	if h == nil {
		return list
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	have := h.parts[n]
	if have == nil {
		return list
	}
	delete(h.parts, n)
	left := slices.DeleteFunc(slices.Clone(list), func(e document.Endpoint) bool { return have.servers[e.Server.Endpoint().String()] })
	if len(left) == 0 { // the target has other endpoints by now
		return list
	}
	return left
}

// A result is what of a result tells which it is.
type result struct {
	name    name
	server  string // empty: the target has no endpoint
	results int    // of its target; 0: it is about the target as a whole, beside them
	verdict document.Text
}

// add takes a result. Those of a target are held once all of them are there.
func (h *Held) add(r result) {
	h.rows++
	p := h.parts[r.name]
	if p == nil {
		p = &part{servers: make(map[string]bool)}
		h.parts[r.name] = p
	}
	p.verdict = max(p.verdict, weight(r.verdict))
	if r.results == 0 {
		return
	}
	if p.servers[r.server] = true; len(p.servers) < r.results {
		return
	}
	delete(h.parts, r.name)
	k := h.whole[r.name]
	h.whole[r.name] = kept{k.copies + 1, max(k.verdict, p.verdict)}
}

// weight is the place of a verdict among verdicts; one that is not known could
// not be judged.
func weight(verdict document.Text) byte {
	if i := slices.Index(verdicts, verdict); i >= 0 {
		return byte(i)
	}
	return weight(document.Unknown)
}
