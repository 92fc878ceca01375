package suite

import (
	"strings"
	"testing"
)

// TestContradictions holds what a suite is refused for that can never be as it
// says, and what is near to that and can.
func TestContradictions(t *testing.T) {
	const signsIn = "user: me@example.com, secret: {keyring: true}, "
	for _, row := range []struct{ rules, want string }{ // of one case; what is said of it, empty: nothing
		{"expect: {capabilities: {must: [IDLE, MOVE], must_not: [move]}}", "a.yaml:1:50: capabilities: move must be there and must not; leave it out of one of them"},
		{"expect: {mechanisms: {must: [PLAIN], must_not: [PLAIN]}}", "mechanisms: PLAIN must be there and must not"},
		{"expect: {capabilities: {must: [IDLE]}}, endpoints: [{endpoint: imap, expect: {capabilities: {must_not: [IDLE]}}}]", "a.yaml:1:119: capabilities: IDLE must be there and must not"},
		{"endpoints: [{endpoint: imap, expect: {mechanisms: {must: [PLAIN]}}}, {endpoint: 'imaps://imap.example.com', expect: {mechanisms: {must_not: [PLAIN]}}}]", "mechanisms: PLAIN must be there and must not; leave it out of one of them (line 1)"},
		{"endpoints: [{endpoint: imap, expect: {mechanisms: {must: [PLAIN]}}}, {endpoint: smtp, expect: {mechanisms: {must_not: [PLAIN]}}}]", ""},
		{"endpoints: [{endpoint: 'imaps://a.example', expect: {mechanisms: {must: [PLAIN]}}}, {endpoint: 'imaps://b.example', expect: {mechanisms: {must_not: [PLAIN]}}}]", ""},
		{"expect: {mechanisms: {must: [PLAIN]}, capabilities: {must_not: [PLAIN]}}", ""},

		{"expect: {verdict: works, code: cert.expired}", "a.yaml:1:58: cert.expired is a fault, and what has it does not work; leave out the verdict, or the code"},
		{"endpoints: [{endpoint: imap, expect: {verdict: works, code: net.refused}}]", "net.refused is a fault"},
		{"expect: {verdict: fails, code: cert.expired}", ""},
		{"expect: {verdict: works}, endpoints: [{endpoint: imap, expect: {code: cert.expired}}]", ""},
		{"expect: {verdict: works, code: cert.expires_soon}", ""},

		{"expect: {sign_in: accepted}", "a.yaml:1:45: sign_in accepted, and nobody signs in; add user: ADDRESS and secret:, or leave it out"},
		{"endpoints: [{endpoint: imap, expect: {sign_in: rejected}}]", "sign_in rejected, and nobody signs in"},
		{signsIn + "auth: none, expect: {sign_in: accepted}", "sign_in accepted, and with auth: none nobody signs in; leave one of them out"},
		{signsIn + "expect: {sign_in: accepted}", ""},
		{"user: me@example.com, expect: {sign_in: accepted}", ""},
		{"expect: {sign_in: not_tested}", ""},
		{signsIn + "expect: {sign_in: rejected}", "sign_in rejected, and what rejects does not work; add verdict: fails, or a code such as auth.rejected"},
		{signsIn + "expect: {sign_in: rejected, verdict: fails}", ""},
		{signsIn + "expect: {sign_in: rejected, code: auth.rejected}", ""},
		{signsIn + "expect: {sign_in: rejected}, known_failures: [{code: auth.rejected, until: 2099-01-01, reason: r}]", ""},
		{signsIn + "expect: {verdict: fails}, endpoints: [{endpoint: imap, expect: {sign_in: rejected}}]", ""},
		{signsIn + "expect: {sign_in: accepted}, endpoints: [{endpoint: imap, expect: {sign_in: rejected, verdict: fails}}]", "sign_in rejected, and it is to be accepted as well"},
		{signsIn + "expect: {sign_in: not_tested}", "sign_in not_tested, and a sign-in that was asked for and not tested never counts as working"},
		{signsIn + "expect: {sign_in: not_tested, code: cert.expired}", ""},

		{"only: [imap], endpoints: [{endpoint: smtp, expect: {min_tls: 1.2}}]", "a.yaml:1:64: smtp is left out by only: [imap]; add it there, or leave it out here"},
		{"only: [imap], known_failures: [{code: net.refused, endpoint: 'submissions://smtp.example.com', until: 2099-01-01, reason: r}]", "submissions://smtp.example.com is left out by only: [imap]"},
		{"endpoints: [{endpoint: imap}, {endpoint: imap, expect: {min_tls: 1.2}}]", "a.yaml:1:68: imap is named twice, first in line 1; put what is expected of it into one"},
		{"endpoints: [{endpoint: imap, expect: {verdict: works}}, {endpoint: 'imaps://imap.example.com', expect: {code: net.refused}}]", "imaps://imap.example.com: fails is expected here, and line 1 expects of it: works; leave one of them out"},
		{"endpoints: [{endpoint: imap, expect: {min_tls: 1.2}}, {endpoint: 'imaps://imap.example.com', expect: {code: net.refused}}]", ""},

		{"known_failures: [{code: net.refused, until: 2099-01-01, reason: r}, {code: net.refused, until: 2098-01-01, reason: s}]", "net.refused is known already, in line 1; leave one of them out"},
		{"known_failures: [{code: net.refused, endpoint: imap, until: 2099-01-01, reason: r}, {code: net.refused, endpoint: smtp, until: 2098-01-01, reason: s}]", ""},
		{"expect: {code: net.refused}, known_failures: [{code: net.refused, until: 2099-01-01, reason: r}]", "net.refused is expected, and so is no failure; leave out the code that is expected, or the known failure"},
		{"endpoints: [{endpoint: smtp, expect: {code: net.refused}}], known_failures: [{code: net.refused, until: 2099-01-01, reason: r}]", ""},
	} {
		_, err := Parse("a.yaml", []byte("cases: [{target: example, "+row.rules+"}]"), env)
		switch {
		case row.want == "" && err != nil:
			t.Errorf("%s\ngot  %v\nwant it taken", row.rules, err)
		case row.want != "" && (err == nil || !strings.Contains(err.Error(), row.want) || strings.Contains(err.Error(), "\n")):
			t.Errorf("%s\ngot  %v\nwant %s", row.rules, err, row.want)
		}
	}
}

// TestDefaultsContradict holds that what the defaults say is told where they
// say it.
func TestDefaultsContradict(t *testing.T) {
	_, err := Parse("a.yaml", []byte("cases:\n  - target: gmail\ndefaults:\n  expect: {sign_in: accepted}\n"), env)
	if want := "a.yaml:4:21: sign_in accepted, and nobody signs in; add user: ADDRESS and secret:, or leave it out (the case in line 2 has it of the defaults)"; err == nil || err.Error() != want {
		t.Errorf("got  %v\nwant %s", err, want)
	}
}
