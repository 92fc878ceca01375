package verify

import (
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"mailprobe/internal/auth"
	"mailprobe/internal/probe"
)

// TestTokenOrder: a refused token locks nobody out, so every endpoint is
// judged, whichever is the fastest: the first alone, the others at once.
func TestTokenOrder(t *testing.T) {
	const all = "imap pop3 smtp smtp"
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
		{"asked too often", [4]probe.Auth{tooMany, no, yes, yes}, "imap"},
		{"asked too often, after another was judged", [4]probe.Auth{no, tooMany, yes, yes}, all},
	} {
		for fastest := range 4 {
			synctest.Test(t, func(t *testing.T) {
				p := Plan{}
				p.Options.Credential = auth.NewCredential(auth.Token, auth.NewSecret("ya29.x"))
				var actors []actor
				for i, url := range []string{"imaps://h.example:993", "pop3s://h.example:995", "submissions://h.example:465", "submission://h.example:587"} {
					actors = append(actors, actor{ways(url, "+"), time.Duration((i-fastest)*(i-fastest)) * time.Second, row.outcomes[i]})
				}
				if got := services(play(t, p, actors...)); got != row.want {
					t.Errorf("%s, %d is the fastest\ngot  %s\nwant %s", row.name, fastest, got, row.want)
				}
			})
		}
	}
}

// services returns who was let in, without the moments.
func services(moments string) string {
	var all []string
	for word := range strings.FieldsSeq(moments) {
		service, _, _ := strings.Cut(word, ":")
		all = append(all, service)
	}
	slices.Sort(all)
	return strings.Join(all, " ")
}
