package replies

import (
	"mime"
	"net/url"
	"strings"

	"mailprobe/internal/lazyregexp"
)

var (
	encodedWord = lazyregexp.New(`=\?[\w-]{1,40}\?[bBqQ]\?[^?\s]{1,400}\?=`) // RFC 2047 §2
	percents    = lazyregexp.New(`\S*(?:%[2-7][0-9A-Fa-f]\S*){2}`)           // a word with several of RFC 3986 §2.1
)

// decoded puts plain words in the place of MIME's encoded ones and of those
// that stand percent-encoded in an address.
func decoded(text string) string {
	if strings.Contains(text, "=?") {
		var d mime.WordDecoder
		text = encodedWord.ReplaceAllStringFunc(text, func(word string) string {
			if plain, err := d.Decode(word); err == nil {
				return plain
			}
			return word
		})
	}
	if !strings.Contains(text, "%") {
		return text
	}
	return percents.ReplaceAllStringFunc(text, func(word string) string {
		if plain, err := url.QueryUnescape(word); err == nil {
			return plain
		}
		return word
	})
}
