package main

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"mailprobe/internal/catalog"
	"mailprobe/internal/lab"
	"mailprobe/internal/settings"
)

// A refused token locks nobody out: every service judges it, the first in the
// order before the others, and forty runs at servers that are each time slow
// in another way give one report.
func TestTokenAtEveryService(t *testing.T) {
	t.Parallel()
	const documented = "outlook.office365.com:993 outlook.office365.com:995 smtp.office365.com:587"
	for _, row := range []struct {
		name, token string
		runs        int
		fault       map[settings.Protocol]lab.Fault
		status      int
		order       string
		want        string // of each endpoint's sign-in
	}{
		{"refused everywhere", "EwB4another-token", 40, nil, exitFails, documented, "rejected XOAUTH2, rejected XOAUTH2, rejected XOAUTH2"},
		{"refused at the first", "EwB4the-token", 6, map[settings.Protocol]lab.Fault{settings.IMAP: lab.LoginRefused}, exitFails, documented, "rejected XOAUTH2, accepted XOAUTH2, accepted XOAUTH2"},
		{"refused in the middle, switched off at the last", "EwB4the-token", 6, map[settings.Protocol]lab.Fault{settings.POP3: lab.LoginRefused, settings.SMTP: lab.SMTPAuthDisabled}, exitFails, documented, "accepted XOAUTH2, rejected XOAUTH2, unknown XOAUTH2"},
		{"not judged at the first", "EwB4another-token", 6, map[settings.Protocol]lab.Fault{settings.IMAP: lab.TemporaryFailure}, exitFails, documented, "unknown XOAUTH2, rejected XOAUTH2, rejected XOAUTH2"},
		{"the first is dead", "EwB4another-token", 6, map[settings.Protocol]lab.Fault{settings.IMAP: lab.RejectsGreeting}, exitFails, "outlook.office365.com:995 smtp.office365.com:587", "not_tested, rejected XOAUTH2, rejected XOAUTH2"},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			box, flags := tokenBox(t, "office365", row.fault)
			args := append([]string{"office365", "--json", "--yes", "--no-prompt", "--no-alternatives", "--no-control",
				"--user", "me@example.com", "--token-file", write(t, "token", []byte(row.token))}, flags...)
			var first string
			for i := range row.runs {
				var stdout, stderr bytes.Buffer
				a := &app{stdin: strings.NewReader(""), stdout: &stdout, stderr: &stderr}
				before := len(box.Tried())
				if status := a.run(t.Context(), args); status != row.status {
					t.Fatalf("exit status\ngot  %d %s\nwant %d", status, stderr.String(), row.status)
				}
				if got := inOrder(box.Tried()[before:]); got != row.order {
					t.Fatalf("run %d\ngot  %s\nwant %s", i, got, row.order)
				}
				report := untimed(stdout.String())
				if i == 0 {
					first = report
					if got := statuses(t, strings.TrimSuffix(strings.TrimPrefix(stdout.String(), "["), "]")); got != row.want {
						t.Errorf("got  %s\nwant %s", got, row.want)
					}
				}
				if was, is := differing(first, report); was != is {
					t.Fatalf("run %d\ngot  %s\nwant %s", i, is, was)
				}
			}
		})
	}
}

// tokenBox is a lab of a provider's documented servers that know one token,
// each of which takes another time for its greeting and its answer to a
// sign-in.
func tokenBox(t *testing.T, id string, fault map[settings.Protocol]lab.Fault) (*lab.Lab, []string) {
	t.Helper()
	p, _ := catalog.Load().Lookup(id)
	var servers []lab.Server
	for _, s := range p.Settings() {
		if s.Role == settings.Documented {
			servers = append(servers, lab.Server{Endpoint: s.Endpoint, Fault: fault[s.Protocol]})
		}
	}
	box, err := lab.Start(t.Context(), lab.Options{
		Servers: servers, Accounts: []lab.Account{{Address: "me@example.com", Token: "EwB4the-token"}},
		Delay: func(settings.Endpoint) time.Duration { return rand.N(8 * time.Millisecond) },
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { box.Close() })
	return box, box.Flags(write(t, "ca.pem", box.CAPEM()))
}

// inOrder names servers, each as often as it comes: the first that was tried,
// and the others, which are tried at the same time, sorted.
func inOrder(list []settings.Endpoint) string {
	names := make([]string, 0, len(list))
	for _, e := range list {
		names = append(names, fmt.Sprintf("%s:%d", e.Host, e.Port))
	}
	if len(names) > 1 {
		slices.Sort(names[1:])
	}
	return strings.Join(names, " ")
}
