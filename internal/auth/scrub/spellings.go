package scrub

import (
	"strings"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/unicode/norm"
)

// spellings returns the shapes of one secret that no coding accounts for:
// without blanks, which some servers take away, in the other case beyond ASCII,
// composed otherwise (Unicode TR 15), and in other character sets, also where
// UTF-8 was taken for Latin-1, or what is beyond ASCII was lost.
func spellings(secret string) []string {
	all := []string{
		secret, lossy(secret, "?", 1), lossy(secret, "\uFFFD", 1), lossy(secret, "?", 2), lossy(secret, "\uFFFD", 2), lossy(secret, "", 1), strings.TrimSpace(secret), strings.Join(strings.Fields(secret), ""),
		strings.ToUpper(secret), strings.ToLower(secret),
		norm.NFC.String(secret), norm.NFD.String(secret), norm.NFKC.String(secret),
	}
	for _, set := range []*charmap.Charmap{charmap.ISO8859_1, charmap.Windows1252} {
		if narrow, err := set.NewEncoder().String(secret); err == nil {
			all = append(all, narrow)
		}
		if wide, err := set.NewDecoder().String(secret); err == nil {
			all = append(all, wide)
		}
	}
	return all
}

// lossy puts a mark in the place of each character beyond ASCII, or of each of
// its bytes where times is 2: letters of Europe have two (RFC 3629 §3).
func lossy(secret, mark string, times int) string {
	var b strings.Builder
	for _, r := range secret {
		if r < 0x80 {
			b.WriteRune(r)
			continue
		}
		b.WriteString(strings.Repeat(mark, times))
	}
	return b.String()
}

// fold lowers ASCII letters and keeps every byte's place.
func fold(s string) string { return string(foldInto(nil, []byte(s))) }

func foldInto(to, text []byte) []byte {
	to = append(to[:0], text...)
	for i, c := range to {
		if 'A' <= c && c <= 'Z' {
			to[i] = c + 'a' - 'A'
		}
	}
	return to
}
