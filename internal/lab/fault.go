package lab

import (
	"slices"

	"mailprobe/internal/settings"
)

// A Fault is one thing that goes wrong at a server of the lab, on the wire.
// The zero Fault is a server that works.
type Fault string

const (
	None Fault = ""

	Refused          Fault = "refused"
	Silent           Fault = "silent"
	Closes           Fault = "closes"
	Resets           Fault = "resets"
	AnswersHTTP      Fault = "http"
	RejectsGreeting  Fault = "rejects-greeting"
	TooManyConns     Fault = "too-many-connections"
	SlowGreeting     Fault = "slow-greeting"
	ClearOnTLSPort   Fault = "clear-on-tls-port"
	TLSOnClearPort   Fault = "tls-on-starttls-port"
	LegacyTLS        Fault = "legacy-tls"
	StartTLSMissing  Fault = "starttls-not-offered"
	StartTLSRefused  Fault = "starttls-refused"
	StartTLSStripped Fault = "starttls-stripped"
	StartTLSInjected Fault = "starttls-injected"
	Preauth          Fault = "preauth"
	Expired          Fault = "expired"
	WrongName        Fault = "wrong-name"
	ExpiredWrongName Fault = "expired-wrong-name"
	NotYetValid      Fault = "not-yet-valid"
	ExpiresSoon      Fault = "expires-soon"
	SelfSigned       Fault = "self-signed"
	UnknownCA        Fault = "unknown-ca"
	NoIntermediate   Fault = "missing-intermediate"
	UnfitKey         Fault = "unfit-key"
	WeakKey          Fault = "weak-key"
	StaticRSA        Fault = "rsa-key-exchange"
	LoginRefused     Fault = "login-refused"
	OAuthOnly        Fault = "oauth-only"
	SMTPAuthDisabled Fault = "smtp-auth-disabled"
	TemporaryFailure Fault = "temporary-failure"
	NotConnected     Fault = "not-connected"
	WantsID          Fault = "wants-id"
	SenderRefused    Fault = "sender-refused"
)

// A where says at which endpoints a fault can happen.
type where func(settings.Endpoint) bool

func anywhere(settings.Endpoint) bool          { return true }
func encrypted(e settings.Endpoint) bool       { return e.Security != settings.Plain }
func implicit(e settings.Endpoint) bool        { return e.Security == settings.TLS }
func upgraded(e settings.Endpoint) bool        { return e.Security == settings.StartTLS }
func upgradedSMTP(e settings.Endpoint) bool    { return upgraded(e) && e.Protocol == settings.SMTP }
func unencryptedIMAP(e settings.Endpoint) bool { return !implicit(e) && e.Protocol == settings.IMAP }
func encryptedIMAP(e settings.Endpoint) bool   { return encrypted(e) && e.Protocol == settings.IMAP }
func encryptedSMTP(e settings.Endpoint) bool   { return encrypted(e) && e.Protocol == settings.SMTP }
func encryptedStore(e settings.Endpoint) bool  { return encrypted(e) && e.Protocol != settings.SMTP }

var faults = []struct {
	fault Fault
	fits  where
	about string
}{
	{None, anywhere, "works as documented"},
	{Refused, anywhere, "nothing listens on the port"},
	{Silent, anywhere, "accepts the connection and never says a word"},
	{Closes, anywhere, "accepts the connection and closes it at once"},
	{Resets, anywhere, "accepts the connection and resets it"},
	{AnswersHTTP, anywhere, "a web server answers"},
	{RejectsGreeting, anywhere, "greets with a refusal"},
	{TooManyConns, anywhere, "greets with \"too many connections\""},
	{SlowGreeting, anywhere, "greets only after some seconds"},
	{ClearOnTLSPort, implicit, "speaks without encryption on a port documented for TLS"},
	{TLSOnClearPort, upgraded, "expects TLS at once on a port documented for STARTTLS"},
	{LegacyTLS, encrypted, "knows only TLS 1.0 and 1.1"},
	{StartTLSMissing, upgraded, "does not offer STARTTLS"},
	{StartTLSRefused, upgraded, "offers STARTTLS and refuses it"},
	{StartTLSStripped, upgradedSMTP, "a firewall on the way masks the STARTTLS offer"},
	{StartTLSInjected, upgraded, "unencrypted text rides behind the answer to STARTTLS"},
	{Preauth, unencryptedIMAP, "claims without encryption that the user is signed in already"},
	{Expired, encrypted, "the certificate has expired"},
	{WrongName, encrypted, "the certificate is for another host"},
	{ExpiredWrongName, encrypted, "the certificate has expired and is for another host"},
	{NotYetValid, encrypted, "the certificate is not valid yet"},
	{ExpiresSoon, encrypted, "the certificate expires tomorrow"},
	{SelfSigned, encrypted, "the certificate is signed by itself"},
	{UnknownCA, encrypted, "the certificate comes from an authority that nobody knows"},
	{NoIntermediate, encrypted, "the intermediate certificate is not sent"},
	{UnfitKey, encrypted, "the certificate's key is meant for signing certificates alone"},
	{WeakKey, encrypted, "the certificate's key is an RSA key of 1024 bits"},
	{StaticRSA, encrypted, "knows only TLS 1.2 with RSA key exchange, without forward secrecy"},
	{LoginRefused, encrypted, "refuses every sign-in as if the password were wrong"},
	{OAuthOnly, encrypted, "offers no sign-in by password, only OAuth2"},
	{SMTPAuthDisabled, encryptedSMTP, "signing in to send is switched off for the organisation"},
	{TemporaryFailure, encrypted, "cannot check sign-ins for the moment"},
	{NotConnected, encryptedStore, "accepts the sign-in and then refuses the mailbox"},
	{WantsID, encryptedIMAP, "refuses the mailbox to clients that do not identify themselves"},
	{SenderRefused, encryptedSMTP, "accepts the sign-in and the sender, and refuses the sender with the recipient"},
}

// Faults lists every fault, None first.
func Faults() []Fault {
	list := make([]Fault, len(faults))
	for i, row := range faults {
		list[i] = row.fault
	}
	return list
}

// Known reports whether f is a fault of the lab.
func (f Fault) Known() bool { return slices.Contains(Faults(), f) }

// Fits reports whether f can happen at e.
func (f Fault) Fits(e settings.Endpoint) bool {
	for _, row := range faults {
		if row.fault == f {
			return row.fits(e)
		}
	}
	return false
}

// About says in half a sentence what the server does.
func (f Fault) About() string {
	for _, row := range faults {
		if row.fault == f {
			return row.about
		}
	}
	return ""
}
