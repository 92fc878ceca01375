// Package tlscheck makes a TLS connection and describes it: what was
// negotiated, what the server sent, and every reason for which its
// certificate is not to be trusted, each on its own. It judges nothing and
// knows no mail.
package tlscheck

import (
	"crypto/tls"
	"crypto/x509"
	"time"
)

// A Config says against what a session is checked. The zero Config uses the
// operating system's store, no second opinion, no fetching, no memory and
// the real clock. A store must not change once it was used.
type Config struct {
	System        *x509.CertPool // the only store that decides; nil: the operating system's
	Mozilla       *x509.CertPool // nil: no second opinion; see MozillaRoots
	Now           func() time.Time
	ClientCert    *tls.Certificate // nil: none is offered
	ExpiryWarning time.Duration    // a certificate that ends sooner is worth a warning; zero: by its lifetime
	AIA           AIA              // fetches an issuer that was not sent; nil: nothing is fetched
	Verifier      *Verifier        // remembers chains from one session to the next; nil: each is verified anew
}

func (c Config) now() time.Time {
	if c.Now == nil {
		return time.Now()
	}
	return c.Now()
}

// Trust says whether one store vouches for the chain, all faults of name and
// time aside.
type Trust string

const (
	TrustYes     Trust = "yes"
	TrustNo      Trust = "no"
	TrustUnknown Trust = "unknown" // the store is empty or was not asked
)

// A Store names the set of root certificates that decided.
type Store string

const (
	StoreSystem  Store = "system"  // the operating system's
	StoreGiven   Store = "given"   // Config.System: nothing overrules it
	StoreMozilla Store = "mozilla" // Config.Mozilla, because the system's is empty
)

// A State is what one completed handshake showed.
type State struct {
	ServerName   string // the name that was asked for and checked, without a trailing dot
	Version      uint16
	CipherSuite  uint16
	Group        tls.CurveID         // 0: no (elliptic) group, as in RSA key exchange
	HelloRetry   bool                // the server asked for another key share: one round trip more
	Chain        []*x509.Certificate // as sent, leaf first
	Causes       []Cause             // why the chain is not to be trusted for ServerName now, and what else is odd; empty: nothing
	Store        Store               // which store decided; empty is StoreSystem
	SystemTrust  Trust               // of the system's store, or of the one given in its place
	MozillaTrust Trust
	CertAsked    bool   // the server asked for a client certificate
	Unique       []byte // channel binding tls-unique (RFC 5929 §3); nil: none, as in TLS 1.3
	Sent         int    // bytes sent by the handshake
	Got          int    // bytes received by the handshake

	export func(label string, context []byte, length int) ([]byte, error) // nil: the handshake was not made here
	seal   *seal                                                          // made by Client alone; see Permit
}

// Exporter returns the channel binding tls-exporter (RFC 9266); nil: none.
func (s *State) Exporter() []byte {
	if s.export == nil {
		return nil
	}
	// RFC 9266 §2: a context of length zero, which TLS 1.2 tells from none.
	key, err := s.export("EXPORTER-Channel-Binding", []byte{}, 32)
	if err != nil {
		return nil
	}
	return key
}

// Trusted reports whether the store that decides vouches for the chain and
// the certificate is good for ServerName now.
func (s *State) Trusted() bool {
	if s == nil || len(s.Chain) == 0 || s.decidingTrust() != TrustYes {
		return false
	}
	for _, c := range s.Causes {
		if c.Fatal {
			return false
		}
	}
	return true
}

func (s *State) decidingTrust() Trust {
	if s.Store == StoreMozilla {
		return s.MozillaTrust
	}
	return s.SystemTrust
}
