package probe

import "mailprobe/internal/auth"

// preflight reads what an access token says of itself. One that has expired
// is not sent: the server could only refuse it, and would count that.
func (s *Session) preflight(c *auth.Credential) error {
	claims, readable := c.Claims()
	if !readable {
		return nil
	}
	s.Result.Token = &claims
	if !claims.Expires.IsZero() && !s.Result.Started.Before(claims.Expires) {
		return Unanswered("the access token has expired")
	}
	return nil
}
