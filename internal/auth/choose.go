package auth

import (
	"cmp"
	"slices"
	"strings"
)

// An Offer is what a choice of mechanism is made from.
type Offer struct {
	Want      string   // the mechanism to force; "" or "auto": the first choice that both sides have
	Kind      Kind     // what the user gave
	Offered   []string // SASL names that the server announces in the final state of security
	Native    string   // the command that takes a password without SASL ("LOGIN", "USER"); empty: none
	Preferred string   // the mechanism that the provider documents for tokens; empty: as the server offers
	Encrypted bool     // the settings document an encrypted password: a mechanism that does not show it goes first
	// Commands are further ways without SASL, by what a user calls them; each
	// is taken only if it is wanted and no mechanism of that name is offered.
	Commands map[string]string
	Binding  bool // there is channel-binding data for -PLUS
}

// Ways returns how this side can sign in, by SASL name or Native, the choice
// first. Another is only for servers that refuse the one before it as a
// command and have judged nothing: each try that is judged may count against
// the account. IMAP has a command LOGIN and a mechanism LOGIN: a way equal to
// Native means the command. The error is a *MechanismError.
func (o Offer) Ways() ([]string, error) {
	if want := MechanismName(o.Want); want != "" {
		return o.forced(want)
	}
	var ways []string
	if preferred, known := mechanismNamed(o.Preferred); known && o.usable(preferred) {
		ways = append(ways, preferred.name)
	}
	native := o.Native
	if o.Kind != Password {
		native = ""
	}
	for _, m := range o.byRank() {
		if o.rank(m) > nativeRank && native != "" {
			ways, native = append(ways, native), ""
		}
		if o.usable(m) && !slices.Contains(ways, m.name) {
			ways = append(ways, m.name)
		}
	}
	if native != "" {
		ways = append(ways, native)
	}
	if len(ways) == 0 {
		return nil, o.fail("", o.whyNone())
	}
	return ways, nil
}

// The ranks of the free choice; the lowest is taken.
const (
	hiddenRank   = iota // the settings document that the password is not shown
	keyedRank           // the same, by CRAM-MD5
	plainRank           // the password is shown, over verified TLS alone
	nativeRank          // the command without SASL
	strongRank          // the password is never shown, which no setting asks for
	doubtfulRank        // announced by servers that then refuse the right password
	weakRank
)

// rank says when a mechanism is taken. A mail program that is set to "normal
// password" sends PLAIN, or LOGIN, over TLS; so that is what a sign-in without
// further words verifies. SCRAM would cost two round trips more at each
// service, and servers announce it for accounts for which they keep no secret
// of it: the right password would be called wrong. It leads where the settings
// document an encrypted password, unless the server announces its form with
// channel binding as well: under TLS 1.3 Cyrus SASL knows no binding for it,
// and GNU Mailutils none at all and refuses the plain form too. There is no
// second try. CRAM-MD5 adds nothing over TLS and makes the server keep the
// password in clear; it is what Thunderbird calls an encrypted password.
func (o Offer) rank(m mechanism) int {
	scram := strings.HasPrefix(m.name, "SCRAM-")
	switch {
	case scram && (m.binds || slices.ContainsFunc(o.Offered, announcesBinding)):
		return doubtfulRank
	case scram && o.Encrypted:
		return hiddenRank
	case scram:
		return strongRank
	case m.name == "CRAM-MD5" && o.Encrypted:
		return keyedRank
	case m.name == "CRAM-MD5":
		return weakRank
	}
	return plainRank
}

func announcesBinding(name string) bool { return strings.HasSuffix(strings.ToUpper(name), "-PLUS") }

// byRank returns the mechanisms, the first choice first; of one rank the form
// without channel binding before that with it.
func (o Offer) byRank() []mechanism {
	list := slices.Clone(mechanisms)
	slices.SortStableFunc(list, func(a, b mechanism) int {
		return cmp.Or(cmp.Compare(o.rank(a), o.rank(b)), binding(a)-binding(b))
	})
	return list
}

func binding(m mechanism) int {
	if m.binds {
		return 1
	}
	return 0
}

// forced returns the ways that a user's word stands for: one, or where a
// mechanism and a command bear one name the mechanism and behind it the
// command.
func (o Offer) forced(want string) ([]string, error) {
	command := o.Commands[want]
	if o.Native != "" && strings.EqualFold(want, o.Native) {
		command = o.Native
	}
	if command != "" && o.Kind != Password {
		return nil, o.fail(want, WrongKind)
	}
	if command != "" && (command == o.Native && strings.EqualFold(want, command) || !o.offers(want)) {
		return []string{command}, nil
	}
	m, known := mechanismNamed(want)
	switch {
	case !known && slices.Contains(Commands(), want):
		return nil, o.fail(want, NotOffered)
	case !known:
		return nil, o.fail(want, NotKnown)
	case m.kind != o.Kind:
		return nil, o.fail(m.name, WrongKind)
	case !o.offers(m.name):
		return nil, o.fail(m.name, NotOffered)
	case m.binds && !o.Binding:
		return nil, o.fail(m.name, NoBinding)
	case command != "":
		return []string{m.name, command}, nil
	}
	return []string{m.name}, nil
}

// LoginCommand is how a user demands IMAP's command LOGIN even where a
// mechanism of that name is announced.
const LoginCommand = "LOGIN-COMMAND"

// Commands returns what a user may demand to sign in by beside the SASL
// mechanisms: the commands of IMAP and POP3. IMAP's is called LOGIN, too,
// which stands for the mechanism where the server announces it.
func Commands() []string { return []string{LoginCommand, "USER", "APOP"} }

func (o Offer) usable(m mechanism) bool {
	return m.kind == o.Kind && o.offers(m.name) && (o.Binding || !m.binds)
}

func (o Offer) offers(name string) bool {
	return slices.ContainsFunc(o.Offered, func(s string) bool { return strings.EqualFold(s, name) })
}

// whyNone says why a free choice found nothing.
func (o Offer) whyNone() Reason {
	passwords, tokens := o.Native != "", false
	for _, name := range o.Offered {
		m, known := mechanismNamed(name)
		passwords = passwords || known && m.kind == Password
		tokens = tokens || known && m.kind == Token
	}
	switch {
	case o.Kind == Password && tokens && !passwords:
		return OAuthOnly
	case o.Kind == Token && passwords && !tokens:
		return PasswordOnly
	case len(o.Offered) > 0 && o.Native == "" && !slices.ContainsFunc(o.Offered, notOfDomain):
		return DomainOnly
	}
	return NoneUsable
}

// OfDomain reports whether a SASL mechanism signs in by the account of a
// Windows domain or a Kerberos realm, which takes a computer that belongs to
// it (RFC 4752, MS-NLMP).
func OfDomain(name string) bool {
	name = strings.ToUpper(name)
	return slices.Contains([]string{"NTLM", "GSSAPI", "GSS-SPNEGO", "GS2-KRB5", "GS2-KRB5-PLUS", "KERBEROS_V4", "KERBEROS_V5"}, name)
}

func notOfDomain(name string) bool { return !OfDomain(name) }

func (o Offer) fail(want string, why Reason) error {
	return &MechanismError{Want: want, Kind: o.Kind, Offered: o.Offered, Native: o.Native, Reason: why}
}
