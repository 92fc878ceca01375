package imap

import (
	"slices"
	"strings"

	"mailprobe/internal/lazyregexp"
)

// NativeLogin is the name under which the LOGIN command (RFC 9051 §6.2.3) is
// reported, to tell it from the SASL mechanism of that name.
const NativeLogin = "IMAP LOGIN"

// split takes a response apart: its tag or "*", the word behind it in capital
// letters, and the rest. Servers that send more blanks than one are borne.
func split(line string) (first, word, rest string) {
	first, rest, _ = strings.Cut(line, " ")
	word, rest, _ = strings.Cut(strings.TrimLeft(rest, " "), " ")
	return first, strings.ToUpper(word), rest
}

var (
	capabilityCode = lazyregexp.New(`(?i)^\s*\[CAPABILITY ([^\]]*)\]`)
	// atom is what a capability may look like (RFC 9051 §9); anything else
	// sends the client library astray.
	atom = lazyregexp.New(`^[A-Za-z0-9][A-Za-z0-9=+_./:-]{0,127}$`)
	// literal announces bytes behind the line; before signing in no answer
	// that matters has any.
	literal = lazyregexp.New(`\{\d+\+?\}$`)
	tag     = lazyregexp.New(`^[A-Za-z0-9][A-Za-z0-9.]{0,31}$`)
)

// learn takes a capability list out of a response code, if there is one. The
// newest list counts.
func (s *session) learn(text string) {
	m := capabilityCode.FindStringSubmatch(text)
	if m == nil {
		return
	}
	r := s.Result
	r.Capabilities, r.Mechanisms, r.NativeLogin = nil, nil, NativeLogin
	for _, c := range strings.Fields(m[1]) {
		if !atom.MatchString(c) || has(r.Capabilities, c) {
			continue
		}
		r.Capabilities = append(r.Capabilities, c)
		if mech, ok := strings.CutPrefix(strings.ToUpper(c), "AUTH="); ok && mech != "" {
			r.Mechanisms = append(r.Mechanisms, mech)
		}
		if strings.EqualFold(c, "LOGINDISABLED") {
			r.NativeLogin = ""
		}
	}
}

// announces reports whether the server has an ability that IMAP4rev2 made its
// own (RFC 9051 appendix E).
func (s *session) announces(name string) bool {
	return has(s.Result.Capabilities, name) || has(s.Result.Capabilities, "IMAP4rev2")
}

func has(caps []string, name string) bool {
	return slices.ContainsFunc(caps, func(c string) bool { return strings.EqualFold(c, name) })
}

// tagged reports whether a line has the form of the final answer to a command.
func tagged(line string) bool {
	first, word, _ := split(line)
	return tag.MatchString(first) && slices.Contains([]string{"OK", "NO", "BAD"}, word)
}
