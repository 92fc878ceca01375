package pop3

import (
	"mailprobe/internal/auth"
	"mailprobe/internal/probe"
)

// APOP is the command that shows a digest of the password (RFC 1939 §7). It
// is taken only on demand: it makes the server keep the password in clear.
const APOP = "APOP"

// commands are the ways to sign in beside SASL that a user may demand here.
func (s *session) commands() map[string]string {
	all := map[string]string{}
	if s.Result.NativeLogin != "" {
		all["USER"] = NativeLogin
	}
	if auth.APOPTimestamp(s.Result.Greeting) != "" {
		all[APOP] = APOP
	}
	return all
}

// apop signs in by APOP.
func (s *session) apop(plan probe.SignInPlan) (probe.Reply, error) {
	digest, err := plan.Credential.APOP(plan.Permit, plan.Attempt, auth.APOPTimestamp(s.Result.Greeting))
	if err != nil {
		return probe.Reply{}, err
	}
	line := APOP + " " + plan.Attempt.Username + " "
	if err := s.SendSecret(line+digest, line+"[redacted]"); err != nil {
		return probe.Reply{}, err
	}
	return s.answer()
}
