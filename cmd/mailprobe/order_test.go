package main

import (
	"bytes"
	"encoding/json"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"mailprobe/internal/catalog"
	"mailprobe/internal/lab"
	"mailprobe/internal/settings"
)

// A hundred runs at servers that are each time slow in another way give one
// report.
func TestOneReportOfManyRuns(t *testing.T) {
	t.Parallel()
	const atOnce = 4
	for _, row := range []struct {
		name, secret string
		runs         int
		args         []string
		fault        map[settings.Protocol]lab.Fault
		status       int
		accepted     int // sign-ins of one run
		refused      int
		want         string // of each endpoint's sign-in
	}{
		{"each service", "right", 12, []string{"yahoo"}, nil, exitWorks, 4, 0, "accepted PLAIN, accepted PLAIN, accepted PLAIN, accepted PLAIN"},
		{"a wrong password", "wrong", 12, []string{"yahoo"}, nil, exitFails, 0, 1, "rejected PLAIN, skipped PLAIN, skipped PLAIN, skipped PLAIN"},
		{"the first is dead", "right", 12, []string{"yahoo"}, map[settings.Protocol]lab.Fault{settings.IMAP: lab.RejectsGreeting}, exitUnknown, 3, 0, "not_tested, accepted PLAIN, accepted PLAIN, accepted PLAIN"},
		{"the first has a bad certificate", "wrong", 12, []string{"yahoo"}, map[settings.Protocol]lab.Fault{settings.IMAP: lab.Expired}, exitFails, 0, 1, "skipped, rejected PLAIN, skipped PLAIN, skipped PLAIN"},
		{"documented at one service", "right", 100, []string{"office365"}, map[settings.Protocol]lab.Fault{settings.IMAP: lab.LoginRefused}, exitFails, 2, 1, "rejected PLAIN, accepted PLAIN, accepted PLAIN"},
		{"documented at one service, wrong", "wrong", 12, []string{"office365"}, nil, exitFails, 0, 1, "skipped PLAIN, skipped PLAIN, rejected PLAIN"},
		{"documented at none", "right", 12, []string{"outlook"}, nil, exitUnknown, 0, 0, "skipped PLAIN, skipped PLAIN, skipped PLAIN"},
		{"forced", "right", 12, []string{"outlook", "--auth", "PLAIN"}, nil, exitWorks, 3, 0, "accepted PLAIN, accepted PLAIN, accepted PLAIN"},
		{"not judged at one", "right", 12, []string{"yahoo"}, map[settings.Protocol]lab.Fault{settings.IMAP: lab.TemporaryFailure}, exitUnknown, 3, 1, "unknown PLAIN, accepted PLAIN, accepted PLAIN, accepted PLAIN"},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			box, flags := dawdlingBox(t, row.args[0], row.fault)
			args := append(append(row.args, "--json", "--yes", "--no-prompt", "--no-alternatives", "--no-control", "--user", "me@example.com", "--password-file", write(t, "secret", []byte(row.secret))), flags...)
			runs := row.runs
			reports := make([]string, runs)
			var wait sync.WaitGroup
			for next := range atOnce {
				wait.Go(func() {
					for i := next; i < runs; i += atOnce {
						var stdout, stderr bytes.Buffer
						a := &app{stdin: strings.NewReader(""), stdout: &stdout, stderr: &stderr}
						if status := a.run(t.Context(), args); status != row.status {
							t.Errorf("exit status\ngot  %d %s\nwant %d", status, stderr.String(), row.status)
						}
						reports[i] = stdout.String()
					}
				})
			}
			wait.Wait()
			if got := statuses(t, strings.TrimSuffix(strings.TrimPrefix(reports[0], "["), "]")); got != row.want {
				t.Errorf("got  %s\nwant %s", got, row.want)
			}
			first := untimed(reports[0])
			for i, r := range reports {
				if was, is := differing(first, untimed(r)); was != is {
					t.Fatalf("run %d\ngot  %s\nwant %s", i, is, was)
				}
			}
			if got := box.Total(); got.Accepted != runs*row.accepted || got.Refused != runs*row.refused {
				t.Errorf("sign-ins\ngot  %d accepted, %d refused\nwant %d, %d", got.Accepted, got.Refused, runs*row.accepted, runs*row.refused)
			}
		})
	}
}

// dawdlingBox is a lab of a provider's documented servers, each of which takes
// another time for its greeting and its answer to a sign-in.
func dawdlingBox(t *testing.T, id string, fault map[settings.Protocol]lab.Fault) (*lab.Lab, []string) {
	t.Helper()
	p, _ := catalog.Load().Lookup(id)
	var servers []lab.Server
	for _, s := range p.Settings() {
		if s.Role == settings.Documented {
			servers = append(servers, lab.Server{Endpoint: s.Endpoint, Fault: fault[s.Protocol]})
		}
	}
	box, err := lab.Start(t.Context(), lab.Options{
		Servers: servers, Accounts: []lab.Account{{Address: "me@example.com", Password: "right"}},
		Delay: func(settings.Endpoint) time.Duration { return rand.N(8 * time.Millisecond) },
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { box.Close() })
	return box, box.Flags(write(t, "ca.pem", box.CAPEM()))
}

// differing returns the first lines in which two texts differ; empty: they do
// not.
func differing(a, b string) (string, string) {
	is := strings.Split(b, "\n")
	for i, line := range strings.Split(a, "\n") {
		if i >= len(is) || is[i] != line {
			return line, strings.Join(is[min(i, len(is)):min(i+1, len(is))], "")
		}
	}
	return "", strings.Join(is[min(strings.Count(a, "\n")+1, len(is)):], "\n")
}

var timing = regexp.MustCompile(`"(?:took_ms|started)": [^,\n]*|ready at [^"]*`)

// untimed leaves the times out of a JSON report, the greetings' clock, and what
// is said of a busy computer.
func untimed(report string) string {
	var all any
	if json.Unmarshal([]byte(report), &all) == nil {
		if calm, err := json.MarshalIndent(unhurried(all), "", "  "); err == nil {
			report = string(calm)
		}
	}
	report = strings.ReplaceAll(report, `"note": "slow to greet"`, `"note": ""`)
	return timing.ReplaceAllString(report, "")
}

// unhurried leaves out of a decoded report the findings that something is slow.
func unhurried(v any) any {
	switch v := v.(type) {
	case []any:
		v = slices.DeleteFunc(v, func(e any) bool {
			f, _ := e.(map[string]any)
			code, _ := f["code"].(string)
			return strings.HasPrefix(code, "perf.slow_")
		})
		for i := range v {
			v[i] = unhurried(v[i])
		}
		return v
	case map[string]any:
		for k := range v {
			v[k] = unhurried(v[k])
		}
	}
	return v
}
