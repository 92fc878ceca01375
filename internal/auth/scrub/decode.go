package scrub

import (
	"bytes"
	"html"
	"unicode/utf8"
)

// A decoder undoes one coding wherever it occurs in a view. It reports whether
// there was anything to undo.
type decoder func(v, out *view, x *index) bool

// decoders are all of them. Those in place leave the rest of a text as it is,
// so that different letters of a secret may come in different codings.
var decoders = []decoder{
	inPlace('%', percent), inPlace('&', entity), inPlace('=', quoted),
	inPlace('\\', backslash(8)), inPlace('\\', backslash(10)), inPlace('\\', backslashHex), inPlace('\\', styled),
	inPlace('U', point), inPlace('u', point), inPlace('%', percentUnit),
	inPlace('&', utf7), inPlace('+', utf7),
	inBlanks(inPlace('+', blank)), inBlanks(inPlace('_', blank)),
	joined(0), joined(1), joined(2),
	base64Run(0), base64Run(1), base64Run(2), base64Run(3),
	base32Run(0), base32Run(1), base32Run(2), base32Run(3), base32Run(4), base32Run(5), base32Run(6), base32Run(7),
	hexRun(0), hexRun(1),
	numbers(16, 2), numbers(10, 3), numbers(8, 3),
	withoutNUL, utf16Text(0, false), utf16Text(1, false), utf16Text(0, true), utf16Text(1, true),
}

// inBlanks leaves a coding of blanks alone where no secret has one.
func inBlanks(decode decoder) decoder {
	return func(v, out *view, x *index) bool { return x.blanks && decode(v, out, x) }
}

// inPlace makes a decoder of what reads one escape at the beginning of a text:
// what it stands for, and how many bytes it has; 0: there is none.
func inPlace(mark byte, read func(text []byte) ([]byte, int)) decoder {
	return func(v, out *view, _ *index) bool {
		if !v.has(mark) {
			return false
		}
		changed, done := false, 0
		for i := 0; i < len(v.text); i++ {
			if v.text[i] != mark {
				continue
			}
			text, n := read(v.text[i:])
			if n == 0 {
				continue
			}
			out.take(v, done, i)
			out.made(text, v, i, i+n)
			changed, done = true, i+n
			i = done - 1
		}
		out.take(v, done, len(v.text))
		return changed
	}
}

// percent is RFC 3986 §2.1.
func percent(text []byte) ([]byte, int) {
	c, ok := digits(text, 1, 2, 16)
	return []byte{byte(c)}, size(ok, 3)
}

// blank is "+" in a form and "_" in an encoded word (RFC 2047 §4.2).
func blank([]byte) ([]byte, int) { return []byte{' '}, 1 }

// quoted is quoted-printable (RFC 2045 §6.7) with its soft line break. SASL
// names are escaped alike (RFC 5801 §4).
func quoted(text []byte) ([]byte, int) {
	for _, end := range []string{"=\r\n", "=\n"} {
		if bytes.HasPrefix(text, []byte(end)) {
			return nil, len(end)
		}
	}
	c, ok := digits(text, 1, 2, 16)
	return []byte{byte(c)}, size(ok, 3)
}

// unclosed are entities that HTML knows without a semicolon, of which programs
// make use.
var unclosed = []string{"&amp", "&lt", "&gt", "&quot", "&auml", "&ouml", "&uuml", "&szlig", "&eacute", "&egrave", "&agrave", "&ccedil", "&ntilde", "&oslash", "&aring", "&aelig", "&acirc", "&ecirc", "&iacute", "&oacute", "&uacute"}

const longestEntity = 34 // bytes; &CounterClockwiseContourIntegral;

// entity is a character reference of HTML, by name or number, also where its
// semicolon is missing.
func entity(text []byte) ([]byte, int) {
	text = text[:min(len(text), longestEntity)]
	if len(text) > 2 && text[1] == '#' {
		return numbered(text)
	}
	if end := bytes.IndexByte(text, ';'); end > 0 {
		whole := string(text[:end+1])
		if read := html.UnescapeString(whole); read != whole {
			return []byte(read), end + 1
		}
	}
	for _, name := range unclosed {
		if len(text) >= len(name) && bytes.EqualFold(text[:len(name)], []byte(name)) {
			return []byte(html.UnescapeString(name + ";")), len(name)
		}
	}
	return nil, 0
}

// numbered is a character reference by number. HTML has no NUL, but UTF-16 that
// is escaped byte for byte does.
func numbered(text []byte) ([]byte, int) {
	base, at := 10, 2
	if text[2]|0x20 == 'x' {
		base, at = 16, 3
	}
	n := at
	for n < len(text) && n < at+7 && digit(text[n]) < base {
		n++
	}
	r, ok := digits(text, at, n-at, base)
	read := utf8.AppendRune(nil, rune(r))
	if 0x80 <= r && r < 0xa0 {
		read = []byte(html.UnescapeString(string(text[:n]) + ";")) // of Windows-1252
	}
	if n < len(text) && text[n] == ';' {
		n++
	}
	return read, size(ok, n)
}

func size(ok bool, n int) int {
	if ok {
		return n
	}
	return 0
}
