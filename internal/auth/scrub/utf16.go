package scrub

import (
	"unicode/utf16"
	"unicode/utf8"
)

// utf7 is a stretch of UTF-7 (RFC 2152) or of the name of an IMAP mailbox (RFC
// 3501 §5.1.3): UTF-16 in base64.
func utf7(text []byte) ([]byte, int) {
	end := 1
	for end < len(text) && text[end] != '-' && alphabet[text[end]] < 64 {
		end++
	}
	closed := end < len(text) && text[end] == '-'
	switch {
	case end == 1 && closed:
		return text[:1], 2
	case end < 4:
		return nil, 0
	}
	var packed view
	packed.fill(string(text[1:end]))
	var bytes, read view
	letters{&alphabet, 6}.unpack(&packed, &bytes, 0, len(packed.text))
	read.fromUTF16(&bytes, 0, true)
	if closed {
		end++
	}
	return read.text, end
}

// utf16Text decodes UTF-16, from an even or an odd byte on. Where secrets are
// ASCII, withoutNUL does.
func utf16Text(skip int, big bool) decoder {
	return func(v, out *view, x *index) bool {
		if !x.wide || !v.binary {
			return false
		}
		out.fromUTF16(v, skip, big)
		return true
	}
}

func (out *view) fromUTF16(v *view, skip int, big bool) {
	for i := skip; i+1 < len(v.text); i += 2 {
		r, n := unit(v.text[i:], big), 2
		if utf16.IsSurrogate(r) && i+3 < len(v.text) {
			if whole := utf16.DecodeRune(r, unit(v.text[i+2:], big)); whole != utf8.RuneError {
				r, n = whole, 4
			}
		}
		var buf [utf8.UTFMax]byte
		out.made(utf8.AppendRune(buf[:0], r), v, i, i+n)
		i += n - 2
	}
}

func unit(text []byte, big bool) rune {
	if big {
		return rune(text[0])<<8 | rune(text[1])
	}
	return rune(text[1])<<8 | rune(text[0])
}

// withoutNUL reads the ASCII in UTF-16 and UTF-32, wherever it begins.
func withoutNUL(v, out *view, _ *index) bool {
	return v.has(0) && without(v, out, func(c byte) bool { return c == 0 })
}
