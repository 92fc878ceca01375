package verify

import (
	"testing"
	"testing/synctest"
	"time"

	"mailprobe/internal/auth"
	"mailprobe/internal/probe"
)

// TestTokenOrder: a refused token locks nobody out, so every endpoint is
// judged, in the same order however fast they are.
func TestTokenOrder(t *testing.T) {
	const all = "imap:993 pop3:995 smtp:465 smtp:587"
	tooMany := notNow("454", "4.7.0 Too many login attempts, please try again later.")
	for _, row := range []struct {
		name     string
		outcomes [4]probe.Auth
		want     string
	}{
		{"refused everywhere", [4]probe.Auth{no, no, no, no}, all},
		{"not judged at first", [4]probe.Auth{down, no, yes, yes}, all},
		{"accepted in the end", [4]probe.Auth{no, no, no, yes}, all},
		{"without an answer", [4]probe.Auth{unsent, no, unsent, yes}, all},
		{"asked too often", [4]probe.Auth{no, tooMany, yes, yes}, "imap:993 pop3:995"},
	} {
		for fastest := range 4 {
			synctest.Test(t, func(t *testing.T) {
				p := Plan{}
				p.Options.Credential = auth.NewCredential(auth.Token, auth.NewSecret("ya29.x"))
				var actors []actor
				for i, url := range []string{"imaps://h.example:993", "pop3s://h.example:995", "submissions://h.example:465", "submission://h.example:587"} {
					actors = append(actors, actor{ways(url, "+"), time.Duration((i-fastest)*(i-fastest)) * time.Second, row.outcomes[i]})
				}
				if got, _ := play(t, p, actors...); got != row.want {
					t.Errorf("%s, %d is the fastest\ngot  %s\nwant %s", row.name, fastest, got, row.want)
				}
			})
		}
	}
}
