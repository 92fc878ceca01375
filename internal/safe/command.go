package safe

import (
	"net/netip"
	"strings"
)

// commandColons returns how many colons s begins with if its first word is
// what GitHub takes for a command at the start of a line, such as
// "::error::"; otherwise 0. Any word may come to stand there, by wrapping. A
// command's name begins with a letter; an IPv6 address is none.
func commandColons(s string) int {
	rest := strings.TrimLeft(s, ":")
	n := len(s) - len(rest)
	if n < 2 || rest == "" || !isLetter(rest[0]) {
		return 0
	}
	word, _, _ := strings.Cut(s, " ")
	if _, err := netip.ParseAddr(strings.TrimRight(word, ".,;)]\"'")); err == nil {
		return 0
	}
	return n
}

// hashCommand reports whether s is, behind a "#", what GitHub, Azure and
// TeamCity take for a command anywhere in a line: "##[error]", "##vso[...]",
// "##teamcity[...]".
func hashCommand(s string) bool {
	name, ok := strings.CutPrefix(s, "#")
	if !ok {
		return false
	}
	i := 0
	for i < len(name) && (isLetter(name[i]) || strings.IndexByte("0123456789._-", name[i]) >= 0) {
		i++
	}
	return i < len(name) && name[i] == '['
}

func isLetter(b byte) bool { return 'a' <= b|0x20 && b|0x20 <= 'z' }
