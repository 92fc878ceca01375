package auth

import (
	"errors"
	"fmt"
	"strings"
)

// ErrNoPermit is returned where a secret is asked for without a valid permit.
var ErrNoPermit = errors.New("no credential without a verified TLS session")

// A HostError says that a permit for one host was shown for another.
type HostError struct{ Permitted, Host string }

func (e *HostError) Error() string {
	return fmt.Sprintf("the TLS session was verified for %q, not for %q", e.Permitted, e.Host)
}

// An InputFault names what is wrong with a user name or secret.
type InputFault string

const (
	EmptyInput   InputFault = "empty"
	TooLongInput InputFault = "too_long"
	HoldsNUL     InputFault = "nul"
	HoldsCR      InputFault = "cr"
	HoldsLF      InputFault = "lf"
	HoldsControl InputFault = "control"
	NoToken      InputFault = "no_token"
)

// An InputError says that a user name or secret cannot be sent.
type InputError struct {
	Field string // "user name", "password" or "access token"
	Fault InputFault
}

func (e *InputError) Error() string {
	what := map[InputFault]string{
		EmptyInput:   "is empty",
		TooLongInput: fmt.Sprintf("is longer than %d KiB", maxInput>>10),
		HoldsNUL:     "holds a NUL character",
		HoldsCR:      "holds a line break (CR)",
		HoldsLF:      "holds a line break (LF)",
		HoldsControl: "holds a blank or control character",
		NoToken:      "is none, or not one alone",
	}[e.Fault]
	return "the " + e.Field + " " + what
}

// A Reason says why there is no mechanism to sign in with.
type Reason string

const (
	NotOffered   Reason = "not_offered"   // the forced mechanism is not among those offered
	NotKnown     Reason = "not_known"     // this program cannot do the forced mechanism
	WrongKind    Reason = "wrong_kind"    // the mechanism needs another kind of credential
	NoBinding    Reason = "no_binding"    // a -PLUS mechanism without channel-binding data
	OAuthOnly    Reason = "oauth_only"    // a password was given, and the server takes access tokens only
	PasswordOnly Reason = "password_only" // an access token was given, and the server takes passwords only
	DomainOnly   Reason = "domain_only"   // the server signs in the accounts of a domain only (NTLM, Kerberos)
	NoneUsable   Reason = "none_usable"   // nothing offered can be used
)

// A MechanismError says that there is no mechanism to sign in with, and what
// the server has.
type MechanismError struct {
	Want    string // the forced mechanism; empty: the choice was free
	Kind    Kind   // what the user gave
	Offered []string
	Native  string // the command that takes a password without SASL; empty: none
	Reason  Reason
}

func (e *MechanismError) Error() string {
	switch e.Reason {
	case NotOffered:
		return fmt.Sprintf("the server does not offer %q; it offers %s", e.Want, e.offers())
	case NotKnown:
		return fmt.Sprintf("this program cannot sign in by %q", e.Want)
	case WrongKind:
		return e.wrongKind()
	case NoBinding:
		return fmt.Sprintf("%q needs channel-binding data, and this TLS session has none", e.Want)
	case OAuthOnly:
		return "the server takes no password, only an OAuth2 access token; it offers " + e.offers()
	case DomainOnly:
		return "the server signs in by a Windows domain or Kerberos only; it offers " + e.offers()
	case PasswordOnly:
		return "the server takes no access token; it offers " + e.offers()
	}
	return fmt.Sprintf("%s cannot be used with what the server offers: %s", e.Kind.one(), e.offers())
}

func (e *MechanismError) wrongKind() string {
	if e.Want == "" {
		return fmt.Sprintf("%s is never sent where a password belongs", e.Kind.one())
	}
	need := Password
	if m, known := mechanismNamed(e.Want); known {
		need = m.kind
	}
	return fmt.Sprintf("%q needs %s, and %s was given", e.Want, need.one(), e.Kind.one())
}

func (e *MechanismError) offers() string {
	all := make([]string, 0, len(e.Offered)+1)
	for _, m := range e.Offered {
		all = append(all, fmt.Sprintf("%q", m))
	}
	if e.Native != "" {
		all = append(all, "the command "+e.Native)
	}
	if len(all) == 0 {
		return "nothing"
	}
	return strings.Join(all, ", ")
}

// An ExchangeError says that a server breaks the rules of a sign-in: its
// challenge cannot be answered, its proof is missing or false, or it contradicts
// itself.
type ExchangeError struct {
	Mechanism string // empty: of any
	Detail    string // in plain words; may quote the server: escape it before output
}

func (e *ExchangeError) Error() string {
	if e.Mechanism == "" {
		return e.Detail
	}
	return e.Mechanism + ": " + e.Detail
}
