package verify

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"mailprobe/internal/auth"
	"mailprobe/internal/probe"
	"mailprobe/internal/settings"
)

// ways makes what a source says of passwords: "+" documents them, "-" documents
// that they are refused, "?" says neither.
func ways(url, says string) settings.Setting {
	s := settings.Setting{Endpoint: endpoint(url)}
	if status := map[string]string{"+": settings.DocumentedWay, "-": settings.RefusedWay}[says]; status != "" {
		s.SignIn = []settings.SignIn{{Way: "oauth2", Status: settings.DocumentedWay}, {Way: "password", Status: status, Source: settings.Source{Title: "The rules"}}}
	}
	return s
}

var (
	yes, no = probe.Auth{Status: probe.AuthAccepted, Sent: true}, probe.Auth{Status: probe.AuthRejected, Sent: true}
	unsent  = probe.Auth{Status: probe.AuthUnknown}
	down    = notNow("NO", "[UNAVAILABLE] Temporary authentication failure.")
)

func notNow(status, text string) probe.Auth {
	reply := probe.NewReply(status, text)
	return probe.Auth{Status: probe.AuthUnknown, Sent: true, Reply: &reply}
}

// An actor is an endpoint that comes to its sign-in after a while, and what
// becomes of it there.
type actor struct {
	setting settings.Setting
	after   time.Duration
	outcome probe.Auth // of no status: it never comes
}

// signingIn is how long an actor signs in.
const signingIn = time.Second

// play lets actors come to the gate and returns who was let in, those of one
// moment together and in the order of the plan, and when: "imap:993@3s". The
// time is that of synctest's bubble.
func play(t *testing.T, p Plan, actors ...actor) string {
	t.Helper()
	for _, a := range actors {
		p.Endpoints = append(p.Endpoints, a.setting)
	}
	if p.Options.Credential == nil {
		p.Options.Credential = auth.NewCredential(auth.Password, auth.NewSecret("x"))
	}
	g := newGate("", p.stopReason)
	g.all = p.kind() == auth.Token
	places := p.queue(g)
	in := make([]time.Duration, len(actors))
	began := time.Now()
	var wait sync.WaitGroup
	for i, a := range actors {
		in[i] = -1
		wait.Go(func() {
			time.Sleep(a.after)
			defer places[i].end()
			if a.outcome.Status == "" {
				places[i].watched(nil)(a.setting.Endpoint, probe.Step{Phase: probe.SignIn, Status: probe.Skipped})
				return
			}
			if _, err := places[i].Enter(t.Context(), a.setting.Endpoint); err != nil {
				return
			}
			in[i] = time.Since(began)
			time.Sleep(signingIn)
			places[i].Leave(a.setting.Endpoint, a.outcome)
		})
	}
	wait.Wait()
	return moments(actors, in)
}

func moments(actors []actor, in []time.Duration) string {
	var all []string
	for i := range actors {
		if in[i] >= 0 {
			all = append(all, fmt.Sprintf("%s:%d@%v", actors[i].setting.Protocol, actors[i].setting.Port, in[i]))
		}
	}
	slices.SortStableFunc(all, func(a, b string) int {
		_, x, _ := strings.Cut(a, "@")
		_, y, _ := strings.Cut(b, "@")
		return cmp.Or(cmp.Compare(len(x), len(y)), strings.Compare(x, y))
	})
	return strings.Join(all, " ")
}

func TestOrderOfSignIn(t *testing.T) {
	const s = time.Second
	imap, pop3 := func(says string) settings.Setting { return ways("imaps://i.example", says) }, func(says string) settings.Setting { return ways("pop3s://p.example", says) }
	smtp, smtpUp := func(says string) settings.Setting { return ways("submissions://s.example", says) }, func(says string) settings.Setting { return ways("submission://s.example", says) }
	for _, row := range []struct {
		name      string
		mechanism string
		actors    []actor
		want      string
	}{
		{"as listed, whoever is ready first", "", []actor{{imap("?"), 3 * s, yes}, {pop3("?"), 2 * s, yes}, {smtp("?"), s, yes}, {smtpUp("?"), 0, yes}}, "imap:993@3s pop3:995@4s smtp:465@4s smtp:587@4s"},
		{"the documented first", "", []actor{{imap("?"), 0, yes}, {pop3("-"), 0, yes}, {smtp("+"), 2 * s, yes}}, "smtp:465@2s imap:993@3s pop3:995@3s"},
		{"refused, and nobody accepts", "", []actor{{imap("-"), 0, yes}, {pop3("-"), 0, yes}}, ""},
		{"refused, and the other is dead", "", []actor{{imap("-"), 0, yes}, {smtp("+"), 9 * s, probe.Auth{}}}, ""},
		{"refused, and the other rejects", "", []actor{{imap("-"), 0, yes}, {smtp("+"), s, no}}, "smtp:465@1s"},
		{"refused, and the other does not judge", "", []actor{{imap("-"), 0, yes}, {smtp("+"), s, down}}, "smtp:465@1s"},
		{"refusals that prove the document", "", []actor{{imap("-"), 0, no}, {pop3("-"), 0, no}, {smtp("+"), s, yes}}, "smtp:465@1s imap:993@2s pop3:995@2s"},
		{"forced", "PLAIN", []actor{{imap("-"), 0, yes}, {pop3("-"), 0, yes}}, "imap:993@0s pop3:995@1s"},
		{"the first cannot sign in", "", []actor{{imap("+"), s, probe.Auth{}}, {pop3("+"), 0, yes}, {smtp("+"), 0, no}}, "pop3:995@1s smtp:465@2s"},
		{"the first does not send it", "", []actor{{imap("+"), s, unsent}, {pop3("+"), 0, no}, {smtp("+"), 0, yes}}, "imap:993@1s pop3:995@2s"},
		{"the first is too slow to wait for", "", []actor{{imap("+"), 50 * s, yes}, {pop3("+"), s, yes}, {smtp("+"), 2 * s, yes}}, "pop3:995@31s smtp:465@32s imap:993@50s"},
		{"a second of a service that was not judged", "", []actor{{smtp("?"), 0, down}, {smtpUp("?"), 0, yes}, {imap("?"), s, yes}}, "smtp:465@0s imap:993@1s smtp:587@2s"},
		{"a second of a service that was not judged, and nobody accepts", "", []actor{{smtp("?"), 0, down}, {smtpUp("?"), 0, yes}, {imap("?"), s, down}}, "smtp:465@0s imap:993@1s"},
		{"a rejection behind an acceptance stops nobody", "", []actor{{imap("+"), 0, yes}, {smtp("+"), 0, no}, {smtpUp("+"), 9 * s, no}, {pop3("-"), 0, no}}, "imap:993@0s smtp:465@1s pop3:995@1s smtp:587@9s"},
		{"the refused one as the others", "", []actor{{imap("-"), 0, no}, {smtp("+"), 0, yes}, {smtpUp("+"), 5 * s, yes}}, "smtp:465@0s imap:993@1s smtp:587@5s"},
		{"nobody after no answer", "", []actor{{imap("+"), s, probe.Auth{Status: probe.AuthUnknown, Sent: true}}, {pop3("+"), 0, yes}}, "imap:993@1s"},
	} {
		t.Run(row.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				if got := play(t, Plan{Options: probe.Options{Mechanism: row.mechanism}}, row.actors...); got != row.want {
					t.Errorf("got  %q\nwant %q", got, row.want)
				}
			})
		})
	}
}

// TestOneAccountProvesNoOther: what a server says of one user name, or of one
// password, says nothing of others, so each of them is judged alone.
func TestOneAccountProvesNoOther(t *testing.T) {
	const s = time.Second
	imap, pop3, smtp, smtpUp := ways("imaps://i.example", "+"), ways("pop3s://p.example", "+"), ways("submissions://s.example", "+"), ways("submission://s.example", "+")
	names := func(x settings.Setting) string { return string(x.Username) }
	smtp.Username, smtpUp.Username = "other", "other"
	passwords := auth.NewPasswords(map[string]auth.Secret{"i.example": auth.NewSecret("one"), "p.example": auth.NewSecret("one"), "s.example": auth.NewSecret("two")})
	for _, row := range []struct {
		name   string
		plan   Plan
		actors []actor
		want   string
	}{
		{"names", Plan{Username: names}, []actor{{imap, 0, yes}, {smtp, 0, yes}, {smtpUp, 0, yes}, {pop3, 0, yes}}, "imap:993@0s smtp:465@1s pop3:995@1s smtp:587@2s"},
		{"names, of which one is wrong", Plan{Username: names}, []actor{{imap, 0, yes}, {smtp, 0, no}, {smtpUp, 0, no}, {pop3, 9 * s, yes}}, "imap:993@0s smtp:465@1s pop3:995@9s"},
		{"passwords", Plan{Options: probe.Options{Credential: passwords}}, []actor{{imap, 0, yes}, {smtp, 0, no}, {smtpUp, 0, no}, {pop3, 0, yes}}, "imap:993@0s smtp:465@1s pop3:995@1s"},
	} {
		synctest.Test(t, func(t *testing.T) {
			if got := play(t, row.plan, row.actors...); got != row.want {
				t.Errorf("%s\ngot  %q\nwant %q", row.name, got, row.want)
			}
		})
	}
}

// TestOneMaildropAtATime: the next POP3 session begins when the one before has
// ended, for a maildrop opens to one at a time.
func TestOneMaildropAtATime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, places := gateOf("", endpoint("pop3s://p.example"), endpoint("pop3://p.example"))
		if _, err := places[0].Enter(t.Context(), places[0].endpoint); err != nil {
			t.Fatal(err)
		}
		places[0].Leave(places[0].endpoint, yes)
		entered := make(chan time.Time, 1)
		go func() {
			places[1].Enter(t.Context(), places[1].endpoint)
			entered <- time.Now()
		}()
		began := time.Now()
		time.Sleep(3 * time.Second)
		places[0].end()
		if took := (<-entered).Sub(began); took != 3*time.Second {
			t.Errorf("got  in after %v\nwant when the first has ended, after 3s", took)
		}
	})
}

// TestGateEnds: who waits when the run ends is told so, and holds up nobody.
func TestGateEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, places := gateOf("", endpoint("imaps://i.example"), endpoint("pop3s://p.example"))
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() { _, err := places[1].Enter(ctx, places[1].endpoint); ended <- err }()
		synctest.Wait()
		cancel()
		if err := <-ended; err == nil || !strings.Contains(err.Error(), "the run ended") {
			t.Errorf("got  %v\nwant that the run ended", err)
		}
		if _, err := places[0].Enter(t.Context(), places[0].endpoint); err != nil {
			t.Errorf("got  %v\nwant the other let in", err)
		}
	})
}
