package scrub

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// An index finds the secrets in a text that is decoded. Texts are compared
// without regard to the case of ASCII letters: some servers raise a command
// before they quote it.
type index struct {
	windows  []windows       // by their length
	short    map[string]bool // folded
	filter   [1 << 12]bool   // whether a window may begin with four bytes
	least    int             // the shortest that can be found, in bytes
	public   string          // folded: texts of which a part gives nothing away
	names    []string        // folded: the user names among them
	whole    []string        // folded: the secrets themselves, for places where servers echo
	everyday [][]byte        // those of whole that are words of all texts
	blanks   bool            // a secret has blanks
	wide     bool            // a secret has more than ASCII
}

// windows are the parts of one length by which a secret is told.
type windows struct {
	length int
	known  map[string]bool // folded
}

func (x *index) empty() bool { return x.least == 0 }

// add takes in a secret in every shape in which its letters may come.
func (x *index) add(secret string) {
	x.blanks = x.blanks || strings.Contains(secret, " ")
	x.wide = x.wide || strings.ContainsFunc(secret, func(r rune) bool { return r >= utf8.RuneSelf })
	if len(secret) < shortSecret {
		x.addShort(secret)
		return
	}
	x.whole = append(x.whole, fold(secret))
	if x.isWord(fold(secret)) {
		x.everyday = append(x.everyday, []byte(fold(secret)))
	}
	x.shortest(shortSecret)
	for _, text := range spellings(secret) {
		x.addLong(text)
	}
}

func (x *index) addShort(secret string) {
	if x.short == nil {
		x.short = make(map[string]bool)
	}
	x.short[fold(secret)] = true
	x.shortest(len(secret))
}

// common are words of which replies are full. Where a part of a secret is one of
// them, it is no echo, and to cut it out would tell it.
var common = []string{
	"authentication", "authenticate", "authorization", "credentials", "username", "password", "incorrect", "invalid", "mailserver",
	"postmaster", "localhost", "login failed", "microsoft", "outlook", "exchange", "dovecot", "postfix",
}

// addLong takes in the parts by which a spelling is told.
func (x *index) addLong(text string) {
	n := telling(len(text))
	if len(text) < n {
		return
	}
	known := x.ofLength(n)
	folded := fold(text)
	for i := 0; i+n <= len(folded); i++ {
		if part := folded[i : i+n]; n < len(folded) && x.isPublic(part) || x.isWord(folded) {
			continue
		}
		known[folded[i:i+n]] = true
		x.filter[slot(folded[i:])] = true
	}
	x.shortest(n)
}

// telling returns how much of a secret of n bytes gives it away: eight bytes,
// or three quarters of a shorter one. Servers cut off what they echo.
func telling(n int) int { return max(shortSecret, min(8, (3*n+3)/4)) }

func (x *index) isPublic(part string) bool {
	return strings.Contains(x.public, part) || slices.ContainsFunc(common, func(word string) bool { return strings.Contains(word, part) })
}

func (x *index) ofLength(n int) map[string]bool {
	for _, w := range x.windows {
		if w.length == n {
			return w.known
		}
	}
	x.windows = append(x.windows, windows{n, make(map[string]bool)})
	return x.windows[len(x.windows)-1].known
}

// shortestWindow is the length of the shortest part by which a secret is told
// wherever it stands.
func (x *index) shortestWindow() int {
	n := chunk
	for _, w := range x.windows {
		n = min(n, w.length)
	}
	return n
}

func (x *index) shortest(n int) {
	if x.least == 0 || n < x.least {
		x.least = n
	}
}

// slot returns the place of four bytes in the filter.
func slot[T string | []byte](s T) uint32 {
	key := uint32(s[0]) | uint32(s[1])<<8 | uint32(s[2])<<16 | uint32(s[3])<<24
	return key * 2654435761 >> 20 // Knuth's multiplicative hash
}

// find calls found for each stretch of a folded text that tells a secret.
func (x *index) find(text []byte, found func(from, to int)) {
	for i := 0; i+shortSecret <= len(text); i++ {
		if !x.filter[slot(text[i:])] {
			continue
		}
		for _, w := range x.windows {
			if i+w.length <= len(text) && w.known[string(text[i:i+w.length])] {
				found(i, i+w.length)
			}
		}
	}
}

// findShort calls found where a short secret stands alone in a folded text.
func (x *index) findShort(text []byte, found func(from, to int)) {
	for secret := range x.short {
		for i := 0; i+len(secret) <= len(text); i++ {
			to := i + len(secret)
			if string(text[i:to]) == secret && (i == 0 || !ofWord(text[i-1])) && (to == len(text) || !ofWord(text[to])) {
				found(i, to)
			}
		}
	}
}

// ofWord reports whether a byte makes what stands beside it a longer word.
func ofWord(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || c >= utf8.RuneSelf
}
