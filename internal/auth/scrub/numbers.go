package scrub

// numbers decodes bytes that are written as numbers with something between
// them, as by Go's %v and % x.
func numbers(base, most int) decoder {
	return func(v, out *view, x *index) bool {
		if v.numbers < x.least {
			return false
		}
		count, longest, last := 0, 0, -9
		for i := 0; i < len(v.text); i++ {
			j := i
			for j < len(v.text) && ofWord(v.text[j]) {
				j++
			}
			if c, ok := number(v.text[i:j], base, most); ok {
				if i-last > 2 {
					out.gap(v, i)
					count = 0
				}
				out.made([]byte{c}, v, i, j)
				count, last = count+1, j
				longest = max(longest, count)
			}
			i = j
		}
		return longest >= x.least
	}
}

// number reads a byte in digits, as many as its base needs or, in decimal,
// fewer.
func number(word []byte, base, most int) (byte, bool) {
	if base == 16 && len(word) == most+2 && word[0] == '0' && word[1]|0x20 == 'x' {
		word = word[2:]
	}
	if len(word) > most || base == 16 && len(word) < most {
		return 0, false
	}
	c, ok := digits(word, 0, len(word), base)
	return byte(c), ok && c < 256
}

// without leaves bytes out.
func without(v, out *view, drop func(byte) bool) bool {
	for i, c := range v.text {
		if !drop(c) {
			out.put(c, v.from[i], v.to[i])
		}
	}
	return len(out.text) < len(v.text)
}
