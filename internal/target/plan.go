package target

import (
	"strings"
	"unicode"

	"mailprobe/internal/discover"
	"mailprobe/internal/settings"
	"mailprobe/internal/verify"
)

// Plan returns what is to be run for a target. How it is run is as in like,
// whoever makes it: the flags of a command line, or a case of a suite.
func (r Resolver) Plan(t Target, like verify.Plan) verify.Plan {
	p := like
	p.Target, p.Provider, p.Endpoints = t.Text, t.Provider, t.Settings
	p.Recognise, p.Controls, p.Near = r.Catalogue.Recognise, r.Catalogue.Others, r.Catalogue.ServersNear
	p.Beside = t.Beside
	if t.Domain != "" && (!t.all(t.Provider) || len(p.Also) > 0) {
		p.Options.Dialer = discover.Guard{Overrides: p.Options.Overrides, Dialer: p.Options.Dialer}
	}
	if t.Provider != nil {
		p.Options.IMAPID = t.Provider.IMAPID
		if t.Provider.OAuth != nil {
			p.Options.Preferred = t.Provider.OAuth.Mechanism
		}
	}
	return p
}

// An Account is whom a run signs in as. The zero Account is nobody.
type Account struct {
	Address string // the mail address; empty: not known
	Name    string // the user name to send, where it is not the one that the provider documents; empty: it is
}

// Known reports whether there is somebody to sign in as.
func (a Account) Known() bool { return a != Account{} }

// Owner returns whom a secret belongs to: the address, or the name.
func (a Account) Owner() string {
	if a.Address != "" {
		return a.Address
	}
	return a.Name
}

// Username returns what is sent as user name for a setting: the name that was
// given, or the form of the address that the source of the setting documents.
func (a Account) Username(s settings.Setting) string {
	switch {
	case a.Name != "":
		return a.Name
	case s.Username == "" || a.Address == "":
		return a.Address
	}
	return s.Username.For(a.Address)
}

// OtherForm returns the user name that is sent for a setting in a second
// sign-in: the part of the address before the @, or all of it, whichever is
// not documented.
func (a Account) OtherForm(s settings.Setting) string {
	local, _, isAddress := Cut(a.Address)
	if !isAddress || s.Username == settings.LocalPart {
		return a.Address
	}
	return local
}

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
