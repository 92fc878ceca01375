package scrub

import (
	"slices"
	"unicode/utf8"
)

// A view is a text as it reads when something is decoded, and of which bytes
// of the chunk each of its bytes was made.
type view struct {
	text     []byte
	from, to []int32
	packed   bool // base64, base32 or hexadecimal digits were decoded on the way
	unbroken bool // blanks were left out, so that all words are one

	// What survey finds, by which most decoders can tell that there is nothing
	// for them.
	present [256]bool
	wordy   int // letters of base64 in the longest run of them
	hexed   int // hexadecimal digits, likewise
	numbers int // runs of up to four hexadecimal digits
	binary  bool
}

// survey looks at each byte once.
func (v *view) survey() {
	v.present = [256]bool{}
	v.wordy, v.hexed, v.numbers = 0, 0, 0
	word, hex := 0, 0
	for _, c := range v.text {
		v.present[c] = true
		if alphabet[c] < 64 {
			word++
			v.wordy = max(v.wordy, word)
		} else {
			word = 0
		}
		if nibbles[c] < 16 {
			hex++
			v.hexed = max(v.hexed, hex)
			continue
		}
		if 0 < hex && hex <= 4 {
			v.numbers++
		}
		hex = 0
	}
	if 0 < hex && hex <= 4 {
		v.numbers++
	}
	v.binary = slices.Contains(v.present[utf8.RuneSelf:], true) || slices.Contains(v.present[:'\t'], true)
}

func (v *view) grow(n int) {
	v.text, v.from, v.to = slices.Grow(v.text[:0], n), slices.Grow(v.from[:0], n), slices.Grow(v.to[:0], n)
}

func (v *view) fill(text string) {
	v.text, v.from, v.to, v.packed, v.unbroken = v.text[:0], v.from[:0], v.to[:0], false, false
	for i := range len(text) {
		v.put(text[i], int32(i), int32(i+1))
	}
}

func (v *view) reset(of *view) {
	v.text, v.from, v.to, v.packed, v.unbroken = v.text[:0], v.from[:0], v.to[:0], of.packed, of.unbroken
}

func (v *view) put(c byte, from, to int32) {
	v.text, v.from, v.to = append(v.text, c), append(v.from, from), append(v.to, to)
}

// take copies a stretch of another view.
func (v *view) take(of *view, i, j int) {
	v.text = append(v.text, of.text[i:j]...)
	v.from = append(v.from, of.from[i:j]...)
	v.to = append(v.to, of.to[i:j]...)
}

// made adds what a stretch of another view is decoded to.
func (v *view) made(text []byte, of *view, i, j int) {
	from, to := of.from[i], of.to[j-1]
	if to < from {
		from, to = to, from
	}
	for _, c := range text {
		v.put(c, from, to)
	}
}

// gap separates what does not belong together.
func (v *view) gap(of *view, i int) {
	if n := len(v.text); n > 0 && v.text[n-1] != '\n' {
		v.put('\n', of.from[i], of.from[i])
	}
}

func (v *view) has(c byte) bool { return v.present[c] }
