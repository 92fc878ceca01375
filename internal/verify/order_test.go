package verify

import (
	"context"
	"fmt"
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

// play lets actors come to the gate and returns who was let in, in order, and
// how long that took. The time is that of synctest's bubble.
func play(t *testing.T, p Plan, actors ...actor) (string, time.Duration) {
	t.Helper()
	for _, a := range actors {
		p.Endpoints = append(p.Endpoints, a.setting)
	}
	if p.Options.Credential == nil {
		p.Options.Credential = auth.NewCredential(auth.Password, auth.NewSecret("x"))
	}
	g := newGate("", p.mayGoOn)
	g.all = p.kind() == auth.Token
	places := p.queue(g)
	var mu sync.Mutex
	var in []string
	var last time.Duration
	began := time.Now()
	var wait sync.WaitGroup
	for i, a := range actors {
		wait.Go(func() {
			time.Sleep(a.after)
			defer places[i].end()
			if a.outcome.Status == "" {
				places[i].watched(nil)(a.setting.Endpoint, probe.Step{Phase: probe.SignIn, Status: probe.Skipped})
				return
			}
			if places[i].Enter(t.Context(), a.setting.Endpoint) != nil {
				return
			}
			mu.Lock()
			in, last = append(in, fmt.Sprintf("%s:%d", a.setting.Protocol, a.setting.Port)), time.Since(began)
			mu.Unlock()
			places[i].Leave(a.setting.Endpoint, a.outcome)
		})
	}
	wait.Wait()
	return strings.Join(in, " "), last
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
		took      time.Duration
	}{
		{"as listed, whoever is ready first", "", []actor{{imap("?"), 3 * s, yes}, {pop3("?"), 2 * s, yes}, {smtp("?"), s, yes}, {smtpUp("?"), 0, yes}}, "imap:993 pop3:995 smtp:465 smtp:587", 3 * s},
		{"the documented first", "", []actor{{imap("?"), 0, yes}, {pop3("-"), 0, yes}, {smtp("+"), 2 * s, yes}}, "smtp:465 imap:993 pop3:995", 2 * s},
		{"refused, and nobody accepts", "", []actor{{imap("-"), 0, yes}, {pop3("-"), 0, yes}}, "", 0},
		{"refused, and the other is dead", "", []actor{{imap("-"), 0, yes}, {smtp("+"), 9 * s, probe.Auth{}}}, "", 0},
		{"refused, and the other rejects", "", []actor{{imap("-"), 0, yes}, {smtp("+"), s, no}}, "smtp:465", s},
		{"refused, and the other does not judge", "", []actor{{imap("-"), 0, yes}, {smtp("+"), s, down}}, "smtp:465", s},
		{"a refusal that proves the document is the last", "", []actor{{imap("-"), 0, no}, {pop3("-"), 0, no}, {smtp("+"), s, yes}}, "smtp:465 imap:993", s},
		{"forced", "PLAIN", []actor{{imap("-"), 0, yes}, {pop3("-"), 0, yes}}, "imap:993 pop3:995", 0},
		{"the first cannot sign in", "", []actor{{imap("+"), s, probe.Auth{}}, {pop3("+"), 0, yes}, {smtp("+"), 0, no}}, "pop3:995 smtp:465", s},
		{"the first does not send it", "", []actor{{imap("+"), s, unsent}, {pop3("+"), 0, no}, {smtp("+"), 0, yes}}, "imap:993 pop3:995", s},
		{"the first is too slow to wait for", "", []actor{{imap("+"), 50 * s, yes}, {pop3("+"), s, yes}, {smtp("+"), 2 * s, yes}}, "pop3:995 smtp:465 imap:993", 50 * s},
		{"a second of a service that was not judged", "", []actor{{smtp("?"), 0, down}, {smtpUp("?"), 0, yes}, {imap("?"), s, yes}}, "smtp:465 imap:993 smtp:587", s},
		{"a second of a service that was not judged, and nobody accepts", "", []actor{{smtp("?"), 0, down}, {smtpUp("?"), 0, yes}, {imap("?"), s, down}}, "smtp:465 imap:993", s},
		{"nobody after no answer", "", []actor{{imap("+"), s, probe.Auth{Status: probe.AuthUnknown, Sent: true}}, {pop3("+"), 0, yes}}, "imap:993", s},
	} {
		t.Run(row.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				got, took := play(t, Plan{Options: probe.Options{Mechanism: row.mechanism}}, row.actors...)
				if got != row.want || took != row.took {
					t.Errorf("got  %q after %v\nwant %q after %v", got, took, row.want, row.took)
				}
			})
		})
	}
}

// TestOneMaildropAtATime: the next POP3 session begins when the one before has
// ended, for a maildrop opens to one at a time.
func TestOneMaildropAtATime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, places := gateOf("", endpoint("pop3s://p.example"), endpoint("pop3://p.example"))
		if err := places[0].Enter(t.Context(), places[0].endpoint); err != nil {
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
		go func() { ended <- places[1].Enter(ctx, places[1].endpoint) }()
		synctest.Wait()
		cancel()
		if err := <-ended; err == nil || !strings.Contains(err.Error(), "the run ended") {
			t.Errorf("got  %v\nwant that the run ended", err)
		}
		if err := places[0].Enter(t.Context(), places[0].endpoint); err != nil {
			t.Errorf("got  %v\nwant the other let in", err)
		}
	})
}
