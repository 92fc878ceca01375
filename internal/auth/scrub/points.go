package scrub

import (
	"bytes"
	"unicode/utf16"
	"unicode/utf8"
)

// braced reads the number in braces at a place of an escape, and how long the
// escape is; 0: there is none.
func braced(text []byte, at int) (rune, int) {
	if at >= len(text) || text[at] != '{' {
		return 0, 0
	}
	end := bytes.IndexByte(text[:min(len(text), at+10)], '}')
	r, ok := digits(text, at+1, end-at-1, 16)
	return rune(r), size(ok, end+1)
}

// namedEscape is \N{U+0041} of Perl.
func namedEscape(text []byte) ([]byte, int) {
	const mark = `\N{U+`
	if len(text) < len(mark) || !bytes.EqualFold(text[:len(mark)], []byte(mark)) {
		return nil, 0
	}
	end := bytes.IndexByte(text[:min(len(text), len(mark)+8)], '}')
	r, ok := digits(text, len(mark), end-len(mark), 16)
	return utf8.AppendRune(nil, rune(r)), size(ok, end+1)
}

// point is the number of a character as Unicode's own texts write it, U+0041,
// with what stands between it and the next.
func point(text []byte) ([]byte, int) {
	if len(text) < 2 || text[1] != '+' {
		return nil, 0
	}
	n := 2
	for n < len(text) && n < 8 && digit(text[n]) < 16 {
		n++
	}
	r, ok := digits(text, 2, n-2, 16)
	if n < 6 || !ok {
		return nil, 0
	}
	if n+2 < len(text) && !ofWord(text[n]) && text[n+1]|0x20 == 'u' && text[n+2] == '+' {
		n++
	}
	return utf8.AppendRune(nil, rune(r)), n
}

// percentUnit is %u0041, as escape() of JavaScript writes UTF-16.
func percentUnit(text []byte) ([]byte, int) {
	r, ok := unitAt(text, 0)
	if !ok {
		return nil, 0
	}
	if low, ok := unitAt(text, 6); ok && utf16.IsSurrogate(r) {
		if whole := utf16.DecodeRune(r, low); whole != utf8.RuneError {
			return utf8.AppendRune(nil, whole), 12
		}
	}
	return utf8.AppendRune(nil, r), 6
}

func unitAt(text []byte, at int) (rune, bool) {
	if len(text) < at+6 || text[at] != '%' || text[at+1]|0x20 != 'u' {
		return 0, false
	}
	r, ok := digits(text, at+2, 4, 16)
	return rune(r), ok
}

// backslashHex is two hexadecimal digits behind a backslash, as in LDAP (RFC
// 4514 §2.4, RFC 4515 §3).
func backslashHex(text []byte) ([]byte, int) {
	c, ok := digits(text, 1, 2, 16)
	return []byte{byte(c)}, size(ok, 3)
}

// styled is an escape of CSS: six hexadecimal digits, or fewer and a blank that
// ends them.
func styled(text []byte) ([]byte, int) {
	n := 1
	for n < len(text) && n < 7 && digit(text[n]) < 16 {
		n++
	}
	r, ok := digits(text, 1, n-1, 16)
	if ok && n < 7 && n < len(text) && text[n] == ' ' {
		n++
	}
	return utf8.AppendRune(nil, rune(r)), size(ok, n)
}
