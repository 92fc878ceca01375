package auth

import (
	"encoding/base64"
	"fmt"
	"net/url"
	"strings"
	"testing"

	"mailprobe/internal/auth/authtest"
	"mailprobe/internal/secret"
)

func b64(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) }

func TestScrub(t *testing.T) {
	const user, secret = "me@example.com", `S3cr"et\Pass/w+rd`
	long := strings.Repeat("eyJhbGciOiJSUzI1NiJ9.x_-", 40) + "end"
	for _, row := range []struct{ name, secret, in, want string }{
		{"nothing", secret, "535 5.7.8 Error: authentication failed", "535 5.7.8 Error: authentication failed"},
		{"plain", secret, "bad: PASS " + secret + "!", "bad: PASS [redacted]!"},
		{"at the start", "hunter22", "hunter22 is wrong", "[redacted] is wrong"},
		{"twice", secret, secret + " " + secret, "[redacted] [redacted]"},
		{"upper case", secret, "BAD PASS " + strings.ToUpper(secret), "BAD PASS [redacted]"},
		{"quoted", secret, `BAD LOGIN me "S3cr\"et\\Pass/w+rd"`, `BAD LOGIN me "[redacted]"`},
		{"query", secret, "https://x/?p=" + url.QueryEscape(secret) + "&q", "https://x/?p=[redacted]&q"},
		{"query, lower hex", secret, "https://x/?p=" + strings.ToLower(url.QueryEscape(secret)), "https://x/?p=[redacted]"},
		{"path", secret, "https://x/" + url.PathEscape(secret), "https://x/[redacted]"},
		{"PLAIN", secret, "500 AUTH PLAIN " + b64("\x00"+user+"\x00"+secret), "500 AUTH PLAIN [redacted]"},
		{"PLAIN with authzid", secret, "500 " + b64(user+"\x00"+user+"\x00"+secret), "500 [redacted]"},
		{"LOGIN in the alphabet for URLs", "a?>b?>c?>d", "500 " + base64.URLEncoding.EncodeToString([]byte("a?>b?>c?>d")), "500 [redacted]"},
		{"LOGIN", secret, "500 " + b64(secret), "500 [redacted]"},
		{"XOAUTH2", long, "500 " + b64("user="+user+"\x01auth=Bearer "+long+"\x01\x01"), "500 [redacted]"},
		{"cut-off token", long, "500 too long: AUTH BEARER " + long[:100] + "...", "500 too long: AUTH BEARER [redacted]..."},
		{"html", `<pass&word>`, "bad &lt;pass&amp;word&gt;.", "bad [redacted]."},
		{"json", `<pass&word>`, `bad \u003cpass\u0026word\u003e.`, "bad [redacted]."},
		{"first and last letters", "AZaz-zaZA", "bad azAZ-ZAza.", "bad [redacted]."},
		{"hex", "hunter22", fmt.Sprintf("bad %X.", "hunter22"), "bad [redacted]."},
		{"trimmed", "  padded secret ", "bad: padded secret.", "bad:[redacted]."},
		{"short", "abc", "PASS abc is wrong", "[withheld: it may hold the password]"},
		{"short, absent", "xyz", "PASS is wrong", "PASS is wrong"},
		{"short in base64", "xyz", "AUTH " + b64("\x00me\x00xyz"), "[withheld: it may hold the password]"},
		{"the replacement's own word", "redacted", "PASS redacted", "PASS [...]"},
		{"the replacements' own words", "[withheld]", "PASS [withheld]", "PASS [redacted]"},
		{"non-ASCII", "Grüße-Welt", "PASS Grüße-Welt", "PASS [redacted]"},
		{"non-ASCII, upper case", "Grüße-Welt", "PASS GRÜßE-WELT", "PASS [redacted]"},
	} {
		t.Run(row.name, func(t *testing.T) {
			got := NewScrubber(NewCredential(Password, NewSecret(row.secret))).Scrub(row.in)
			if got != row.want {
				t.Errorf("got  %q\nwant %q", got, row.want)
			}
		})
	}
}

func TestScrubAlignments(t *testing.T) {
	const password = "correct-horse"
	s := NewScrubber(NewCredential(Password, NewSecret(password)))
	for before := range 6 {
		for after := range 6 {
			blob := strings.Repeat("#", before) + password + strings.Repeat("#", after)
			for name, enc := range map[string]*base64.Encoding{"std": base64.StdEncoding, "raw": base64.RawStdEncoding, "url": base64.URLEncoding, "rawurl": base64.RawURLEncoding} {
				line := "BAD " + enc.EncodeToString([]byte(blob))
				got := s.Scrub(line)
				if !strings.Contains(got, secret.Redacted) || len(got) > len("BAD ")+len(secret.Redacted)+2*6+6 {
					t.Errorf("%s, %d before, %d after: got %q from %q", name, before, after, got, line)
				}
			}
		}
	}
}

func TestNilScrubber(t *testing.T) {
	for name, s := range map[string]*Scrubber{
		"nil":           nil,
		"zero":          {},
		"no credential": NewScrubber(nil),
		"no secret":     NewScrubber(NewCredential(Certificate, Secret{})),
	} {
		if got := s.Scrub("a line"); got != "a line" {
			t.Errorf("%s: got %q", name, got)
		}
	}
}

// What is computed from a secret is as good as the secret to whoever wants to
// guess it.
func TestResponsesAreScrubbed(t *testing.T) {
	const challenge = "<1896.697170952@postoffice.example.net>"
	s := NewScrubber()
	c := NewCredential(Password, NewSecret("tanstaaftanstaaf"))
	a := Attempt{Mechanism: "CRAM-MD5", Username: "tim", Host: "h.example", Scrubber: s}
	client, err := c.Client(authtest.Permit(t, "h.example"), a)
	if err != nil {
		t.Fatal(err)
	}
	response, err := client.Next([]byte(challenge))
	if err != nil {
		t.Fatal(err)
	}
	apop, err := c.APOP(authtest.Permit(t, "h.example"), a, challenge)
	if err != nil {
		t.Fatal(err)
	}
	const want = "tim [redacted]"
	for _, said := range []string{string(response), "tim " + apop, strings.ToUpper("TIM " + apop)} {
		if got := s.Scrub(said); !strings.EqualFold(got, want) {
			t.Errorf("got  %q\nwant %q", got, want)
		}
		if got := s.Scrub("BAD " + b64(said)); got != "BAD [redacted]" {
			t.Errorf("got  %q", got)
		}
	}
	if got := s.Scrub("the user tim is unknown"); got != "the user tim is unknown" {
		t.Errorf("got  %q", got)
	}
}

// Each host's own password is taken out, wherever another host repeats it, and
// also where it has lost what is beyond ASCII.
func TestEveryPasswordIsScrubbed(t *testing.T) {
	s := NewScrubber(NewPasswords(map[string]Secret{"a.example": NewSecret("first-of-all-99"), "b.example": NewSecret("Pässwort2026")}))
	for _, said := range []string{"bad first-of-all-99", "bad Pässwort2026", "bad P?sswort2026", "bad P\uFFFDsswort2026", "bad Psswort2026", "bad P??sswort2026"} {
		if got := s.Scrub(said); strings.Contains(got, "first") || strings.Contains(got, "sswort") {
			t.Errorf("%q\n got %q", said, got)
		}
	}
}
