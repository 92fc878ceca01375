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
// operating system's store, no second opinion and the real clock.
type Config struct {
	System     *x509.CertPool // nil: the operating system's store
	Mozilla    *x509.CertPool // nil: no second opinion
	Now        func() time.Time
	ClientCert *tls.Certificate // nil: none is offered
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

// A State is what one completed handshake showed.
type State struct {
	ServerName   string // the name that was asked for and checked
	Version      uint16
	CipherSuite  uint16
	Group        tls.CurveID         // 0: no (elliptic) group, as in RSA key exchange
	HelloRetry   bool                // the server asked for another key share: one round trip more
	Chain        []*x509.Certificate // as sent, leaf first
	Causes       []Cause             // why the chain is not to be trusted for ServerName now, and what else is odd; empty: nothing
	SystemTrust  Trust
	MozillaTrust Trust
	CertAsked    bool // the server asked for a client certificate
	Unique       []byte
	Exporter     []byte
}

// Trusted reports whether the system's store vouches for the chain and the
// certificate is good for ServerName now.
func (s *State) Trusted() bool {
	if s == nil || s.SystemTrust != TrustYes || len(s.Chain) == 0 {
		return false
	}
	for _, c := range s.Causes {
		if c.Fatal {
			return false
		}
	}
	return true
}

// A Kind names a cause. It is the part of a finding code behind "cert.".
type Kind string

// A Cause is one fact about a certificate that a user should know.
type Cause struct {
	Kind   Kind
	Fatal  bool              // a verifying client refuses for this
	Cert   *x509.Certificate // the certificate concerned; nil: the chain as a whole
	Detail string            // the number, name or date that matters, in plain words
}
