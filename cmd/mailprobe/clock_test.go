package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"mailprobe/internal/lab"
	"mailprobe/internal/oauth/idptest"
	"mailprobe/internal/settings"
)

// A timedReport is what a JSON report says of a run's end.
type timedReport struct {
	Verdict     string
	Interrupted bool
	Endpoints   []struct {
		Verdict  string
		Phases   []struct{ Name, Status string }
		Findings []struct{ Code, Severity, Blame, Message string }
	}
}

// silentTargets are targets that accept connections and never say a word, and
// the flags by which they are reached.
func silentTargets(t *testing.T, hosts ...string) (targets, flags []string) {
	t.Helper()
	var servers []lab.Server
	for _, host := range hosts {
		e := settings.Endpoint{Protocol: settings.IMAP, Host: host, Port: 993, Security: settings.TLS}
		servers, targets = append(servers, lab.Server{Endpoint: e, Fault: lab.Silent}), append(targets, e.String())
	}
	l, err := lab.Start(t.Context(), lab.Options{Servers: servers})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	return targets, append(l.Flags(write(t, "ca.pem", l.CAPEM())), "--no-prompt", "--no-control", "--json")
}

// The time of a run is that of all its targets together. Whatever was not
// begun is in the report and says so.
func TestTimeoutIsForAllTargets(t *testing.T) {
	targets, flags := silentTargets(t, "imap.one.example", "imap.two.example", "imap.three.example", "imap.four.example", "imap.five.example", "imap.six.example")
	password := write(t, "password", []byte("secret\n"))
	status, stdout := timed(t, 15*time.Second, &app{}, append(append(targets, flags...),
		"--timeout", "3s", "--user", "me@one.example", "--password-file", password)...) // one account: one after another
	var document struct{ Reports []timedReport }
	if err := json.Unmarshal([]byte(stdout), &document); err != nil || status != exitUnknown || len(document.Reports) != 6 {
		t.Fatalf("got  %d, %d reports, %v in %s\nwant %d, 6", status, len(document.Reports), err, stdout, exitUnknown)
	}
	var codes []string
	for _, r := range document.Reports {
		e := r.Endpoints[0]
		if r.Verdict != "unknown" || r.Interrupted || len(e.Findings) == 0 || len(e.Phases) != 9 {
			t.Fatalf("got  %+v\nwant a whole report without a verdict", r)
		}
		codes = append(codes, e.Findings[0].Code+" "+e.Findings[0].Blame)
	}
	if codes[0] != "tls.handshake_timeout tool" {
		t.Errorf("got  %s\nwant the phase's own finding", codes[0])
	}
}

// A short limit is shared out: a silent server is called silent.
func TestPhasesShareTheTime(t *testing.T) {
	targets, flags := silentTargets(t, "imap.one.example")
	_, stdout := timed(t, 30*time.Second, &app{}, append(append(targets, flags...), "--timeout", "3s")...)
	if want := `"code": "tls.handshake_timeout"`; !strings.Contains(stdout, want) || strings.Contains(stdout, "tool.out_of_time") {
		t.Errorf("got  %s\nwant %s", stdout, want)
	}
}

// stuck is a network from which no answer comes.
type stuck struct{}

func (stuck) RoundTrip(r *http.Request) (*http.Response, error) {
	<-r.Context().Done()
	return nil, r.Context().Err()
}

// halting is a network on which an answer begins and does not end.
type halting struct{}

func (halting) RoundTrip(r *http.Request) (*http.Response, error) {
	read, write := io.Pipe()
	context.AfterFunc(r.Context(), func() { write.CloseWithError(r.Context().Err()) })
	go io.WriteString(write, `{"access_`)
	return &http.Response{StatusCode: http.StatusOK, Header: http.Header{"Content-Type": {"application/json"}}, Body: read, Request: r}, nil
}

// What comes before the first connection counts, too, and ends in a report.
func TestTimeoutBeforeTheRun(t *testing.T) {
	targets, flags := silentTargets(t, "imap.one.example")
	c := newCommand(t, idptest.Options{Interval: 1, Lifetime: 30 * time.Second})
	if status, _, stderr := c.run("login", "office365", "--user", loginUser, "--client-id", loginClient); status != exitWorks {
		t.Fatalf("got  %d %s\nwant %d", status, stderr, exitWorks)
	}
	renewal := append([]string{"office365", "--user", loginUser}, newBox(t, "x").flags...)
	for _, row := range []struct {
		name string
		net  http.RoundTripper
		args []string
	}{
		{"the renewal of a token", stuck{}, renewal},
		{"the renewal of a token, whose answer does not end", halting{}, renewal},
		{"a password command", stuck{}, append(append(targets, flags...), "--user", loginUser, "--password-command", "exec sleep 30")},
	} {
		t.Run(row.name, func(t *testing.T) {
			var stderr bytes.Buffer
			status, stdout := timed(t, 20*time.Second, &app{stderr: &stderr, transport: row.net}, append(row.args, "--timeout", "300ms", "--json")...)
			var r timedReport
			if err := json.Unmarshal([]byte(stdout), &r); err != nil || status != exitUnknown || len(r.Endpoints) == 0 {
				t.Fatalf("got  %d %v %s %s\nwant %d and a report", status, err, stdout, stderr.String(), exitUnknown)
			}
			for _, e := range r.Endpoints {
				if f := e.Findings[0]; f.Code != "tool.out_of_time" || !strings.Contains(f.Message, "before the test of") || e.Verdict != "unknown" {
					t.Errorf("got  %s %+v\nwant unknown, tool.out_of_time", e.Verdict, f)
				}
			}
			if !strings.Contains(stderr.String(), "repeat with a longer --timeout") {
				t.Errorf("got  %s\nwant what to do", stderr.String())
			}
		})
	}
}

// garbled is a network on which every answer is nonsense.
type garbled struct{}

func (garbled) RoundTrip(r *http.Request) (*http.Response, error) {
	return &http.Response{StatusCode: http.StatusOK, Header: http.Header{"Content-Type": {"application/json"}}, Body: io.NopCloser(strings.NewReader("]")), Request: r}, nil
}

// A sign-in that cannot be renewed leaves no old report behind, either.
func TestReportOfARenewalInVain(t *testing.T) {
	c := newCommand(t, idptest.Options{Interval: 1, Lifetime: 30 * time.Second})
	if status, _, stderr := c.run("login", "office365", "--user", loginUser, "--client-id", loginClient); status != exitWorks {
		t.Fatalf("got  %d %s\nwant %d", status, stderr, exitWorks)
	}
	junit := write(t, "report.xml", []byte("all is well"))
	args := append([]string{"office365", "--user", loginUser, "-o", "junit=" + junit}, newBox(t, "x").flags...)
	status, _ := timed(t, 20*time.Second, &app{transport: garbled{}}, args...)
	got, err := os.ReadFile(junit)
	if status != exitUnknown || err != nil || !strings.Contains(string(got), "tool.nothing_verified") || !strings.Contains(string(got), "<error") {
		t.Errorf("got  %d %s %v\nwant %d, and an error", status, got, err, exitUnknown)
	}
}

// Without an answer from DNS it is not known what to test.
func TestTimeoutOfMX(t *testing.T) {
	dns, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer dns.Close()
	var stderr bytes.Buffer
	status, stdout := timed(t, 20*time.Second, &app{stderr: &stderr}, "me@corp.example", "--dns-server", dns.LocalAddr().String(), "--timeout", "300ms")
	if status != exitUnknown || stdout != "" || !strings.Contains(stderr.String(), "before it was known which servers me@corp.example has") {
		t.Errorf("got  %d %s %s\nwant %d", status, stdout, stderr.String(), exitUnknown)
	}
}

// A run that ends before it is known what to verify leaves no old report
// behind: every format that was asked for says that nothing was verified.
func TestEveryFormatOfARunThatDidNotBegin(t *testing.T) {
	dns, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer dns.Close()
	suite := write(t, "suite.yaml", []byte("cases:\n  - target: corp.example\n"))
	silent := []string{"--dns-server", dns.LocalAddr().String()}
	for _, row := range []struct {
		name, code  string
		args        []string
		interrupted bool
		status      int
	}{
		{"out of time", "tool.out_of_time", append(silent, "me@corp.example", "other.example", "--timeout", "300ms"), false, exitUnknown},
		{"interrupted", "tool.interrupted", append(silent, "corp.example"), true, exitInterrupted},
		{"asked in vain", "tool.nothing_verified", []string{"corp.example", "--dns-server", "127.0.0.1:9", "--timeout", "1m"}, false, exitUnknown},
		{"a suite out of time", "tool.out_of_time", append(silent, "run", suite, "--timeout", "300ms"), false, exitUnknown},
	} {
		t.Run(row.name, func(t *testing.T) {
			dir := t.TempDir()
			args := append(slices.Clone(row.args), "--json")
			formats := []string{"text", "json", "ndjson", "junit", "github", "markdown", "html", "csv", "nagios", "prometheus"}
			for _, format := range formats {
				args = append(args, "-o", format+"="+filepath.Join(dir, format))
				if err := os.WriteFile(filepath.Join(dir, format), []byte("all is well"), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			ctx, interrupt := context.WithCancel(t.Context())
			defer interrupt()
			if row.interrupted {
				interrupt()
			}
			var stdout, stderr bytes.Buffer
			a := &app{stdin: strings.NewReader(""), stdout: &stdout, stderr: &stderr}
			if status := a.run(ctx, args); status != row.status || !strings.Contains(stdout.String(), row.code) {
				t.Fatalf("got  %d %s %s\nwant %d, %s", status, stdout.String(), stderr.String(), row.status, row.code)
			}
			for _, format := range formats {
				got, err := os.ReadFile(filepath.Join(dir, format))
				if err != nil || strings.Contains(string(got), "all is well") || !strings.Contains(strings.ToLower(string(got)), "corp.example") {
					t.Errorf("%s\ngot  %s %v\nwant a report without a verdict", format, got, err)
				}
			}
			junit, _ := os.ReadFile(filepath.Join(dir, "junit"))
			if !strings.Contains(string(junit), row.code) || !strings.Contains(string(junit), "<error") {
				t.Errorf("got  %s\nwant an error, and %s", junit, row.code)
			}
		})
	}
}

// timed runs the command, which has to end within a time.
func timed(t *testing.T, within time.Duration, a *app, args ...string) (status int, stdout string) {
	t.Helper()
	var out bytes.Buffer
	a.stdin, a.stdout = strings.NewReader(""), &out
	if a.stderr == nil {
		a.stderr = new(bytes.Buffer)
	}
	began := time.Now()
	status = a.run(t.Context(), args)
	if took := time.Since(began); took > within {
		t.Errorf("%v\ngot  %v\nwant %v at most", args, took, within)
	}
	return status, out.String()
}
