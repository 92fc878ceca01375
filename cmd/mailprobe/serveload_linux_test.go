package main

import (
	"fmt"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"mailprobe/internal/lab"
)

// What scrapes at once and how many targets there are.
const (
	loadScrapers = 200
	loadTargets  = 100
	loadTimeout  = 10 * time.Second // of a scrape
)

// TestServeUnderLoad scrapes many targets at once, for three seconds or as long
// as MAILPROBE_SOAK says: every scrape is answered within its time, and what a
// run took is given back when nothing is asked any more.
func TestServeUnderLoad(t *testing.T) {
	_, flags := servedLab(t, lab.Options{Servers: []lab.Server{{Endpoint: imapAt("imap.good.example")}, {Endpoint: imapAt("imap.bad.example"), Fault: lab.Expired}}})
	var suite strings.Builder
	suite.WriteString("cases:\n")
	for i := range loadTargets {
		fmt.Fprintf(&suite, "  - {name: t%d, target: 'imaps://imap.%s.example', min_interval: 1s}\n", i, []string{"good", "bad"}[i%2])
	}
	s := serveWith(t, suite.String(), flags...)
	s.client.Transport = &http.Transport{MaxIdleConnsPerHost: loadScrapers}
	s.probe(t, "t0", "10")
	before := s.own(t)
	took := s.load(t, soakTime(t))
	s.client.CloseIdleConnections()
	after := s.rested(t, before)
	slices.Sort(took)
	t.Logf("%d scrapes, half within %s, 99 of 100 within %s, the slowest %s; before %v, after %v",
		len(took), took[len(took)/2], took[len(took)*99/100], took[len(took)-1], before, after)
	if slowest := took[len(took)-1]; slowest > loadTimeout+time.Second { // the second is this client's, which is as busy
		t.Errorf("the slowest answer took %s", slowest)
	}
	if len(took) < loadScrapers {
		t.Errorf("got  %d scrapes\nwant each of %d answered", len(took), loadScrapers)
	}
	s.end(t)
}

func soakTime(t *testing.T) time.Duration {
	t.Helper()
	text := os.Getenv("MAILPROBE_SOAK")
	if text == "" {
		return 3 * time.Second
	}
	d, err := time.ParseDuration(text)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// load scrapes until the time is over and returns how long each answer took.
func (s *serving) load(t *testing.T, d time.Duration) []time.Duration {
	t.Helper()
	end := time.Now().Add(d)
	var mu sync.Mutex
	var all []time.Duration
	var wait sync.WaitGroup
	for n := range loadScrapers {
		wait.Go(func() {
			for i := n; time.Now().Before(end); i += 7 {
				began := time.Now()
				status, text := s.get(t, "/probe?target="+url.QueryEscape(fmt.Sprintf("t%d", i%loadTargets)), fmt.Sprint(loadTimeout.Seconds()))
				mu.Lock()
				all = append(all, time.Since(began))
				mu.Unlock()
				if status != http.StatusOK || !strings.Contains(text, "probe_success ") || strings.Count(text, "\n") > 180 {
					t.Errorf("got  %d %s", status, text)
					return
				}
			}
		})
	}
	wait.Wait()
	return all
}

// own reads what the exporter holds.
func (s *serving) own(t *testing.T) map[string]float64 {
	t.Helper()
	_, text := s.get(t, "/metrics", "")
	all := map[string]float64{}
	for _, m := range regexp.MustCompile(`(?m)^(go_goroutines|process_open_fds|process_resident_memory_bytes|mailprobe_runs_in_flight) (\S+)$`).FindAllStringSubmatch(text, -1) {
		value, err := strconv.ParseFloat(m[2], 64)
		if err != nil {
			t.Fatal(err)
		}
		all[m[1]] = value
	}
	return all
}

// rested waits until the exporter holds no more than before, but for a few
// connections, and fails where it never does.
func (s *serving) rested(t *testing.T, before map[string]float64) map[string]float64 {
	t.Helper()
	limit := time.Now().Add(30 * time.Second)
	for {
		now := s.own(t)
		if now["go_goroutines"] <= before["go_goroutines"]+10 && now["process_open_fds"] <= before["process_open_fds"]+10 {
			return now
		}
		if time.Now().After(limit) {
			t.Errorf("got  %v\nwant what there was before, %v", now, before)
			return now
		}
		time.Sleep(50 * time.Millisecond)
	}
}
