package verify

import (
	"fmt"
	"maps"
	"math"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"mailprobe/internal/auth"
	"mailprobe/internal/probe"
	"mailprobe/internal/settings"
)

// TestRoundTrips counts the round trips of whole runs, from the first SYN to the
// end of the report, in time that is virtual: with sign-in, access, the wait at
// the gate, and what is looked at beside. Computing costs nothing here; but to see
// whether something came too early takes two milliseconds where no system tells.
func TestRoundTrips(t *testing.T) {
	office := []string{"imaps://mail.example.com", "pop3s://mail.example.com", "submission://mail.example.com"}
	gmail := []string{"imaps://mail.example.com", "pop3s://mail.example.com", "submissions://mail.example.com"}
	without := func(port uint16, s map[uint16]speaker) map[uint16]speaker {
		s = maps.Clone(s)
		delete(s, port)
		return s
	}
	const aside = 0.25 // of a round trip, for looks at what came too early
	for _, row := range []struct {
		name    string
		urls    []string
		servers map[uint16]speaker
		want    float64 // round trips
		verdict Verdict
	}{
		{"IMAPS", office[:1], provider(false, true), 4, Works},
		{"POP3S", office[1:2], provider(false, true), 5, Works},
		{"SMTPS", gmail[2:], provider(false, true), 6, Works},
		{"IMAP with STARTTLS", []string{"imap://mail.example.com"}, provider(false, true), 6, Works},
		{"POP3 with STLS", []string{"pop3://mail.example.com"}, provider(false, true), 7, Works},
		{"SMTP with STARTTLS", office[2:], provider(false, true), 8, Works},
		{"office365, SCRAM announced", office, provider(false, true), 7, Works},
		{"office365, announcing as little as it does", office, provider(true, true), 7, Works},
		{"office365, a password documented for sending alone", []string{"imaps://mail.example.com#-", "pop3s://mail.example.com#-", "submission://mail.example.com"}, provider(false, true), 8, Works},
		{"the same, announcing as little as it does", []string{"imaps://mail.example.com#-", "pop3s://mail.example.com#-", "submission://mail.example.com"}, provider(true, true), 9, Works},
		{"gmail", gmail, provider(false, true), 5, Works},
		{"gmail, announcing as little as it does", gmail, provider(true, true), 7, Works},
		{"gmail, wrong password", gmail, provider(false, false), 4, Fails},
		{"gmail, 465 refused and 587 found", gmail, without(465, provider(false, true)), 8, Fails},
		{"STARTTLS where TLS is spoken, and what serves instead", []string{"imap://mail.example.com:993"}, provider(false, true), 16, Fails},
	} {
		t.Run(row.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f := newFar(t, row.servers)
				r := Run(t.Context(), f.plan(row.urls...))
				f.rest()
				got := float64(r.Took) / float64(f.roundTrip)
				if math.Floor(got+0.1) != row.want || got-row.want > aside || r.Verdict != row.verdict {
					t.Errorf("got  %.2f round trips, %s\nwant %.0f, %s\n%s", got, r.Verdict, row.want, row.verdict, steps(r))
				}
			})
		})
	}
}

// TestSilentPortIsNamed: a port for STARTTLS that expects TLS at once is known for
// that a second behind the connection.
func TestSilentPortIsNamed(t *testing.T) {
	for _, url := range []string{"imap://mail.example.com:993", "pop3://mail.example.com:995", "submission://mail.example.com:465"} {
		synctest.Test(t, func(t *testing.T) {
			f := newFar(t, provider(false, true))
			r := Run(t.Context(), f.plan(url)).Endpoints[0].Result
			f.rest()
			if step := r.FailedStep(); step == nil || probe.FaultOf(step.Err) != probe.SpeaksTLS || r.Took != f.roundTrip+time.Second {
				t.Errorf("%s\ngot  %v after %v\nwant it to speak TLS, after a round trip and a second", url, step, r.Took)
			}
		})
	}
}

// plan signs in to servers of the network.
func (f *far) plan(urls ...string) Plan {
	var list []settings.Setting
	for _, url := range urls {
		url, says, _ := strings.Cut(url, "#") // as in ways
		s := ways(url, says)
		s.Role = settings.Documented
		list = append(list, s)
	}
	p := Plan{Target: "far", Endpoints: list, Options: probe.Options{
		Resolver: f, Dialer: f, Username: "me@example.com", Credential: auth.NewCredential(auth.Password, auth.NewSecret("correct horse")),
	}}
	p.Options.TLS.System = f.roots.Pool()
	p.Options.Transcript = true
	return p
}

// steps describes what took how long.
func steps(r *Report) string {
	var b strings.Builder
	for _, e := range r.Endpoints {
		fmt.Fprintf(&b, "%s %s:", e.Address(), e.Verdict)
		for _, s := range e.Result.Steps {
			fmt.Fprintf(&b, " %s %s %v", s.Phase, s.Status, s.Took)
		}
		fmt.Fprintf(&b, " %v, instead %v\n", e.Result.Took, e.Instead)
		for _, l := range e.Result.Transcript {
			fmt.Fprintf(&b, "    %v %v %q\n", l.At, l.Sent, l.Text)
		}
	}
	return b.String()
}

// TestAHundredRunsGiveOneReport: whoever is the fastest of those that do
// something at the same time, the report is the same.
func TestAHundredRunsGiveOneReport(t *testing.T) {
	servers := provider(false, true)
	delete(servers, 465)
	refuses := maps.Clone(servers[995].answers)
	refuses["AUTH PLAIN"] = "-ERR [AUTH] wrong\r\n"
	servers[995] = speaker{tls: true, greeting: servers[995].greeting, answers: refuses}
	urls := []string{"imaps://mail.example.com", "pop3s://mail.example.com", "pop3://mail.example.com", "submissions://mail.example.com"}
	reports := map[string]int{}
	for range 100 {
		synctest.Test(t, func(t *testing.T) {
			f := newFar(t, servers)
			r := Run(t.Context(), f.plan(urls...))
			f.rest()
			var b strings.Builder
			fmt.Fprintf(&b, "%s %q %+v\n", r.Verdict, r.Stopped, r.Findings)
			for _, c := range r.Controls {
				fmt.Fprintf(&b, "%s beside\n", c.Result.Endpoint.Address())
			}
			for _, e := range r.Endpoints {
				a := e.Result.Auth
				fmt.Fprintf(&b, "%s %s %s %q %v %v %+v\n", e.Address(), e.Verdict, a.Status, a.Reason, e.Result.SecretSent, e.Instead, e.Findings)
			}
			reports[b.String()]++
		})
	}
	if len(reports) != 1 {
		t.Errorf("got  %d reports\nwant one\n%v", len(reports), reports)
	}
	for r := range reports {
		if !strings.Contains(r, "mail.example.com:995 fails rejected") || !strings.Contains(r, "mail.example.com:110 works accepted") {
			t.Errorf("got  %s\nwant one refused and the others taken", r)
		}
	}
}
