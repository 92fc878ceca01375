package verify_test

import (
	"slices"
	"testing"
	"time"

	"mailprobe/internal/auth"
	"mailprobe/internal/finding"
	"mailprobe/internal/lab/realserver"
	"mailprobe/internal/probe"
	"mailprobe/internal/settings"
	"mailprobe/internal/tlscheck"
	"mailprobe/internal/verify"
)

// TestTokenAtDovecot shows tokens to a real server: a good one, one of another
// user, and one that has expired, which must not get there.
func TestTokenAtDovecot(t *testing.T) {
	s := realserver.Dovecot(t, realserver.DovecotOptions{})
	alice, dave := s.Accounts()[0].User, s.Accounts()[2].User
	for _, row := range []struct {
		name, token string
		want        probe.AuthStatus
		code        string // of a finding of severity error; empty: none
		failures    int
	}{
		{"good", s.Token(alice, time.Hour), probe.AuthAccepted, "", 0},
		{"another's", s.Token(dave, time.Hour), probe.AuthRejected, "auth.token_user", 1},
		{"expired", s.Token(alice, -time.Minute), probe.AuthSkipped, "auth.token_expired", 0},
	} {
		t.Run(row.name, func(t *testing.T) {
			before := s.FailedLogins(t, "")
			r := verify.Run(t.Context(), verify.Plan{
				Endpoints: []settings.Setting{{Endpoint: s.Endpoint(settings.IMAP, settings.TLS)}},
				Username:  func(settings.Setting) string { return alice },
				Options: probe.Options{
					Credential: auth.NewCredential(auth.Token, auth.NewSecret(row.token)), TLS: tlscheck.Config{System: s.CAPool()},
				},
			})
			e := r.Endpoints[0]
			found := func(f finding.Finding) bool { return f.Code == row.code && f.Severity == finding.Error }
			if e.Result.Auth.Status != row.want || row.code != "" && !slices.ContainsFunc(e.Findings, found) {
				t.Errorf("got  %+v %+v\nwant %s, %s", e.Result.Auth, e.Findings, row.want, row.code)
			}
			if got := s.FailedLogins(t, "") - before; got != row.failures {
				t.Errorf("failed sign-ins\ngot  %d\nwant %d", got, row.failures)
			}
		})
	}
}
