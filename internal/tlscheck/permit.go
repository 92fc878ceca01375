package tlscheck

import "crypto/tls"

// A Permit is the leave to send a credential to one server. Only a State
// made by Client gives one out, and only for a verified chain, a verified
// name and TLS 1.2 or later (RFC 8314 §5.1 and §5.2, RFC 8997 §3). The zero
// Permit is no leave: Valid reports false.
type Permit struct {
	serverName string
}

// Valid reports whether p was given out by a verified session.
func (p Permit) Valid() bool { return p.serverName != "" }

// ServerName returns the host that the permit was given out for.
func (p Permit) ServerName() string { return p.serverName }

// A seal holds what Client itself found. It knows the State that it belongs
// to, so that neither a State built by hand nor a changed copy passes.
type seal struct {
	of         *State
	verified   bool
	serverName string
	version    uint16
}

// Permit returns the leave to send a credential over the session that s
// describes, and whether there is one. A copy of a State gives none.
func (s *State) Permit() (Permit, bool) {
	if s == nil || s.seal == nil || s.seal.of != s || !s.unchanged() {
		return Permit{}, false
	}
	if !s.seal.verified || !s.Trusted() || s.seal.version < tls.VersionTLS12 || s.seal.serverName == "" {
		return Permit{}, false
	}
	return Permit{serverName: s.seal.serverName}, true
}

func (s *State) unchanged() bool {
	return s.ServerName == s.seal.serverName && s.Version == s.seal.version
}
