package published

import (
	"slices"
	"strings"

	"mailprobe/internal/finding"
	"mailprobe/internal/strictxml"
)

// signIns are the ways to sign in that autoconfig documents name; "" is one
// that is not for mail.
var signIns = map[string]string{
	"password-cleartext": "password", "password-encrypted": "encrypted", "OAuth2": "oauth2", "NTLM": "ntlm", "GSSAPI": "gssapi",
	"TLS-client-cert": "client-certificate", "client-IP-address": "none", "none": "none",
	"smtp-after-pop": "none", "http-basic": "", "http-digest": "",
}

// earlier are names of older documents, and what they are called now.
var earlier = map[string]string{"plain": "password-cleartext", "secure": "password-encrypted", "OAuth": "OAuth2", "basic": "http-basic", "digest": "http-digest"}

// mechanisms are names of SASL (system="sasl") and what they come to.
var mechanisms = map[string]string{
	"PLAIN": "password", "LOGIN": "password", "XOAUTH2": "oauth2", "OAUTHBEARER": "oauth2", "NTLM": "ntlm", "GSSAPI": "gssapi",
	"EXTERNAL": "client-certificate", "ANONYMOUS": "none", "CRAM-MD5": "encrypted", "DIGEST-MD5": "encrypted",
}

// authentication takes one way to sign in.
func (d *Document) authentication(s *section, c *strictxml.Element, text string) {
	if system, _ := c.Attr("system"); strings.EqualFold(system, "sasl") {
		way, ok := mechanisms[strings.ToUpper(text)]
		if !ok && strings.HasPrefix(strings.ToUpper(text), "SCRAM-") {
			way = "encrypted"
		}
		s.signIn(way)
		return
	}
	name := text
	if now, old := earlier[text]; old {
		name = now
		d.found(c.Line, finding.Finding{Code: "settings.unknown_value", Severity: finding.Warning, Args: finding.Args{"old": text, "now": now},
			Message: "<authentication> says {old}, a name that is no longer known everywhere.", Remedy: "Write {now}."})
	}
	way, ok := signIns[name]
	if !ok {
		d.found(c.Line, finding.Finding{Code: "settings.unknown_value", Severity: finding.Warning, Args: finding.Args{"value": quoted(text)},
			Message: "<authentication> is {value}, which the format does not know, so mail programs pass over it.",
			Remedy:  "Write password-cleartext (for a password over TLS), OAuth2, or another name of the format, in its capitals."})
	}
	s.signIn(way)
}

func (s *section) signIn(way string) {
	if way != "" && !slices.Contains(s.offer.SignIn, way) {
		s.offer.SignIn = append(s.offer.SignIn, way)
	}
}

// oauth says where OAuth2 is named by halves.
func (d *Document) oauth(root *strictxml.Element) {
	var element *strictxml.Element
	for _, e := range root.Children {
		if e.Name == "oAuth2" {
			element = e
		}
	}
	i := slices.IndexFunc(d.Offers, func(o Offer) bool { return slices.Contains(o.SignIn, "oauth2") })
	switch {
	case element == nil && i >= 0:
		d.about(d.Offers[i], "settings.oauth_incomplete", "{server} is published with OAuth2, but the document does not say where to sign in: only programs that know the provider by themselves can.",
			"Add <oAuth2> with issuer, scope, authURL and tokenURL.", nil)
		return
	case element == nil:
		return
	case i < 0:
		d.says(element.Line, "settings.oauth_incomplete", "The document says how to sign in by OAuth2, but no server of it takes OAuth2.", "Add <authentication>OAuth2</authentication> to the servers that do.", nil)
	}
	for _, e := range element.Children {
		if e.Name == "authURL" || e.Name == "tokenURL" {
			d.link(e.Line, strings.TrimSpace(e.Text))
		}
	}
	for _, e := range element.Children {
		if e.Name == "issuer" {
			d.Issuer = strings.TrimSpace(e.Text)
		}
	}
	for _, need := range []string{"issuer", "scope", "authURL", "tokenURL"} {
		if !slices.ContainsFunc(element.Children, func(e *strictxml.Element) bool { return e.Name == need && strings.TrimSpace(e.Text) != "" }) {
			d.says(element.Line, "settings.oauth_incomplete", "<oAuth2> has no <{need}>.", "Add <{need}>.", finding.Args{"need": need})
		}
	}
}
