package target

import (
	"strings"
	"unicode"

	"mailprobe/internal/settings"
)

// Plain reports whether a text can be the mail address of an account: one @
// with something before it and a host name behind it, and nothing that cannot
// be seen or is a list. What servers take is wider (RFC 5321 §4.1.2); a user
// name of another form goes beside the address.
func Plain(address string) bool {
	local, domain, ok := Cut(address)
	if !ok || local == "" || strings.HasPrefix(local, ".") || strings.HasSuffix(local, ".") || strings.Contains(local, "..") {
		return false
	}
	if quoted := len(local) > 2 && local[0] == '"' && local[len(local)-1] == '"'; !quoted && strings.ContainsAny(local, "@,;:<>()[] ") {
		return false
	}
	if strings.ContainsFunc(address, func(r rune) bool { return !unicode.IsPrint(r) }) {
		return false
	}
	_, err := settings.Host(domain)
	wide := strings.ContainsFunc(domain, func(r rune) bool { return r >= 0xff00 && r <= 0xffef }) // full-width forms of ASCII
	return err == nil && !wide && !strings.HasSuffix(domain, ".") && !strings.Contains(domain, "..") && !strings.ContainsAny(domain, "[:")
}
