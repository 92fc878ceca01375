package token

import (
	"strings"

	"mailprobe/internal/lazyregexp"
)

// Secrets by their form, where they stand among other words.
var secrets = []*lazyregexp.Regexp{
	lazyregexp.New(`\b(ey[JA]|ewog)[A-Za-z0-9_-]{8,}(\.[A-Za-z0-9_=-]*){0,4}`),
	lazyregexp.New(`\bya29\.[A-Za-z0-9._-]+`),
	lazyregexp.New(`\b[14]//?0?[A-Za-z0-9_-]{16,}`),
	lazyregexp.New(`\b[01]\.A[A-Za-z0-9_-]{10,}(\.[A-Za-z0-9_-]+)*`),
	lazyregexp.New(`\bM\.[A-Z][A-Z0-9]{1,5}[_.][A-Za-z0-9_.!*$-]{8,}`),
	lazyregexp.New(`\bGOCSPX-[A-Za-z0-9_-]+`),
	lazyregexp.New(`\bEwB?[A-Za-z0-9+/=]{30,}`),
	lazyregexp.New(`[A-Za-z0-9_.~-]{3}[0-9]Q~[A-Za-z0-9_.~-]{20,}`),
	lazyregexp.New(`(?s)-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(-----END [A-Z ]*-----|$)`),
}

// Secrets by the name before them.
var named = lazyregexp.New(`(?i)\b((?:access|refresh|id|client)[_ -]?(?:token|secret|assertion)|secret|client_assertion|device_code|code_verifier|password|passwd|bearer|code|assertion)(["']?\s*[=:]\s*["']?|\s+)([^\s"'&,;<>]{6,})`)

// run is what may be a secret in some coding. Names of hosts have dots, ids of
// requests no capitals.
var run = lazyregexp.New(`[A-Za-z0-9+/_=-]{32,}`)

// Hide returns a text without what looks like a token or another secret, for
// texts that somebody pastes. Words and numbers stay.
func Hide(text string) string {
	for _, p := range secrets {
		text = p.ReplaceAllString(text, Hidden)
	}
	text = named.ReplaceAllStringFunc(text, func(found string) string {
		m := named.FindStringSubmatch(found)
		if password.MatchString(m[1]) && !afterPassword.MatchString(m[3]) && (strings.ContainsAny(m[2], "=:") || !letters.MatchString(m[3])) {
			return m[1] + m[2] + Hidden
		}
		if !secretive(m[3]) && (!strings.ContainsAny(m[2], "=:") || word.MatchString(m[3])) {
			return found
		}
		return m[1] + m[2] + Hidden
	})
	return run.ReplaceAllStringFunc(text, func(r string) string {
		if !secretive(r) {
			return r
		}
		return Hidden
	})
}

var (
	password = lazyregexp.New(`(?i)^(passw(or)?d|(client[_ -]?)?secret)$`)
	letters  = lazyregexp.New(`^[A-Za-z_.:'’()-]+$`)
	// afterPassword are words that servers and programs put behind "password:".
	afterPassword = lazyregexp.New(`(?i)^(incorrect|invalid|expired|required|missing|reject(ed)?|denied|failed|failure|authentication|please|changed?|needed|unknown|attempt|mismatch|protected|login|cannot|\d{3}[- ].*)[.:!]*$`)
)

// word is what stands behind a name in ordinary sentences.
var word = lazyregexp.New(`^[A-Za-z_.:-]+$|^\d+(\.\d+)*[.:]?$`)

// secretive reports whether a run of characters has what words have not: small
// letters, capitals and digits.
func secretive(text string) bool {
	return len(text) >= 12 && strings.ContainsAny(text, "abcdefghijklmnopqrstuvwxyz") && strings.ContainsAny(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") &&
		strings.ContainsAny(text, "0123456789")
}
