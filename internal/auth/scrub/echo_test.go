package scrub

import (
	"encoding/base64"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
)

const echoUser = "me@example.com"

// knowing returns a finder of one secret, of which host and user are none.
func knowing(secret string) *Finder {
	f := new(Finder)
	f.Allow("imap.localhost.example")
	f.Allow(echoUser)
	f.Add(secret)
	return f
}

// echoes are ways in which servers say again what they were sent.
var echoes = []string{
	`NO invalid login "%s"`, `535 5.7.8 wrong password [%s]`, `-ERR not accepted: (%s)`, `NO LOGIN me@example.com %s`, `NO LOGIN "me@example.com" "%s"`,
	`-ERR unknown command PASS %s`, `BAD user=me password=%s`, `NO <%s> is wrong`, "535 `%s`?", `NO '%s' refused`,
}

// A secret that is a word of which texts are full is cut out where it is
// echoed, and nowhere else: a gap in a text of its own would tell it.
func TestWordsAsSecrets(t *testing.T) {
	for _, secret := range []string{"password", "localhost", "imap", "Invalid", "authentication", "SMTP", "postmaster", "server"} {
		f := knowing(secret)
		for _, text := range []string{
			"* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN] IMAP server ready on localhost", "NO [AUTHENTICATIONFAILED] Invalid password, authentication failed",
			"535 5.7.8 Error: authentication failed: invalid username or password", "220 localhost ESMTP Postfix; postmaster@localhost", "-ERR server is busy",
			"250 AUTH PLAIN LOGIN", "334 UGFzc3dvcmQ6", "imap.localhost.example is up",
		} {
			if got := f.Text(text); got != text {
				t.Errorf("%s: got  %q\nwant %q", secret, got, text)
			}
		}
		for _, echo := range echoes {
			for _, said := range []string{secret, strings.ToUpper(secret)} {
				if got, want := f.Text(fmt.Sprintf(echo, said)), fmt.Sprintf(echo, f.mark); got != want {
					t.Errorf("%s: got  %q\nwant %q", secret, got, want)
				}
			}
		}
		message := base64.StdEncoding.EncodeToString([]byte("\x00" + echoUser + "\x00" + secret))
		if got := f.Text("535 you sent " + message); strings.Contains(got, message) {
			t.Errorf("%s: got  %q\nwant nothing of the message", secret, got)
		}
	}
}

// A word that comes in a coding is an echo wherever it stands: nobody codes the
// words of a text of their own, but for the questions of AUTH LOGIN.
func TestWordsInCodings(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 3))
	for _, secret := range []string{"password", "localhost", "imap", "Invalid", "authentication", "SMTP", "postmaster"} {
		f := knowing(secret)
		for _, c := range codings {
			said := c.write(r, secret)
			if strings.EqualFold(said, secret) {
				continue
			}
			text := "535 5.7.8 refused " + said + " for this user"
			if got := f.Text(text); strings.Contains(got, said) {
				t.Errorf("%s, as %s: got  %q\nwant none of it", secret, c.name, got)
			}
		}
		for _, text := range []string{
			"334 UGFzc3dvcmQ=", "+ UGFzc3dvcmQ=", "334 UGFzc3dvcmQA", "535 5.7.8 Error: authentication failed: UGFzc3dvcmQ6",
			"550 see https://example.com/?a=%20password%20reset and &quot;imap on localhost&quot;", "250-AUTH PLAIN\n250 SMTP",
		} {
			if got := f.Text(text); got != text && !strings.Contains(text, "&quot;") {
				t.Errorf("%s: got  %q\nwant %q", secret, got, text)
			}
		}
	}
}

// Half of a secret, where servers echo, is as much as none of it: whatever was
// cut off behind it. A property of any secret.
func TestHalfEchoes(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 5))
	const letters = "abcdefghijkmnopqrstuvwxyzABCDEFGHKLMNPQRSTUVWXYZ23456789-_.!"
	for range 300 {
		var b strings.Builder
		for range 8 + r.IntN(20) {
			b.WriteByte(letters[r.IntN(len(letters))])
		}
		secret := "q" + b.String()
		f := knowing(secret)
		half := secret[:(len(secret)+1)/2+r.IntN(len(secret)/2)]
		for _, echo := range echoes {
			text := fmt.Sprintf(echo, half)
			if got := f.Text(text); strings.Contains(got, half) || !strings.HasPrefix(got, text[:3]) {
				t.Errorf("%q in %q\ngot  %q\nwant none of it", half, text, got)
			}
		}
	}
	// What only begins alike is none.
	f := knowing("mailbox-77")
	for _, text := range []string{`NO "mail" is not a command`, `BAD password=mailman`} {
		if got := f.Text(text); got != text {
			t.Errorf("got  %q\nwant %q", got, text)
		}
	}
}
