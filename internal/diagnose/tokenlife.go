package diagnose

import (
	"time"

	"mailprobe/internal/finding"
	"mailprobe/internal/probe"
)

// shortLife is how much longer an access token should be good: programs renew
// theirs some minutes before the end.
const shortLife = 5 * time.Minute

// life says that an access token ran out while it was in use, or soon will.
func (t accessToken) life() (finding.Finding, bool) {
	expires := t.claims().Expires
	left := expires.Sub(t.Started)
	f := finding.Finding{Code: "auth.token_ends_soon", Args: finding.Args{"span": span(left)},
		Message:  "The access token was good for {span} more, by this computer's clock.",
		Remedy:   "Get a new token for each run, or sign in with mailprobe login, which renews it.",
		Evidence: finding.Saw("exp " + expires.UTC().Format(time.RFC3339))}
	if t.Took >= left && t.Auth.Status == probe.AuthRejected {
		f.Code, f.Args, f.Message = "auth.token_expired", nil, "The access token ran out during the run."
	}
	return f, !expires.IsZero() && left < shortLife
}
