package tlscheck

import "crypto/tls"

// A Permit is the leave to send a credential to one server. Only a State
// gives one out, and only for a verified chain, a verified name and
// TLS 1.2 or later (RFC 8314 §5.1 and §5.2, RFC 8997 §3). The zero Permit is
// no leave: Valid reports false.
type Permit struct {
	serverName string
}

// Valid reports whether p was given out by a verified session.
func (p Permit) Valid() bool { return p.serverName != "" }

// ServerName returns the host that the permit was given out for.
func (p Permit) ServerName() string { return p.serverName }

// Permit returns the leave to send a credential over the session that s
// describes, and whether there is one.
func (s *State) Permit() (Permit, bool) {
	if s == nil || !s.Trusted() || s.Version < tls.VersionTLS12 || s.ServerName == "" {
		return Permit{}, false
	}
	return Permit{serverName: s.ServerName}, true
}
