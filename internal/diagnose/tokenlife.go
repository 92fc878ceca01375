package diagnose

import (
	"fmt"
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

// clockLeeway is how far two honest clocks may differ.
const clockLeeway = time.Minute

// expired reports whether the access token had run out when it was to be
// sent.
func expired(r *probe.Result) bool {
	return r.Token != nil && r.Token.Claims != nil && !r.Token.Claims.Expires.IsZero() && !r.Started.Before(r.Token.Claims.Expires)
}

func tokenExpired(r *probe.Result) finding.Finding {
	expires := r.Token.Claims.Expires
	return about(r, finding.Finding{Code: "auth.token_expired", Phase: probe.SignIn, Args: finding.Args{"span": span(r.Started.Sub(expires))},
		Message:  "The access token expired {span} ago; it was not sent.",
		Remedy:   "Get a new token, or sign in with mailprobe login, which renews it. If the token is new, this computer's clock is wrong.",
		Evidence: finding.Saw("exp " + expires.UTC().Format(time.RFC3339))})
}

func (t accessToken) notYet() (finding.Finding, bool) {
	until := t.claims().NotBefore.Sub(t.Started)
	return finding.Finding{Code: "auth.token_not_yet_valid", Args: finding.Args{"span": span(until)},
		Message:  "The access token becomes valid in {span}, by this computer's clock.",
		Remedy:   "Compare this computer's clock with another one and set it, then get a new token.",
		Evidence: finding.Saw("nbf " + t.claims().NotBefore.UTC().Format(time.RFC3339)),
	}, !t.claims().NotBefore.IsZero() && until > clockLeeway
}

// span says how long a time is, in its largest unit.
func span(d time.Duration) string {
	for _, u := range []struct {
		size time.Duration
		name string
	}{{24 * time.Hour, "day"}, {time.Hour, "hour"}, {time.Minute, "minute"}} {
		if n := int(d / u.size); n == 1 {
			return "1 " + u.name
		} else if n > 1 {
			return fmt.Sprintf("%d %ss", n, u.name)
		}
	}
	return "less than a minute"
}
