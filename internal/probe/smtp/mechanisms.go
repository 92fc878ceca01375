package smtp

import (
	"context"

	"mailprobe/internal/probe"
	"mailprobe/internal/settings"
)

// CheckMechanism finds out, over a connection of its own and without a
// credential, whether the server really has the mechanism of the Options. The
// Result tells by Checked and Transcript.
func CheckMechanism(ctx context.Context, e settings.Endpoint, opt probe.Options) *probe.Result {
	s := &session{Session: probe.NewSession(e, opt.WithoutCredential())}
	return s.Run(ctx, s.dialogue().Without(probe.SignIn, probe.Access))
}

// start begins AUTH without an initial response and cancels it (RFC 4954 §4).
func (s *session) start(mechanism string) (probe.Reply, bool, error) {
	first, err := s.command("AUTH " + mechanism)
	if err != nil || first.Status != "334" {
		return first.Reply, false, err
	}
	_, err = s.command("*")
	return first.Reply, true, err
}
