package token

import (
	"encoding/base64"
	"strings"
	"unicode"

	"mailprobe/internal/lazyregexp"
)

// stands is what programs print for a value that they do not show.
var stands = lazyregexp.New(`^(System\.(Security\.SecureString|Object|String)(\[\])?|\[object \w+\]|\{\{[^{}"]*\}\}|<[\w. ]+ object at 0x[0-9A-Fa-f]+>)$`)

var nothings = lazyregexp.New(`(?i)^(null|none|nil|<nil>|\(null\)|undefined|nan|false|n/a|""|''|\\"\\")$`)

// plain finds what says nothing.
func plain(text string, r *Reading) bool {
	switch {
	case text == "":
		return r.be(Empty)
	case nothings.MatchString(text):
		return r.be(Null)
	case stands.MatchString(text):
		return r.be(Placeholder)
	case len(text) > maxToken:
		return r.be(TooLong)
	}
	return false
}

var finished = lazyregexp.New(`^(user=|n,a?=?)[^\x01]*,?\x01(.*\x01)?auth=Bearer `)

// message finds the finished message of a mechanism, in base64 or bare.
func message(text string, r *Reading) bool {
	bare := text
	for _, coding := range []*base64.Encoding{base64.StdEncoding, base64.RawStdEncoding} {
		if data, err := coding.DecodeString(strings.Join(strings.Fields(text), "")); err == nil {
			bare = string(data)
		}
	}
	return finished.MatchString(bare) && r.be(SASLMessage)
}

var (
	assignment  = lazyregexp.New(`(?i)^(export +)?["']?[a-z_ ]*(token|access|bearer|secret|value)[a-z_ ]*["']? *(=|:) *\S`)
	placeholder = lazyregexp.New(`^(<[A-Za-z_ -]+>|\$\{?\{?[ A-Za-z_.]+\}?\}?|%[A-Z_]+%|YOUR[A-Z_-]*|[xX]{4,12}|\.{3,}|\*{3,}|\[?[Rr][Ee][Dd][Aa][Cc][Tt][Ee][Dd]\]?)$`)
)

// wrapped finds what has something around a token, or in place of it.
func wrapped(text string, r *Reading) bool {
	lower := strings.ToLower(text)
	switch q := text[0]; {
	case placeholder.MatchString(text):
		return r.be(Placeholder)
	case (q == '"' || q == '\'' || q == '`') && (len(text) > 1 && text[len(text)-1] == q || !strings.ContainsAny(text, " \n")):
		return r.be(Quoted)
	case strings.HasPrefix(lower, "bearer "), strings.HasPrefix(lower, "authorization:"):
		return r.be(Prefixed)
	case strings.HasPrefix(lower, "http://"), strings.HasPrefix(lower, "https://"):
		if strings.Contains(lower, "code=") {
			return r.be(CodeAddress)
		}
		return r.be(Address)
	case assignment.MatchString(text) && len(strings.Fields(text)) <= 4:
		return r.be(Assignment)
	case fourFours.MatchString(text):
		return r.be(AppPassword)
	case strings.ContainsFunc(text, unicode.IsSpace) && wholeJWT(strings.Join(strings.Fields(text), "")):
		return r.be(Broken)
	case strings.ContainsFunc(text, unicode.IsSpace):
		r.Said = prose(text)
		return r.be(Words)
	}
	return false
}

// The alphabet of bearer tokens is that of RFC 6750 section 2.1; servers are
// known that use more of RFC 6749's.
var (
	tokenAlphabet = lazyregexp.New(`^[A-Za-z0-9._~+/:|,;-]+=*$`)
	sixteen       = lazyregexp.New(`^[a-z]{16}$`)
	fourFours     = lazyregexp.New(`^[a-z]{4}( [a-z]{4}){3}$`)
)

// odd finds what no token looks like.
func odd(text string, r *Reading) bool {
	switch {
	case strings.ContainsFunc(text, unicode.IsControl):
		return r.be(NotPrintable)
	case strings.ContainsFunc(text, func(c rune) bool { return c > unicode.MaxASCII }):
		return r.be(OtherLanguage)
	case sixteen.MatchString(text):
		return r.be(AppPassword)
	case !tokenAlphabet.MatchString(text):
		return r.be(Password)
	}
	return false
}
