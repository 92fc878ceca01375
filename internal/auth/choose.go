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
	// Commands are further ways without SASL, by what a user calls them; each
	// is taken only if it is wanted and no mechanism of that name is offered.
	Commands map[string]string
	Binding  bool // there is channel-binding data for -PLUS
}

// Choose returns the one mechanism to use, by its SASL name, or Native. IMAP
// has a command LOGIN and a mechanism LOGIN: a result equal to Native means
// the command. There is never a second choice: each try may count against the
// account. The error is a *MechanismError.
func (o Offer) Choose() (string, error) {
	if want := MechanismName(o.Want); want != "" {
		return o.forced(want)
	}
	if preferred, known := mechanismNamed(o.Preferred); known && o.usable(preferred) {
		return preferred.name, nil
	}
	for _, m := range o.byRank() {
		if o.rank(m) > nativeRank && o.Kind == Password && o.Native != "" {
			return o.Native, nil
		}
		if o.usable(m) {
			return m.name, nil
		}
	}
	return "", o.fail("", o.whyNone())
}

// The ranks of the free choice; the lowest is taken.
const (
	strongRank   = iota // the password is never shown
	plainRank           // the password is shown, over verified TLS alone
	nativeRank          // the command without SASL
	doubtfulRank        // announced by servers that then refuse the right password
	weakRank
)

// rank says when a mechanism is taken. SCRAM leads because it never shows the
// password, unless the server announces its form with channel binding as
// well: under TLS 1.3 Cyrus SASL knows no binding for it, and GNU Mailutils
// none at all and refuses the plain form too. The right password would be
// called wrong, and there is no second try. CRAM-MD5 adds nothing over TLS and
// makes the server keep the password in clear.
func (o Offer) rank(m mechanism) int {
	scram := strings.HasPrefix(m.name, "SCRAM-")
	switch {
	case scram && (m.binds || slices.ContainsFunc(o.Offered, announcesBinding)):
		return doubtfulRank
	case scram:
		return strongRank
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

func (o Offer) forced(want string) (string, error) {
	if o.Native != "" && strings.EqualFold(want, o.Native) {
		if o.Kind != Password {
			return "", o.fail(want, WrongKind)
		}
		return o.Native, nil
	}
	if command, ok := o.Commands[want]; ok && !o.offers(want) {
		if o.Kind != Password {
			return "", o.fail(want, WrongKind)
		}
		return command, nil
	}
	m, known := mechanismNamed(want)
	switch {
	case !known && slices.Contains(Commands(), want):
		return "", o.fail(want, NotOffered)
	case !known:
		return "", o.fail(want, NotKnown)
	case m.kind != o.Kind:
		return "", o.fail(m.name, WrongKind)
	case !o.offers(m.name):
		return "", o.fail(m.name, NotOffered)
	case m.binds && !o.Binding:
		return "", o.fail(m.name, NoBinding)
	}
	return m.name, nil
}

// Commands returns what a user may demand to sign in by beside the SASL
// mechanisms: the commands of POP3. IMAP's is called LOGIN, as a mechanism is.
func Commands() []string { return []string{"USER", "APOP"} }

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
	}
	return NoneUsable
}

func (o Offer) fail(want string, why Reason) error {
	return &MechanismError{Want: want, Kind: o.Kind, Offered: o.Offered, Native: o.Native, Reason: why}
}
