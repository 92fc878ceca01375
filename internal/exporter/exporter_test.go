package exporter

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"mailprobe/internal/document"
)

// harness is an exporter whose targets are functions.
type harness struct {
	*Exporter
	mux *http.ServeMux
}

func newHarness(t *testing.T, c Config) harness {
	t.Helper()
	h := harness{New(t.Context(), Options{Version: "v0", Limit: 30 * time.Second}), http.NewServeMux()}
	h.Routes(h.mux)
	if err := h.Reload(func() (Config, error) { return c, nil }); err != nil {
		t.Fatal(err)
	}
	return h
}

// get asks for a path, with a time-out in seconds; empty: none.
func (h harness) get(path, timeout string) *httptest.ResponseRecorder {
	r := httptest.NewRequest("GET", path, nil)
	if timeout != "" {
		r.Header.Set(timeoutHeader, timeout)
	}
	w := httptest.NewRecorder()
	h.mux.ServeHTTP(w, r)
	return w
}

// value is that of the series of a name, with its labels; empty: there is none.
func value(w *httptest.ResponseRecorder, series string) string {
	for line := range strings.Lines(w.Body.String()) {
		if rest, ok := strings.CutPrefix(line, series+" "); ok {
			return strings.TrimSpace(rest)
		}
	}
	return ""
}

// works is a target that works and counts its runs.
func works(name string, every time.Duration, runs *atomic.Int32) Target {
	return Target{Key: Key{Target: name}, Every: every, Same: name, Run: func(context.Context, Leave) (*Outcome, error) {
		runs.Add(1)
		return &Outcome{Document: &document.Document{Verdict: document.Works, Started: time.Now()}}, nil
	}}
}

func TestScrapeLimit(t *testing.T) {
	for _, row := range []struct {
		header string
		want   time.Duration // zero: refused
	}{
		{"", 30 * time.Second}, {"10", 9500 * time.Millisecond}, {"10.5", 10 * time.Second}, {"1.5", time.Second}, {"1", 500 * time.Millisecond},
		{"0.2", 100 * time.Millisecond}, {"100", 30 * time.Second}, {"1e300", 30 * time.Second}, {"Inf", 30 * time.Second}, {"30.5", 30 * time.Second},
		{"0", 0}, {"-1", 0}, {"NaN", 0}, {"ten", 0}, {"10s", 0}, {"-Inf", 0},
	} {
		got, err := scrapeLimit(row.header, 30*time.Second)
		if got != row.want || (err != nil) != (row.want == 0) {
			t.Errorf("%q: got  %s, %v\nwant %s", row.header, got, err, row.want)
		}
	}
}

// TestAsked holds that nothing is run but what the configuration names.
func TestAsked(t *testing.T) {
	var runs atomic.Int32
	inner := works("gmail", time.Minute, &runs)
	inner.Module = "inner"
	h := newHarness(t, Config{Targets: []Target{works("gmail", time.Minute, &runs), inner}})
	for _, row := range []struct {
		path   string
		status int
	}{
		{"/probe", 400}, {"/probe?target=", 400}, {"/probe?module=inner", 400}, {"/probe?target=gmail&target=gmail", 400}, {"/probe?target=gmail&module=inner&module=inner", 400},
		{"/probe?target=gmail&module=outer", 400}, {"/probe?target=%zz", 400}, {"/probe?target=gmail;module=inner", 400},
		{"/probe?target=imaps://169.254.169.254", 404}, {"/probe?target=127.0.0.1:22", 404}, {"/probe?target=yahoo", 404}, {"/probe?target=GMAIL", 404},
		{"/probe?target=gmail%20", 404}, {"/probe?target=gmail%00", 404}, {"/probe?target=../gmail", 404}, {"/probe?target=http://gmail", 404}, {"/probe?target=me@gmail.com", 404},
		{"/probe/gmail", 404}, {"/nothing", 404},
	} {
		if w := h.get(row.path, ""); w.Code != row.status {
			t.Errorf("%s: got  %d %s\nwant %d", row.path, w.Code, w.Body, row.status)
		}
	}
	if w := h.get("/probe?target=gmail", "soon"); w.Code != 400 {
		t.Errorf("a time-out that is none: got  %d", w.Code)
	}
	w := httptest.NewRecorder()
	if h.mux.ServeHTTP(w, httptest.NewRequest("POST", "/probe?target=gmail", nil)); w.Code != http.StatusMethodNotAllowed {
		t.Errorf("POST: got  %d", w.Code)
	}
	if runs.Load() != 0 {
		t.Errorf("got  %d runs\nwant none", runs.Load())
	}
	for _, path := range []string{"/probe?target=gmail", "/probe?target=gmail&module=inner"} {
		if w := h.get(path, ""); w.Code != 200 || value(w, "probe_success") != "1" {
			t.Errorf("%s: got  %d %s", path, w.Code, w.Body)
		}
	}
	if runs.Load() != 2 {
		t.Errorf("got  %d runs\nwant 2", runs.Load())
	}
}

// TestSharedRun holds that simultaneous scrapes share one run, and that a
// scraper who goes away ends nobody's.
func TestSharedRun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var runs atomic.Int32
		slow := works("slow", time.Minute, &runs)
		run := slow.Run
		slow.Run = func(ctx context.Context, l Leave) (*Outcome, error) {
			select {
			case <-time.After(3 * time.Second):
			case <-ctx.Done():
				return nil, ctx.Err()
			}
			return run(ctx, l)
		}
		h := newHarness(t, Config{Targets: []Target{slow}})
		ctx, leave := context.WithCancel(t.Context())
		go h.mux.ServeHTTP(httptest.NewRecorder(), httptest.NewRequestWithContext(ctx, "GET", "/probe?target=slow", nil))
		synctest.Wait()
		var wait sync.WaitGroup
		var good atomic.Int32
		for range 50 {
			wait.Go(func() {
				if value(h.get("/probe?target=slow", "10"), "probe_success") == "1" {
					good.Add(1)
				}
			})
		}
		synctest.Wait()
		leave()
		wait.Wait()
		if runs.Load() != 1 || good.Load() != 50 {
			t.Errorf("got  %d runs and %d good answers\nwant 1 and 50", runs.Load(), good.Load())
		}
	})
}

// TestInterval holds that a target is not run again before its time, and soon
// after.
func TestInterval(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var runs atomic.Int32
		h := newHarness(t, Config{Targets: []Target{works("a", 10*time.Minute, &runs)}})
		h.get("/probe?target=a", "")
		time.Sleep(10*time.Minute - time.Second)
		h.get("/probe?target=a", "")
		if runs.Load() != 1 {
			t.Errorf("within its time: got  %d runs\nwant 1", runs.Load())
		}
		time.Sleep(time.Minute + 2*time.Second)
		h.get("/probe?target=a", "")
		if runs.Load() != 2 {
			t.Errorf("behind it: got  %d runs\nwant 2", runs.Load())
		}
		due := map[time.Duration]bool{}
		for range 20 {
			e := &entry{Target: Target{Every: 10 * time.Minute}}
			d := e.interval(&Outcome{Document: &document.Document{Verdict: document.Works}})
			if due[d] = true; d < 10*time.Minute || d > 11*time.Minute {
				t.Errorf("got  %s\nwant 10 to 11 minutes", d)
			}
		}
		if len(due) < 2 {
			t.Error("all targets are due at the same moment")
		}
	})
}

// TestNeverLate holds that an answer never comes after its time, whatever goes
// on: that it could not be judged, or what is known from before.
func TestNeverLate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var hangs atomic.Bool
		var runs atomic.Int32
		target := works("a", time.Minute, &runs)
		run := target.Run
		target.Run = func(ctx context.Context, l Leave) (*Outcome, error) {
			if hangs.Load() {
				<-time.After(time.Hour) // deaf to its context
			}
			return run(ctx, l)
		}
		h := newHarness(t, Config{Targets: []Target{target}})
		in := func(timeout string, most time.Duration) *httptest.ResponseRecorder {
			began := time.Now()
			w := h.get("/probe?target=a", timeout)
			if took := time.Since(began); took > most {
				t.Errorf("%s: answered after %s\nwant %s at most", timeout, took, most)
			}
			return w
		}
		hangs.Store(true)
		w := in("3", 2500*time.Millisecond)
		if value(w, "probe_success") != "0" || value(w, "mailprobe_unknown") != "1" || value(w, `mailprobe_finding{blame="tool",code="tool.out_of_time",severity="warning"}`) != "1" {
			t.Errorf("without a result: got  %s", w.Body)
		}
		in("0.5", 250*time.Millisecond)
		time.Sleep(2 * time.Hour)
		hangs.Store(false)
		in("3", 2500*time.Millisecond)
		hangs.Store(true)
		time.Sleep(2 * time.Hour)
		if w := in("3", 2500*time.Millisecond); value(w, "probe_success") != "1" {
			t.Errorf("with an old result: got  %s", w.Body)
		}
		time.Sleep(2 * time.Hour)
	})
}

// TestDeadline holds that a run has its own time, which no short scrape cuts: a
// sign-in that is cut may have been a rejection.
func TestDeadline(t *testing.T) {
	for timeout, answered := range map[string]time.Duration{"2": 1500 * time.Millisecond, "1": 500 * time.Millisecond, "0.2": 100 * time.Millisecond} {
		synctest.Test(t, func(t *testing.T) {
			left := make(chan time.Duration, 1)
			h := newHarness(t, Config{Targets: []Target{{Key: Key{Target: "a"}, Every: time.Minute, Run: func(ctx context.Context, _ Leave) (*Outcome, error) {
				until, _ := ctx.Deadline()
				left <- time.Until(until)
				select {
				case <-ctx.Done():
				case <-time.After(5 * time.Second):
					return &Outcome{Document: &document.Document{Verdict: document.Works}}, nil
				}
				return &Outcome{Document: &document.Document{Verdict: document.Unknown}}, nil
			}}}})
			began := time.Now()
			w := h.get("/probe?target=a", timeout)
			took, limit := time.Since(began), <-left
			if limit != 30*time.Second || took != answered || value(w, "mailprobe_unknown") != "1" || !strings.Contains(w.Body.String(), outOfTime) {
				t.Errorf("%s: got  %s left, answered after %s: %s", timeout, limit, took, w.Body)
			}
			time.Sleep(5 * time.Second) // of the bubble's clock
			if w := h.get("/probe?target=a", timeout); value(w, "probe_success") != "1" {
				t.Errorf("%s: got  %s\nwant what the run came to", timeout, w.Body)
			}
		})
	}
}

// TestConcurrency holds that no more runs go on at once than are allowed, and
// that those who find no place are answered in time.
func TestConcurrency(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var now, most atomic.Int32
		var c Config
		c.Concurrency = 3
		for i := range 12 {
			c.Targets = append(c.Targets, Target{Key: Key{Target: fmt.Sprint(i)}, Every: time.Minute, Run: func(context.Context, Leave) (*Outcome, error) {
				most.Store(max(most.Load(), now.Add(1)))
				defer now.Add(-1)
				time.Sleep(time.Second)
				return &Outcome{Document: &document.Document{Verdict: document.Works}}, nil
			}})
		}
		h := newHarness(t, c)
		var wait sync.WaitGroup
		var good, late atomic.Int32
		for i := range 12 {
			wait.Go(func() {
				began := time.Now()
				w := h.get(fmt.Sprintf("/probe?target=%d", i), "4")
				if time.Since(began) > 3500*time.Millisecond {
					t.Errorf("answered after %s", time.Since(began))
				}
				if value(w, "probe_success") == "1" {
					good.Add(1)
				} else if strings.Contains(w.Body.String(), outOfTime) {
					late.Add(1)
				}
			})
		}
		wait.Wait()
		h.Wait()
		if most.Load() != 3 || good.Load() != 9 || late.Load() != 3 {
			t.Errorf("got  %d at once, %d answered, %d late\nwant 3, 9, 3", most.Load(), good.Load(), late.Load())
		}
	})
}

// TestReload holds that a configuration that is wrong changes nothing, and that
// one that is right keeps the results of what stays.
func TestReload(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var a, b atomic.Int32
		h := newHarness(t, Config{Targets: []Target{works("a", time.Hour, &a), works("b", time.Hour, &b)}})
		h.get("/probe?target=a", "")
		h.get("/probe?target=b", "")
		if err := h.Reload(func() (Config, error) { return Config{}, errors.New("wrong") }); err == nil {
			t.Error("got  no error")
		}
		if w := h.get("/metrics", ""); value(w, "mailprobe_config_last_reload_successful") != "0" || value(w, "mailprobe_targets") != "2" {
			t.Errorf("got  %s", w.Body)
		}
		h.get("/probe?target=a", "")
		changed := works("b", time.Hour, &b)
		changed.Same = "another"
		if err := h.Reload(func() (Config, error) {
			return Config{Targets: []Target{works("a", time.Hour, &a), changed}, Concurrency: 2}, nil
		}); err != nil {
			t.Fatal(err)
		}
		if w := h.get("/metrics", ""); value(w, "mailprobe_config_last_reload_successful") != "1" || value(w, "mailprobe_runs_limit") != "2" {
			t.Errorf("got  %s", w.Body)
		}
		h.get("/probe?target=a", "")
		h.get("/probe?target=b", "")
		if a.Load() != 1 || b.Load() != 2 {
			t.Errorf("got  %d and %d runs\nwant 1 of what stays, 2 of what changed", a.Load(), b.Load())
		}
	})
}

// TestFaults holds what is answered where a run does not come about, and that
// one that breaks breaks nothing else.
func TestFaults(t *testing.T) {
	var runs atomic.Int32
	h := newHarness(t, Config{Targets: []Target{
		{Key: Key{Target: "error"}, Every: time.Hour, Run: func(context.Context, Leave) (*Outcome, error) { return nil, errors.New("no secret") }},
		{Key: Key{Target: "nothing"}, Every: time.Hour, Run: func(context.Context, Leave) (*Outcome, error) { return nil, nil }},
		{Key: Key{Target: "panic"}, Every: time.Hour, Account: "a", Run: func(context.Context, Leave) (*Outcome, error) { panic("hunter2") }},
		works("good", time.Hour, &runs),
	}})
	for _, name := range []string{"error", "nothing", "panic"} {
		w := h.get("/probe?target="+name, "")
		if w.Code != 200 || value(w, "probe_success") != "0" || value(w, "mailprobe_unknown") != "1" ||
			value(w, `mailprobe_finding{blame="tool",code="tool.not_run",severity="warning"}`) != "1" {
			t.Errorf("%s: got  %d %s", name, w.Code, w.Body)
		}
	}
	if w := h.get("/probe?target=good", ""); value(w, "probe_success") != "1" {
		t.Errorf("got  %s", w.Body)
	}
	if stop := h.accounts.begin("a", Key{Target: "other"}, time.Hour); !stop.turn {
		t.Error("a run of which nobody knows whether it signed in does not count as one")
	}
}

// TestPages holds what people and machines see beside.
func TestPages(t *testing.T) {
	var runs atomic.Int32
	h := newHarness(t, Config{Targets: []Target{works("<script>alert(1)</script>&x=y", time.Hour, &runs)}})
	if w := h.get("/healthz", ""); w.Code != 200 || w.Body.String() != "ok\n" {
		t.Errorf("got  %d %s", w.Code, w.Body)
	}
	w := h.get("/", "")
	text := w.Body.String()
	if w.Code != 200 || strings.Contains(text, "<script") || !strings.Contains(text, "%3cscript") || !strings.Contains(w.Header().Get("Content-Security-Policy"), "default-src 'none'") {
		t.Errorf("got  %d %v %s", w.Code, w.Header(), text)
	}
	_, rest, _ := strings.Cut(text, `<a href="/probe?`)
	link, _, _ := strings.Cut(rest, `"`)
	if w := h.get("/probe?"+strings.ReplaceAll(link, "&amp;", "&"), ""); w.Code != 200 {
		t.Errorf("the link %s: got  %d %s", link, w.Code, w.Body)
	}
}

// TestTooMany holds that there is an end to the scrapes that are answered at
// once.
func TestTooMany(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := limited(2, func(http.ResponseWriter, *http.Request) { time.Sleep(time.Second) })
		var refused atomic.Int32
		var wait sync.WaitGroup
		for range 5 {
			wait.Go(func() {
				w := httptest.NewRecorder()
				if h.ServeHTTP(w, httptest.NewRequest("GET", "/", nil)); w.Code == http.StatusServiceUnavailable {
					refused.Add(1)
				}
			})
		}
		wait.Wait()
		if refused.Load() != 3 {
			t.Errorf("got  %d refused\nwant 3", refused.Load())
		}
	})
}

// aFingerprint is that of some secret.
func aFingerprint() (f Fingerprint) {
	for i := range f {
		f[i] = byte(rand.N(256))
	}
	return f
}
