package scrub

import (
	"strconv"
	"unicode/utf16"
	"unicode/utf8"
)

// short escapes of JSON and C.
var escapes = map[byte]byte{
	'n': '\n', 'r': '\r', 't': '\t', 'b': '\b', 'f': '\f', 'v': '\v', 'a': '\a', 'e': 0x1b,
	'\\': '\\', '"': '"', '\'': '\'', '/': '/', '?': '?', ' ': ' ', '%': '%', '&': '&', '@': '@', '#': '#', ':': ':',
}

// backslash is an escape of JSON, C, JavaScript or Go; three digits are octal
// there and decimal in zone files (RFC 1035 §5.1).
func backslash(base int) func([]byte) ([]byte, int) {
	return func(text []byte) ([]byte, int) {
		if len(text) < 2 {
			return nil, 0
		}
		switch c := text[1]; c {
		case 'u', 'U':
			return unicodeEscape(text)
		case 'N':
			return namedEscape(text)
		case 'x', 'X':
			if r, n := braced(text, 2); n > 0 {
				return utf8.AppendRune(nil, r), n
			}
			c, ok := digits(text, 2, 2, 16)
			return []byte{byte(c)}, size(ok, 4)
		case '\n':
			return nil, 2
		default:
			if c, ok := digits(text, 1, 3, base); ok && c < 256 {
				return []byte{byte(c)}, 4
			}
			plain, ok := escapes[c]
			return []byte{plain}, size(ok, 2)
		}
	}
}

// unicodeEscape is \u0041, a pair of them for a surrogate pair, \u{41} and
// \U00000041.
func unicodeEscape(text []byte) ([]byte, int) {
	if r, n := braced(text, 2); n > 0 {
		return utf8.AppendRune(nil, r), n
	}
	if r, ok := digits(text, 2, 8, 16); ok && text[1] == 'U' {
		return utf8.AppendRune(nil, rune(r)), 10
	}
	r, ok := digits(text, 2, 4, 16)
	if utf16.IsSurrogate(rune(r)) && len(text) > 7 && text[6] == '\\' && text[7] == 'u' {
		if low, ok := digits(text, 8, 4, 16); ok {
			return utf8.AppendRune(nil, utf16.DecodeRune(rune(r), rune(low))), 12
		}
	}
	return utf8.AppendRune(nil, rune(r)), size(ok, 6)
}

// digits reads n digits of a base.
func digits(text []byte, at, n, base int) (uint32, bool) {
	if n <= 0 || at+n > len(text) {
		return 0, false
	}
	for _, c := range text[at : at+n] {
		if digit(c) >= base {
			return 0, false
		}
	}
	read, err := strconv.ParseUint(string(text[at:at+n]), base, 32)
	return uint32(read), err == nil
}

// digit returns the value of a digit; 255: it is none.
func digit(c byte) int { return int(nibbles[c]) }
