package scrub

// alphabet holds the value of each letter of base64, in any of its alphabets
// (RFC 4648 §4 and §5, RFC 9051 §6.3.1); nibbles that of each hexadecimal digit.
var (
	alphabet = valued("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/", "-_", "-,")
	nibbles  = valued("0123456789abcdef", "ABCDEF")
	quintets = inEitherCase(valued("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"))
)

// valued gives letters their place as value, and those of further sets the
// values of the last places.
func valued(all string, last ...string) (values [256]byte) {
	for c := range values {
		values[c] = 255
	}
	for _, set := range append(last, all) {
		for i := range len(set) {
			values[set[i]] = byte(len(all) - len(set) + i)
		}
	}
	return values
}

// inEitherCase gives small letters the values of the capitals.
func inEitherCase(values [256]byte) [256]byte {
	for c := 'a'; c <= 'z'; c++ {
		values[c] = values[c-'a'+'A']
	}
	return values
}

// packs reports whether a byte may belong to base64 or hexadecimal digits. A
// comma is one so rarely that it ends what belongs together.
func packs(c byte) bool { return alphabet[c] < 64 && c != ',' }

// base64Run decodes every run of letters of base64, with so many of its letters
// left out: what stands before a secret may belong to the run or not.
func base64Run(skip int) decoder {
	return func(v, out *view, x *index) bool {
		out.packed = true
		return v.wordy >= (8*x.least+5)/6+skip && letters{&alphabet, 6}.runs(v, out, (8*x.least+5)/6+skip, skip)
	}
}

// base32Run is the same of base32 (RFC 4648 §6), in either case. Every word can
// be read so: of a short secret it would find too much, and cost too much where
// less is looked for than what tells a secret by itself, or words are one.
func base32Run(skip int) decoder {
	return func(v, out *view, x *index) bool {
		out.packed = true
		least := (8*x.shortestWindow()+4)/5 + skip
		return !v.unbroken && v.wordy >= least && letters{&quintets, 5}.runs(v, out, least, skip)
	}
}

// hexRun is the same of hexadecimal digits.
func hexRun(skip int) decoder {
	return func(v, out *view, x *index) bool {
		out.packed = true
		return v.hexed >= 2*x.least+skip && letters{&nibbles, 4}.runs(v, out, 2*x.least+skip, skip)
	}
}

// letters are what bits are written in, so many with each; a value that does not
// fit into them is that of no letter.
type letters struct {
	values *[256]byte
	bits   int
}

func (l letters) has(c byte) bool { return l.values[c] < 1<<l.bits }

// runs decodes every run of at least so many letters. It reports whether there
// is one.
func (l letters) runs(v, out *view, least, skip int) bool {
	any := false
	for i := 0; i < len(v.text); i++ {
		j := i
		for j < len(v.text) && l.has(v.text[j]) {
			j++
		}
		if j-i >= least && j > i {
			out.gap(v, i)
			l.unpack(v, out, i+skip, j)
			any = true
		}
		i = j
	}
	return any
}

// unpack joins the bits of letters to bytes.
func (l letters) unpack(v, out *view, i, j int) {
	var held uint32
	n, from := 0, i
	for at := i; at < j; at++ {
		held, n = held<<l.bits|uint32(l.values[v.text[at]]), n+l.bits
		if n < 8 {
			continue
		}
		n -= 8
		out.put(byte(held>>n), min(v.from[from], v.from[at]), max(v.to[from], v.to[at]))
		held &= 1<<n - 1
		if from = at; n == 0 {
			from = at + 1
		}
	}
}

// joined puts together what was broken in lines: without any blank, or without
// the line end and so many words behind it as begin each line of a reply
// ("250-", "* BAD ", "535-5.7.8 "). What was packed has no lines.
func joined(words int) decoder {
	return func(v, out *view, _ *index) bool {
		if v.packed {
			return false
		}
		if words == 0 {
			out.unbroken = true
			return without(v, out, func(c byte) bool { return c == ' ' || c == '\t' || c == '\r' || c == '\n' })
		}
		if !v.has('\n') {
			return false
		}
		for i := 0; i < len(v.text); i++ {
			switch c := v.text[i]; {
			case c == '\n':
				i += prefix(v.text[i+1:], words)
			case c != '\r':
				out.put(c, v.from[i], v.to[i])
			}
		}
		return true
	}
}

// prefix returns the length of so many words that begin a line, each with what
// ends it.
func prefix(line []byte, words int) int {
	for i, c := range line {
		switch {
		case c == '\n':
			return 0
		case c == ' ' || c == '-' && words > 0 && i == 3:
			if words--; words == 0 {
				return i + 1
			}
		}
	}
	return 0
}
