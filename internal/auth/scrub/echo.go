package scrub

import (
	"bytes"
	"slices"
	"strings"
)

// words are what greetings and replies are full of beside the common ones. A
// secret that is one of them is cut out only where servers echo, or where it
// comes in a coding: anywhere else the gap would tell it, and be none of theirs.
var words = []string{"imap", "imap4", "imap4rev1", "pop3", "smtp", "esmtp", "mail", "login", "auth", "plain", "user", "pass", "server", "service", "ready"}

// isWord reports whether a folded secret is a whole word that stands in texts
// of itself: in names that are public, or in what all servers say.
func (x *index) isWord(secret string) bool {
	if slices.Contains(common, secret) || slices.Contains(words, secret) {
		return true
	}
	return slices.Contains(strings.FieldsFunc(x.public, func(r rune) bool { return r < 0x80 && !ofWord(byte(r)) }), secret)
}

// findEchoes calls found where a secret, or the first half of one, stands in a
// place in which servers say again what they were sent: in quotation marks or
// brackets, in a message of a mechanism, behind the user name or a command.
func (x *index) findEchoes(text []byte, found func(from, to int)) {
	for i := range text {
		if !x.echoes(text[:i]) {
			continue
		}
		for _, secret := range x.whole {
			if n := alike(text[i:], secret); x.enough(secret, n) && ends(text[i+n:]) {
				found(i, i+n)
			}
		}
	}
}

// findWords calls found where a secret that is a word of all texts stands as a
// whole word.
func (x *index) findWords(text []byte, found func(from, to int)) {
	for _, word := range x.everyday {
		for i := 0; ; {
			at := bytes.Index(text[i:], word)
			if at < 0 {
				break
			}
			from, to := i+at, i+at+len(word)
			if (from == 0 || !ofWord(text[from-1])) && ends(text[to:]) {
				found(from, to)
			}
			i = to
		}
	}
}

// enough reports whether the first n bytes of a secret, where it may be echoed,
// give it away: half of it, unless that is a part of texts of itself.
func (x *index) enough(secret string, n int) bool {
	switch {
	case n == len(secret):
		return true
	case n < max(shortSecret, (len(secret)+1)/2):
		return false
	}
	return !x.isWord(secret) && !x.isPublic(secret[:n])
}

// echoes reports whether what stands behind a text may be an echo.
func (x *index) echoes(before []byte) bool {
	if len(before) == 0 {
		return false
	}
	switch last := before[len(before)-1]; last {
	case '"', '\'', '`', '[', '(', '<', '{', '=', 0, 1:
		return true
	case ' ':
		said := strings.TrimRight(string(before[max(0, len(before)-maxName):]), ` "`)
		return endsInWord(said, "pass") || slices.ContainsFunc(x.names, func(name string) bool { return endsInWord(said, name) })
	}
	return false
}

const maxName = 320 // bytes that are looked at for a user name

// endsInWord reports whether a text ends in a word, which is not the end of a
// longer one.
func endsInWord(text, word string) bool {
	rest, ok := strings.CutSuffix(text, word)
	return ok && (rest == "" || !ofWord(rest[len(rest)-1]))
}

// ends reports whether an echo may end before a text.
func ends(after []byte) bool { return len(after) == 0 || !ofWord(after[0]) }

// alike counts the bytes with which both begin.
func alike(text []byte, secret string) int {
	n := 0
	for n < len(text) && n < len(secret) && text[n] == secret[n] {
		n++
	}
	return n
}
