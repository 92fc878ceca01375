package probe

import (
	"strings"

	"mailprobe/internal/auth"
	"mailprobe/internal/settings"
	"mailprobe/internal/tlscheck"
)

// A SignInPlan is one sign-in, decided: by which mechanism, as whom, and with
// whose leave.
type SignInPlan struct {
	Mechanism  string   // a SASL name, or the name of the native command
	LaterIR    bool     // the mechanism's first message waits for the server's challenge
	Again      bool     // the server has refused a way on this connection
	Proven     bool     // another service has accepted the credential
	Further    []string // where the server refuses Mechanism as a command: what may follow, in order
	Credential *auth.Credential
	Attempt    auth.Attempt
	Permit     tlscheck.Permit
}

// plan chooses the mechanism and obtains the permit. Its error is a Skip, or
// says that no mechanism serves.
func (s *Session) plan() (SignInPlan, error) {
	c := s.opt.Credential
	switch {
	case strings.EqualFold(s.opt.Mechanism, "none"):
		return SignInPlan{}, Skip("switched off by --auth none")
	case c == nil && s.opt.Missing != "":
		return SignInPlan{}, Unanswered(s.opt.Missing)
	case c == nil:
		return SignInPlan{}, Skip("no credential was given")
	}
	if err := s.preflight(c); err != nil {
		return SignInPlan{}, err
	}
	permit, ok := s.Result.TLS.Permit()
	switch {
	case s.Endpoint().Security == settings.Plain || !s.secure:
		return SignInPlan{}, Unanswered("no credential is sent without encryption")
	case !ok:
		return SignInPlan{}, Unanswered("no credential is sent to a server whose certificate is not verified")
	}
	e, binding := s.Endpoint(), s.binding()
	ways, err := auth.Offer{
		Want: s.opt.Mechanism, Kind: c.Kind, Offered: s.Result.Mechanisms, Native: s.Result.NativeLogin,
		Preferred: s.opt.Preferred, Encrypted: s.opt.Encrypted, Binding: len(binding.Data) > 0, Commands: s.commands,
	}.Ways()
	if err != nil {
		return SignInPlan{}, err
	}
	return SignInPlan{
		Mechanism: ways[0], Further: ways[1:], Credential: c, Permit: permit,
		Attempt: auth.Attempt{Mechanism: ways[0], Username: s.opt.Username, Host: e.Host, Port: e.Port, Binding: binding, Scrubber: s.scrubber},
	}, nil
}

// binding returns the channel-binding data of this TLS session (RFC 9266 for
// TLS 1.3, RFC 5929 before it).
func (s *Session) binding() auth.Binding {
	t := s.Result.TLS
	if key := t.Exporter(); len(key) > 0 {
		return auth.Binding{Type: "tls-exporter", Data: key}
	}
	if len(t.Unique) > 0 {
		return auth.Binding{Type: "tls-unique", Data: t.Unique}
	}
	return auth.Binding{}
}

// preflight reads what an access token shows of itself. What is none, or has
// expired, is not sent: the server could only refuse it, and would count that.
func (s *Session) preflight(c *auth.Credential) error {
	r, isToken := c.Reading()
	if !isToken {
		return nil
	}
	s.Result.Token = &r
	switch {
	case !r.Usable():
		return Unanswered("what was given is no access token")
	case r.Claims != nil && !r.Claims.Expires.IsZero() && !s.Result.Started.Before(r.Claims.Expires):
		return Unanswered("the access token has expired")
	}
	return nil
}
