package exporter

import (
	"context"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"mailprobe/internal/document"
)

// A mailbox is an account and the secret that is right for it. It counts what
// it is shown.
type mailbox struct {
	right, given Fingerprint
	maybe        bool // it leaves open whether it rejects
	shown        int
	withheld     string // why it was not shown last
}

// target is one that signs in to m.
func (m *mailbox) target(name string, every time.Duration) Target {
	return Target{Key: Key{Target: name}, Every: every, Account: "me@example.com", Same: name, Run: m.run}
}

func (m *mailbox) run(_ context.Context, leave Leave) (*Outcome, error) {
	o := &Outcome{Document: &document.Document{Verdict: document.Works, Endpoints: make([]document.Endpoint, 1)}}
	if m.withheld = leave.Withheld; m.withheld == "" {
		m.withheld = leave.Refused(m.given)
	}
	if m.withheld != "" {
		o.HeldBack, o.Document.Verdict = true, document.Unknown
		return o, nil
	}
	m.shown++
	o.Fingerprint = m.given
	switch {
	case m.maybe:
		o.Stopped, o.Document.Verdict = true, document.Unknown
	case m.given != m.right:
		o.Stopped, o.Document.Verdict, o.Document.Endpoints[0].Auth.Status = true, document.Fails, document.Rejected
		o.Document.Endpoints[0].Findings = []document.Finding{{Code: "auth.rejected", Severity: "error", Blame: "account", Phase: "auth", Message: "the server says so"}}
	default:
		o.Document.Endpoints[0].Auth.Status = document.Accepted
	}
	return o, nil
}

// TestOneSignIn holds that an account is signed in to once in an interval,
// whoever asks, and that each of those who share it has its turn.
func TestOneSignIn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const every = 10 * time.Minute
		secret := aFingerprint()
		m := &mailbox{right: secret, given: secret}
		h := newHarness(t, Config{Targets: []Target{m.target("a", every), m.target("b", every), m.target("c", every)}})
		turns := map[string]int{}
		for minute := range 120 {
			for _, name := range []string{"a", "b", "c"} {
				before := m.shown
				w := h.get("/probe?target="+name, "")
				turns[name] += m.shown - before
				if minute > 40 && (value(w, "probe_success") != "1" || value(w, "mailprobe_sign_in_held_back") != "0") {
					t.Fatalf("%s in minute %d: got  %s", name, minute, w.Body)
				}
			}
			if most := minute/10 + 1; m.shown > most {
				t.Fatalf("minute %d: got  %d sign-ins\nwant %d at most", minute, m.shown, most)
			}
			time.Sleep(time.Minute)
		}
		if turns["a"] < 3 || turns["b"] < 3 || turns["c"] < 3 {
			t.Errorf("got  %v turns\nwant each to have its share", turns)
		}
	})
}

// TestRejection holds that a secret that was rejected is not shown again until
// it changes, that the reason stays to be seen, and that the account is left
// alone the longer the more often it was refused.
func TestRejection(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const every, reason = time.Minute, `mailprobe_finding{blame="account",code="auth.rejected",severity="error"}`
		m := &mailbox{right: aFingerprint(), given: aFingerprint()}
		h := newHarness(t, Config{Targets: []Target{m.target("a", every)}})
		if w := h.get("/probe?target=a", ""); value(w, reason) != "1" || value(w, "mailprobe_sign_in_held_back") != "0" {
			t.Fatalf("got  %s", w.Body)
		}
		for range 100 {
			time.Sleep(2 * time.Minute)
			if w := h.get("/probe?target=a", ""); value(w, reason) != "1" || value(w, "mailprobe_sign_in_held_back") != "1" || value(w, "probe_success") != "0" {
				t.Fatalf("got  %s", w.Body)
			}
			if err := h.Reload(func() (Config, error) { return Config{Targets: []Target{m.target("a", every)}}, nil }); err != nil {
				t.Fatal(err)
			}
		}
		if m.shown != 1 || !strings.Contains(m.withheld, "until it changes") {
			t.Fatalf("got  it shown %d times, then %q\nwant once", m.shown, m.withheld)
		}
		m.given = aFingerprint()
		time.Sleep(2 * time.Minute)
		h.get("/probe?target=a", "")
		if m.shown != 2 {
			t.Fatalf("another secret: got  it shown %d times\nwant 2", m.shown)
		}
		m.given = m.right
		time.Sleep(90 * time.Second)
		if h.get("/probe?target=a", ""); m.shown != 2 || !strings.Contains(m.withheld, "left alone until") {
			t.Errorf("after two refusals: got  it shown %d times, %q\nwant the account to be left alone for two minutes", m.shown, m.withheld)
		}
		time.Sleep(3 * time.Minute)
		if w := h.get("/probe?target=a", ""); m.shown != 3 || value(w, "probe_success") != "1" || value(w, reason) != "" {
			t.Errorf("the right secret: got  it shown %d times, %s", m.shown, w.Body)
		}
	})
}

// TestMaybeRejected holds that what may have been a rejection is tried again,
// each time after a longer while.
func TestMaybeRejected(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := &mailbox{given: aFingerprint(), maybe: true}
		h := newHarness(t, Config{Targets: []Target{m.target("a", time.Minute)}})
		for range 24 * 60 {
			h.get("/probe?target=a", "")
			time.Sleep(time.Minute)
		}
		// 1, 2, 4 ... 256 minutes, then six hours
		if m.shown < 10 || m.shown > 13 {
			t.Errorf("got  %d sign-ins in a day\nwant about 11", m.shown)
		}
	})
}

// TestTurn holds that who waits for the turn of its account is not shown as held
// back, whether there is a result before or none, and that who was held back is
// not any more once another secret was accepted.
func TestTurn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const every = 15 * time.Minute
		m := &mailbox{right: aFingerprint(), given: aFingerprint()}
		h := newHarness(t, Config{Targets: []Target{m.target("a", every), m.target("b", every), m.target("c", every)}})
		for step, row := range []struct {
			name string
			wait time.Duration
			want string // of a, b and c: whether it is held back, waits, works
		}{
			{"it is rejected", 0, "000 100 100"},
			{"it is not shown again", 17 * time.Minute, "100 100 100"},
			{"another is right: a has its turn", 17 * time.Minute, "001 010 010"},
			{"b has its turn", 17 * time.Minute, "011 001 010"},
			{"c has its turn, the others have what was before", 17 * time.Minute, "011 011 001"},
			{"within the interval", 14 * time.Minute, "011 011 001"},
		} {
			time.Sleep(row.wait)
			if step == 2 {
				m.given = m.right
			}
			var got []string
			for _, name := range []string{"a", "b", "c"} {
				w := h.get("/probe?target="+name, "")
				got = append(got, value(w, "mailprobe_sign_in_held_back")+value(w, "mailprobe_sign_in_waits")+value(w, "probe_success"))
			}
			if got := strings.Join(got, " "); got != row.want {
				t.Errorf("%s: got  %s\nwant %s", row.name, got, row.want)
			}
		}
	})
}

// TestRejectedBefore holds that every secret that was rejected is remembered,
// whatever was shown since, with its reason, and that there is an end to it.
func TestRejectedBefore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const every, reason = time.Minute, `mailprobe_finding{blame="account",code="auth.rejected",severity="error"}`
		m := &mailbox{right: aFingerprint()}
		h := newHarness(t, Config{Targets: []Target{m.target("a", every)}})
		a, b := aFingerprint(), aFingerprint()
		for _, row := range []struct {
			name  string
			given Fingerprint
			shown int
		}{{"a", a, 1}, {"b", b, 2}, {"a again", a, 2}, {"b again", b, 2}, {"the right one", m.right, 3}, {"a after it", a, 3}, {"the right one after it", m.right, 4}} {
			time.Sleep(2 * longestBackOff)
			m.given = row.given
			w := h.get("/probe?target=a", "")
			if works := row.given == m.right; m.shown != row.shown || (value(w, reason) == "1") == works || (value(w, "probe_success") == "1") != works {
				t.Errorf("%s: got  %d shown, %s\nwant %d", row.name, m.shown, w.Body, row.shown)
			}
		}
		var last Fingerprint
		for range 2 * maxRejections {
			time.Sleep(2 * longestBackOff)
			last = aFingerprint()
			m.given = last
			h.get("/probe?target=a", "")
		}
		if got := len(h.accounts.byName["me@example.com"].rejections); got != maxRejections {
			t.Errorf("got  %d remembered\nwant %d", got, maxRejections)
		}
		before := m.shown
		time.Sleep(2 * longestBackOff)
		if h.get("/probe?target=a", ""); m.shown != before {
			t.Error("the last one was forgotten first")
		}
	})
}

func TestBackOff(t *testing.T) {
	for before, want := range []time.Duration{time.Hour, 2 * time.Hour, 4 * time.Hour, 6 * time.Hour, 6 * time.Hour} {
		if got := backOff(time.Hour, before); got != want {
			t.Errorf("%d: got  %s\nwant %s", before, got, want)
		}
	}
	if got := backOff(24*time.Hour, 3); got != 24*time.Hour {
		t.Errorf("got  %s\nwant no less than the interval", got)
	}
	if got := backOff(time.Second, 1<<40); got != longestBackOff {
		t.Errorf("got  %s", got)
	}
}
