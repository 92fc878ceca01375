package diagnose

import (
	"cmp"
	"fmt"

	"mailprobe/internal/auth"
	"mailprobe/internal/finding"
	"mailprobe/internal/probe"
	"mailprobe/internal/settings"
)

// DocumentedRefusal says that the source of a setting documents that no
// credential of this kind is taken there, and which document says so; empty: it
// does not.
func DocumentedRefusal(s settings.Setting, kind auth.Kind) string {
	x, ok := s.SignInBy(kind.Ways()...)
	if !ok || x.Status != settings.RefusedWay {
		return ""
	}
	return fmt.Sprintf("no %s is taken there, says “%s” (%s)", noun(kind), x.Source.Title, asOf(x.Source))
}

func noun(kind auth.Kind) string {
	if kind == auth.Token {
		return "access token"
	}
	return "password"
}

// asOf names who publishes a document and when it was read.
func asOf(s settings.Source) string {
	if s.Read == "" {
		return s.Publisher
	}
	return cmp.Or(s.Publisher, s.URL) + ", read " + s.Read
}

// isDocumentedRefusal reports whether the credential was not shown for what is
// documented of the setting.
func (c Context) isDocumentedRefusal(reason string) bool {
	return c.Setting != nil && reason != "" && reason == DocumentedRefusal(*c.Setting, c.Kind)
}

// notSentAsDocumented says that a credential was not sent because the document
// says that it is refused there. It is not proved: whether the account can sign
// in stays open.
func notSentAsDocumented(r *probe.Result, s settings.Setting, kind auth.Kind) finding.Finding {
	f := finding.Finding{Code: "auth.documented_refusal", Phase: probe.SignIn,
		Message: "The {credential} was not sent to {server}: the provider documents that it takes none there.",
		Remedy:  "Use a mail program that signs in with OAuth2. To test the {credential} all the same, name a mechanism (--auth PLAIN): a refusal may count against the account."}
	if kind == auth.Token {
		f.Remedy = "Use a password that the provider makes for mail programs. To test the {credential} all the same, name a mechanism (--auth XOAUTH2)."
	}
	f.Args = finding.Args{"credential": noun(kind)}
	f.Evidence = documentsRefusal(s, kind)
	return about(r, f)
}

// documentsRefusal shows what the document says, and when that was read.
func documentsRefusal(s settings.Setting, kind auth.Kind) finding.Evidence {
	x, _ := s.SignInBy(kind.Ways()...)
	text := fmt.Sprintf("“%s” (%s)", x.Source.Title, asOf(x.Source))
	if x.Note != "" {
		text += ": " + x.Note
	}
	return finding.Saw(text)
}
