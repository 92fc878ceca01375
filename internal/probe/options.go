package probe

import (
	"context"
	"net"
	"net/netip"
	"strings"
	"time"

	"mailprobe/internal/auth"
	"mailprobe/internal/settings"
	"mailprobe/internal/tlscheck"
)

// Options are common to all probes. The zero value probes the real network
// without signing in.
type Options struct {
	// Signing in, and what may be done once signed in.
	Credential *auth.Credential // nil: signing in is not tested
	Missing    string           // why there is none although signing in is asked for; empty: it is not asked for, or there is one
	Username   string
	Sender     string // the account's mail address; empty: the user name, if it is one
	Mechanism  string // SASL name to force; "" or "auto": the first choice that both sides have
	Preferred  string // the mechanism that the provider documents for tokens; "": as the server offers
	Encrypted  bool   // the settings document an encrypted password: one that is not shown to the server goes first
	Gate       Gate   // nil: sign in without asking
	// Unjudged reports whether a refusal is one of the way to sign in alone, so
	// that another may be tried over the same connection. Its texts are as
	// received. Nil: only where nothing but the command was sent.
	Unjudged func(settings.Endpoint, Auth) bool
	IMAPID   bool         // send ID before a mailbox is opened
	Message  *TestMessage // send it to the account itself and look for it; nil: no message is sent

	// Scrubber knows the secrets of the whole run, for whatever a server says
	// on any connection; nil: those of the credential alone.
	Scrubber *auth.Scrubber

	// The way to the server.
	Resolver  Resolver    // nil: the operating system's
	Dialer    Dialer      // nil: UsualDialer
	DNS       DNS         // nil: no DNS diagnosis
	Overrides Overrides   // --resolve and --connect-to
	Family    Family      // zero: both
	Address   *netip.Addr // connect to this address of the host only; nil: any

	// The dialogue.
	EHLO     string // the name to give to SMTP servers (RFC 5321 §4.1.1.1); "": the address literal of this side
	Until    string // the last phase that is gone through before leave is taken; "": all
	TLS      tlscheck.Config
	Timeouts Timeouts
	Now      func() time.Time // nil: time.Now

	// Enough is handed what ends the wait for the server in a phase before the
	// sign-in, as if the phase's time were over; nil: nobody ends it.
	Enough func(giveUp func(phase string))

	// What the caller sees beside the Result.
	Transcript bool                          // keep the dialogue in the Result
	Progress   func(settings.Endpoint, Step) // called after each phase, by several probes at once; nil: nobody watches
}

// SignInAsked reports whether signing in is to be tested.
func (o *Options) SignInAsked() bool {
	return (o.Credential != nil || o.Missing != "") && !strings.EqualFold(o.Mechanism, "none")
}

// A Resolver finds the addresses of a host; *net.Resolver is one.
type Resolver interface {
	LookupNetIP(ctx context.Context, network, host string) ([]netip.Addr, error)
}

// A Dialer makes TCP connections; *net.Dialer is one.
type Dialer interface {
	DialContext(ctx context.Context, network, address string) (net.Conn, error)
}

// DNS asks a DNS server directly, to say why a name has no address.
type DNS interface {
	Explain(ctx context.Context, host string) *Lookup
}

// A Gate decides which probe may show the credential, and when, so that one
// wrong password costs one failed sign-in.
type Gate interface {
	// Enter waits for this endpoint's turn. The error is nil if it may sign in
	// and otherwise says why not, usually by Skip. proven reports whether
	// another service has accepted the credential.
	Enter(ctx context.Context, e settings.Endpoint) (proven bool, err error)
	// Leave reports the outcome of a sign-in that Enter allowed, once for each.
	Leave(e settings.Endpoint, a Auth)
}

// A Family restricts the addresses that are used.
type Family int

const (
	AnyFamily Family = 0
	IPv4Only  Family = 4
	IPv6Only  Family = 6
)

// Timeouts bound each phase; zero means the default. Where the whole run has a
// limit, a phase gets two thirds of what is left at most, so that there is time
// to look further and to say what was seen.
type Timeouts struct {
	Phase   time.Duration // every phase but sign-in; zero: 15 s to look up, 8 s to connect, 45 s for an answer
	SignIn  time.Duration // servers delay failed sign-ins by up to 15 s; zero: 45 s
	Silence time.Duration // how long a STARTTLS port may be silent before a ClientHello is tried; zero: 1 s less the three round trips that it takes, or these
}

const (
	toLookUp  = 15 * time.Second
	toConnect = 8 * time.Second  // a lost packet is sent again after 1, 3 and 7 s (RFC 6298 §2)
	toAnswer  = 45 * time.Second // three DNS servers that do not know the caller's address cost a server 30 s, or 40 s
)

func (t Timeouts) of(phase string) time.Duration {
	switch {
	case phase == SignIn && t.SignIn > 0:
		return t.SignIn
	case phase != SignIn && t.Phase > 0:
		return t.Phase
	case phase == Resolve:
		return toLookUp
	case phase == Connect:
		return toConnect
	}
	return toAnswer
}
