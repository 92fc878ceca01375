package report

import (
	"strings"
	"time"

	"mailprobe/internal/document"
	"mailprobe/internal/language"
	"mailprobe/internal/safe"
	"mailprobe/internal/settings"
)

func roleWord(l *language.Language, r document.Maybe) string {
	if r == "" || settings.Role(r) == settings.Documented {
		return ""
	}
	return " (" + clipped(l, r) + ")"
}

// credential says whether anything of the secret may have left, where signing
// in was asked for, and what an access token says of itself.
func (b block) credential(e *document.Endpoint) {
	switch {
	case e.CredentialSent:
		b.field(b.l.Say("Credential"), b.l.Say("sent to this server"))
	case e.Auth.Status != document.NotTested && e.Auth.Status != "":
		b.field(b.l.Say("Credential"), b.l.Say("not sent to this server"))
	}
	if e.Token != nil {
		b.field(b.l.Say("Access token"), tokenWords(b.l, e.Token))
	}
}

func tokenWords(l *language.Language, t *document.Token) string {
	var words []string
	if t.Form != "access_token" {
		words = append(words, l.Say("none, but {form}", "form", l.Told(strings.ReplaceAll(string(t.Form), "_", " "))))
	}
	if len(t.Audience) > 0 {
		words = append(words, l.Say("for {names}", "names", blanks(t.Audience)))
	}
	if t.Username != "" {
		words = append(words, l.Say("of {user}", "user", string(t.Username)))
	}
	if t.Expires != nil {
		words = append(words, l.Say("good until {time}", "time", t.Expires.UTC().Format(time.RFC3339)))
	}
	if len(t.Scopes) > 0 {
		words = append(words, l.Say("allows {scopes}", "scopes", blanks(t.Scopes)))
	}
	return safe.Clip(strings.Join(words, ", "), maxEvidence)
}

// offers lists what the server announced; what was not asked is left out.
func (b block) offers(e *document.Endpoint) {
	if len(e.CapsPlain) > 0 {
		b.field(b.l.Say("Unencrypted"), b.l.Say("offers {what}", "what", orNone(b.l, e.CapsPlain)))
		b.field("", b.l.Say("sign-in ways: {ways}", "ways", mechanismWords(b.l, e.MechanismsPlain, e.CapsPlain, "")))
	}
	if e.Phase("capabilities").Status == document.OK {
		b.field(b.l.Say("Offers"), orNone(b.l, e.Capabilities))
		b.field(b.l.Say("Sign-in ways"), mechanismWords(b.l, e.Mechanisms, e.Capabilities, e.NativeLogin))
	}
}

// statusWord says what became of a phase.
func statusWord(l *language.Language, status document.Text) string {
	switch status {
	case document.OK:
		return l.Say("ok")
	case document.Failed:
		return l.Say("failed")
	case document.Skipped:
		return l.Say("skipped")
	}
	return status.String()
}

func orNone(l *language.Language, words []document.Text) string {
	if len(words) == 0 {
		return l.Say("nothing")
	}
	return list(words, 2000)
}
