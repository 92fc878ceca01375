// Package probe holds what all probes share: the words for what is observed,
// the one loop over phases, and the Session, which resolves, connects, does
// TLS, reads bounded lines and hands the connection to a client library. It
// knows no protocol and judges nothing.
package probe

import (
	"net/netip"
	"time"

	"mailprobe/internal/auth/token"
	"mailprobe/internal/settings"
	"mailprobe/internal/tlscheck"
)

// The names of the phases, the same for every probe and in this order.
const (
	Resolve      = "resolve"
	Connect      = "connect"
	TLS          = "tls"
	Greeting     = "greeting"
	StartTLS     = "starttls"
	Capabilities = "capabilities"
	SignIn       = "auth"
	Access       = "access"
	Quit         = "quit"
)

// A Status says what became of a phase.
type Status string

const (
	OK      Status = "ok"
	Failed  Status = "failed"
	Skipped Status = "skipped"
)

// A Step records one phase of a probe.
type Step struct {
	Phase  string
	Status Status
	Took   time.Duration // without the wait for another probe's sign-in
	Limit  time.Duration // that the phase had, or the last of its parts: the server was waited for no longer
	Note   string        // why it was skipped, or what is worth saying
	Err    error         // with Status Failed
}

// A Result is everything that one probe observed. It holds no judgement.
type Result struct {
	Endpoint   settings.Endpoint
	Started    time.Time
	Took       time.Duration
	Host       string       // the host that was looked up; differs from Endpoint.Host only by --connect-to
	Overridden bool         // an address or host was given by hand (--resolve, --connect-to)
	Resolved   []netip.Addr // in the resolver's order
	Beyond     []netip.Addr // further addresses of the host, too many to be tried
	Lookup     *Lookup      // what DNS itself says; nil: not asked
	Tried      []Attempt    // every connection that was started, in order
	RemoteAddr netip.AddrPort
	Steps      []Step

	Greeting        string          // the server's first line or lines, as sent, joined by LF
	PlainCaps       []string        // announced before STARTTLS
	Capabilities    []string        // announced in the final state of security, before sign-in
	PlainMechanisms []string        // SASL mechanisms announced before STARTTLS; "LOGIN command" and "USER" are not among them
	Mechanisms      []string        // SASL mechanisms announced in the final state of security
	NativeLogin     string          // the command that takes a password without SASL in the final state ("LOGIN", "USER"); empty: none
	EHLO            string          // the name that was given to an SMTP server; empty: none
	TLS             *tlscheck.State // nil: no handshake was completed
	UnlikeAsked     *Unlike         // the port speaks the other security than documented; nil: not seen
	Auth            Auth
	OtherForm       *Auth    // a second sign-in with the other form of the user name; nil: none was tried
	AccessReply     *Reply   // the answer to the access command; nil: none was sent or none came
	Sender          string   // the address that the server was asked to take mail from; empty: it was not asked
	WantsID         bool     // the mailbox was refused, and opened once this program had named itself by ID (RFC 2971)
	SignedInCaps    []string // announced after the sign-in (POP3, RFC 2449 §5); nil: not asked, or no answer
	Checked         []MechanismCheck
	Message         *Delivery      // what it saw of the test message; nil: nothing to do with it
	Transcript      []Line         // nil unless asked for
	SecretSent      bool           // bytes of the credential may have left
	Token           *token.Reading // what the access token shows of itself; nil: none was given
}

// Step returns the step of a phase; the zero Step if there is none.
func (r *Result) Step(phase string) Step {
	for _, s := range r.Steps {
		if s.Phase == phase {
			return s
		}
	}
	return Step{}
}

// FailedStep returns the first step that failed, or nil.
func (r *Result) FailedStep() *Step {
	for i := range r.Steps {
		if r.Steps[i].Status == Failed {
			return &r.Steps[i]
		}
	}
	return nil
}

// An Attempt is one TCP connection that was tried.
type Attempt struct {
	Addr netip.AddrPort
	Took time.Duration
	Err  error // nil: it was accepted
}

// A Lookup is what DNS itself says of a name, where the operating system's
// resolver gave no address.
type Lookup struct {
	Server string // the DNS server that answered
	Rcode  string // "NOERROR", "NXDOMAIN", "SERVFAIL", "REFUSED", ...; empty: no answer
	EDE    string // extended DNS error (RFC 8914), in words; empty: none
	CNAME  []string
	Err    error // why there is no answer
}

// Unlike says that a port speaks with another security than was asked for.
type Unlike struct {
	Security settings.Security // what it really speaks
	Protocol string            // what answered: "imap", "pop3", "smtp", "http", "ssh"; empty: not recognised
	First    []byte            // the bytes by which it was recognised
}

// An AuthStatus is the outcome of a sign-in.
type AuthStatus string

const (
	AuthNotTested AuthStatus = "not_tested" // no credential was given
	AuthAccepted  AuthStatus = "accepted"
	AuthRejected  AuthStatus = "rejected"
	AuthSkipped   AuthStatus = "skipped" // a credential was given but deliberately not shown: Reason says why
	AuthUnknown   AuthStatus = "unknown" // shown, or about to be, but not judged
)

// Auth is what one sign-in showed.
type Auth struct {
	Status    AuthStatus
	Mechanism string
	Username  string
	Reply     *Reply // the server's verdict, scrubbed; nil: none came
	Challenge string // the decoded error challenge of OAUTHBEARER or XOAUTH2; empty: none
	Reason    string // why it was skipped or is unknown
	Sent      bool   // bytes of the credential may have left
	Open      bool   // with AuthSkipped: whether this account can sign in stays an open question

	Taken   bool         // the server has asked for a message of the mechanism: it took the command
	Begun   bool         // more was sent than the command that begins: the user name at least
	Refused []RefusedWay // ways that the server refused as commands, without judging the credential, in order
	Cause   error        // with AuthUnknown: what went wrong in the dialogue; nil: the server's own words stand in Reply

	initial bool // the mechanism's first message stood on the command's line
}

// A RefusedWay is a way to sign in that the server refused as a command.
type RefusedWay struct {
	Mechanism string // a SASL name, or the name of the native command
	InLine    bool   // the mechanism's first message stood on the command's line
	Shown     bool   // the secret, or its proof, had left when the server refused the way
	Reply     *Reply // scrubbed; nil: the server did not take what stood on the line, and asked for it
}

// A MechanismCheck says whether an announced mechanism is real, found without
// a credential.
type MechanismCheck struct {
	Mechanism string
	Real      bool
	Reply     *Reply
}

// A Reply is a server's answer, split as the protocols structure it. Its
// texts are as received, or without secrets: escape them before output.
type Reply struct {
	Text     string // whole, continuation lines joined by LF, without tag
	Status   string // "OK", "NO", "BAD", "BYE", "PREAUTH"; "+OK", "-ERR"; "535"
	Code     string // response code in brackets: "AUTHENTICATIONFAILED", "SYS/TEMP"; empty: none
	Enhanced string // enhanced status code (RFC 3463): "5.7.8"; empty: none

	received *received // where the texts above show less than that; nil: they do not
}

// A Line is one line of a dialogue, already redacted. One with Dropped stands
// for lines that were not kept.
type Line struct {
	At   time.Duration // since the probe started
	Sent bool          // by this side
	TLS  bool          // inside TLS
	Text string        // without CRLF, as received: escape it before output

	Dropped int // how many lines are left out here; 0: this is one
}
