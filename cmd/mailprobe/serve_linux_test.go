package main

import (
	"bufio"
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"golang.org/x/crypto/bcrypt"

	"mailprobe/internal/lab"
	"mailprobe/internal/lab/pki"
	"mailprobe/internal/lab/publish"
	"mailprobe/internal/settings"
)

// A serving is a running 'mailprobe serve'.
type serving struct {
	c      *exec.Cmd
	folder string // with suite.yaml, in which it runs
	base   string // http://127.0.0.1:1234
	client *http.Client

	mu    sync.Mutex
	log   strings.Builder
	lines chan string
}

// serveWith starts 'mailprobe serve' with a suite.
func serveWith(t *testing.T, suite string, args ...string) *serving {
	t.Helper()
	s := &serving{folder: t.TempDir(), client: &http.Client{Timeout: time.Minute}, lines: make(chan string, 1000)}
	s.put(t, "suite.yaml", suite)
	s.c = exec.Command("mailprobe", append([]string{"serve", "--listen", "127.0.0.1:0", "--config", "suite.yaml"}, args...)...)
	s.c.Dir = s.folder
	stderr, err := s.c.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	start(t, s.c)
	go s.read(stderr)
	line := s.await(t, "Listening on")
	s.base = "http://" + line[strings.LastIndex(line, "address=")+len("address="):]
	return s
}

func (s *serving) read(from io.Reader) {
	for lines := bufio.NewScanner(from); lines.Scan(); {
		s.mu.Lock()
		s.log.WriteString(lines.Text() + "\n")
		s.mu.Unlock()
		s.lines <- lines.Text()
	}
	close(s.lines)
}

// await returns the next line of the log that holds a text.
func (s *serving) await(t *testing.T, text string) string {
	t.Helper()
	limit := time.After(time.Minute)
	for {
		select {
		case line, more := <-s.lines:
			if strings.Contains(line, text) {
				return line
			}
			if !more {
				t.Fatalf("it ended without %q: %s", text, s.said())
			}
		case <-limit:
			t.Fatalf("it never said %q: %s", text, s.said())
		}
	}
}

func (s *serving) said() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.log.String()
}

func (s *serving) put(t *testing.T, name, text string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(s.folder, name), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// get asks for a path, with a time-out in seconds; empty: none.
func (s *serving) get(t *testing.T, path, timeout string) (status int, text string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), "GET", s.base+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	if timeout != "" {
		r.Header.Set("X-Prometheus-Scrape-Timeout-Seconds", timeout)
	}
	answer, err := s.client.Do(r)
	if err != nil {
		t.Fatalf("%s: %v\n%s", path, err, s.said())
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer.StatusCode, string(body)
}

// probe scrapes a target.
func (s *serving) probe(t *testing.T, target, timeout string) string {
	t.Helper()
	status, text := s.get(t, "/probe?target="+url.QueryEscape(target), timeout)
	if status != http.StatusOK {
		t.Fatalf("%s: got  %d %s", target, status, text)
	}
	return text
}

// has reports whether a series has a value.
func has(text, series string) bool { return strings.Contains("\n"+text, "\n"+series+"\n") }

// end tells it to end and waits until it has.
func (s *serving) end(t *testing.T) {
	t.Helper()
	if err := s.c.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	for range s.lines { // what it says must be read before it is waited for
	}
	if err := s.c.Wait(); err != nil {
		t.Errorf("it ended with %v: %s", err, s.said())
	}
}

func imapAt(host string) settings.Endpoint {
	return settings.Endpoint{Protocol: settings.IMAP, Host: host, Port: 993, Security: settings.TLS}
}

// servedLab is a lab with its flags.
func servedLab(t *testing.T, o lab.Options) (*lab.Lab, []string) {
	t.Helper()
	box, err := lab.Start(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { box.Close() })
	return box, box.Flags(write(t, "ca.pem", box.CAPEM()))
}

// held is a server that accepts connections and says nothing until it is let go.
func held(t *testing.T, host string) (flags []string, came chan net.Conn) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	came = make(chan net.Conn, 100)
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			came <- c
		}
	}()
	return []string{"--connect-to", host + ":993:" + l.Addr().String()}, came
}

// TestServe holds what a scrape is answered with, that nothing is dialled but
// what the suite names, that a wrong suite changes nothing, and that those who
// wait have their answers before it ends.
func TestServe(t *testing.T) {
	t.Parallel()
	box, flags := servedLab(t, lab.Options{Servers: []lab.Server{{Endpoint: imapAt("imap.good.example")}, {Endpoint: imapAt("imap.bad.example"), Fault: lab.Expired}}})
	more, came := held(t, "imap.held.example")
	const suite = `
modules: [{name: reading, only: [imap]}, {name: sending, only: [smtp]}] # nothing to look at for sending
cases:
  - {name: good, target: 'imaps://imap.good.example', min_interval: 1h}
  - {name: bad, target: 'imaps://imap.bad.example'}
  - {name: known bad, target: 'imaps://imap.bad.example', known_failures: [{code: cert.expired, until: 2099-12-31, reason: they know}]}
  - {name: held, target: 'imaps://imap.held.example'}
`
	s := serveWith(t, suite, append(append(flags, more...), "--ui")...)
	for name, want := range map[string][]string{
		"good":      {"probe_success 1", "mailprobe_unknown 0", `mailprobe_case_outcome{outcome="as_expected"} 1`},
		"bad":       {"probe_success 0", "mailprobe_unknown 0", `mailprobe_finding{blame="provider",code="cert.expired",severity="error"} 1`},
		"known bad": {"probe_success 1", `mailprobe_case_outcome{outcome="known_failure"} 1`},
	} {
		text := s.probe(t, name, "10")
		for _, series := range want {
			if !has(text, series) {
				t.Errorf("%s: got  %s\nwant %s", name, text, series)
			}
		}
	}
	before := box.Total().Connections
	for path, want := range map[string]int{
		"/probe?target=imaps://imap.good.example": 404, "/probe?target=imap.good.example": 404, "/probe?target=gmail": 404, "/probe": 400,
		"/probe?target=good&module=nothing": 400, "/probe?target=good&module=sending": 400, "/probe?target=good&target=bad": 400, "/probe?target=good": 200, "/probe?target=good&module=reading": 200, "/": 200, "/healthz": 200, "/metrics": 200,
	} {
		if got, text := s.get(t, path, ""); got != want {
			t.Errorf("%s: got  %d %s\nwant %d", path, got, text, want)
		}
	}
	if got := box.Total().Connections - before; got != 1 {
		t.Errorf("got  %d connections\nwant that of the module alone", got)
	}
	began := time.Now() // half a second before the scrape's end is held in virtual time, by TestDeadline
	if text := s.probe(t, "held", "2"); time.Since(began) > 5*time.Second || !has(text, "mailprobe_unknown 1") || !has(text, "probe_success 0") {
		t.Errorf("a server that says nothing: answered after %s: %s", time.Since(began), text)
	}
	s.page(t)
	s.reloads(t, suite+"oops: 1\n", suite)
	s.endsGracefully(t, came)
}

// reloads holds what becomes of a wrong suite and of a right one behind it.
func (s *serving) reloads(t *testing.T, wrong, right string) {
	t.Helper()
	s.put(t, "suite.yaml", wrong)
	s.c.Process.Signal(syscall.SIGHUP)
	if line := s.await(t, "the one before stays"); !strings.Contains(line, "oops") {
		t.Errorf("got  %s\nwant what is wrong", line)
	}
	if _, text := s.get(t, "/metrics", ""); !has(text, "mailprobe_config_last_reload_successful 0") || !has(text, "mailprobe_targets 4") {
		t.Errorf("got  %s", text)
	}
	if text := s.probe(t, "good", ""); !has(text, "probe_success 1") {
		t.Errorf("got  %s", text)
	}
	s.put(t, "suite.yaml", strings.Replace(right, "known bad", "renamed", 1))
	s.c.Process.Signal(syscall.SIGHUP)
	s.await(t, "is read anew")
	if _, text := s.get(t, "/metrics", ""); !has(text, "mailprobe_config_last_reload_successful 1") {
		t.Errorf("got  %s", text)
	}
	if status, _ := s.get(t, "/probe?target=known+bad", ""); status != 404 {
		t.Errorf("a target that is gone: got  %d", status)
	}
	s.probe(t, "renamed", "")
}

// endsGracefully ends it while a scrape waits.
func (s *serving) endsGracefully(t *testing.T, came chan net.Conn) {
	t.Helper()
	for len(came) > 0 {
		(<-came).Close()
	}
	answered := make(chan string, 1)
	go func() {
		_, text := s.get(t, "/probe?target=held&module=reading", "20")
		answered <- text
	}()
	waiting := <-came
	s.c.Process.Signal(syscall.SIGTERM)
	s.await(t, "those who wait")
	waiting.Close()
	go func() { // it may call again
		for c := range came {
			c.Close()
		}
	}()
	if text := <-answered; !has(text, "probe_success 0") {
		t.Errorf("got  %s", text)
	}
	for range s.lines {
	}
	if err := s.c.Wait(); err != nil {
		t.Errorf("it ended with %v: %s", err, s.said())
	}
}

// TestServeRefuses holds that a mistake ends it at once, with 2.
func TestServeRefuses(t *testing.T) {
	t.Parallel()
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	folder := t.TempDir()
	for _, row := range []struct {
		name, suite, want string
		args              []string
	}{
		{"no file", "", "suite.yaml", nil},
		{"a wrong key", "cases: [{target: gmail, every: 1m}]", `no key "every"`, nil},
		{"no such target", "cases: [{target: gmial}]", "gmial", nil},
		{"no such way", "modules: [{name: a, auth: MAGIC}]\ncases: [{target: gmail}]", "MAGIC", nil},
		{"a folder", "cases: [{target: ./many}]", "a case for each of them", nil},
		{"an address that is taken", "cases: [{target: gmail}]", "address already in use", []string{"--listen", taken.Addr().String()}},
		{"no such file for the web", "cases: [{target: gmail}]", "web.yaml", []string{"--web.config.file", "web.yaml"}},
		{"no baseline", "cases: [{target: gmail}]", "was.json", []string{"--baseline", "was.json"}},
	} {
		t.Run(row.name, func(t *testing.T) {
			os.MkdirAll(filepath.Join(folder, "many"), 0o700)
			for i := range 2 {
				os.WriteFile(filepath.Join(folder, "many", fmt.Sprintf("%d.xml", i)), []byte(publish.Config("imap imap.shared.example 993 SSL")), 0o600)
			}
			file := filepath.Join(folder, "suite.yaml")
			os.Remove(file)
			if row.suite != "" {
				os.WriteFile(file, []byte(row.suite), 0o600)
			}
			c := exec.Command("mailprobe", append([]string{"serve", "--listen", "127.0.0.1:0", "--config", "suite.yaml"}, row.args...)...)
			c.Dir = folder
			out, _ := c.CombinedOutput()
			if c.ProcessState.ExitCode() != exitUsage || !strings.Contains(string(out), row.want) {
				t.Errorf("got  %d %s\nwant %d, %s", c.ProcessState.ExitCode(), out, exitUsage, row.want)
			}
		})
	}
}

// TestServeRejection holds, by what a server counts, that a wrong password is
// shown once, however often and by whatever module is scraped, and a new one
// at once; and that no password is anywhere in what it says.
func TestServeRejection(t *testing.T) {
	t.Parallel()
	box, flags := servedLab(t, lab.Options{Servers: lab.Servers(imapAt("imap.good.example")), Accounts: []lab.Account{{Address: "ida@good.example", Password: "right-of-ida"}}})
	s := serveWith(t, `
modules: [{name: again, only: [imap]}, {name: quiet, auth: none}]
cases:
  - {name: a, target: 'imaps://imap.good.example', user: ida@good.example, own_account: true, secret: {password_file: secret}, min_interval: 1ms}
`, flags...)
	if text := s.probe(t, "a", ""); !has(text, `mailprobe_finding{blame="tool",code="tool.not_run",severity="warning"} 1`) || !has(text, "mailprobe_unknown 1") {
		t.Errorf("no secret: got  %s", text)
	}
	s.put(t, "secret", "wrong-of-ida\n")
	if text := s.until(t, `mailprobe_sign_in{status="rejected"} 1`); !has(text, "probe_success 0") || !has(text, "mailprobe_sign_in_held_back 0") {
		t.Errorf("a wrong one: got  %s", text)
	}
	s.until(t, "mailprobe_sign_in_held_back 1")
	for range 10 {
		s.get(t, "/probe?target=a&module=again", "")
		if _, text := s.get(t, "/probe?target=a&module=quiet", ""); !has(text, "probe_success 1") {
			t.Errorf("without a sign-in: got  %s", text)
		}
		s.probe(t, "a", "")
	}
	s.c.Process.Signal(syscall.SIGHUP)
	s.await(t, "is read anew")
	s.until(t, "mailprobe_sign_in_held_back 1")
	if got := box.Total(); got.Refused != 1 || got.Accepted != 0 {
		t.Errorf("got  %+v\nwant one sign-in, refused", got)
	}
	s.put(t, "secret", "right-of-ida\n")
	if text := s.until(t, `mailprobe_sign_in{status="accepted"} 1`); !has(text, "probe_success 1") {
		t.Errorf("the right one: got  %s", text)
	}
	s.end(t)
	if strings.Contains(s.said(), "-of-ida") {
		t.Errorf("a password is in the log: %s", s.said())
	}
}

// TestServeTurns holds that cases that share an account sign in to it once, and
// that the one that waits is tested otherwise and not said to be held back.
func TestServeTurns(t *testing.T) {
	t.Parallel()
	box, flags := servedLab(t, lab.Options{Servers: lab.Servers(imapAt("imap.good.example")), Accounts: []lab.Account{{Address: "ida@good.example", Password: "right-of-ida"}}})
	s := serveWith(t, `
defaults: {user: ida@good.example, own_account: true, secret: {password_file: secret}, min_interval: 1h}
cases:
  - {name: a, target: 'imaps://imap.good.example'}
  - {name: b, target: 'imaps://imap.good.example'}
`, flags...)
	s.put(t, "secret", "right-of-ida\n")
	for _, row := range []struct {
		target string
		want   []string
	}{
		{"a", []string{"probe_success 1", "mailprobe_sign_in_held_back 0", "mailprobe_sign_in_waits 0"}},
		{"b", []string{"probe_success 0", "mailprobe_unknown 1", "mailprobe_sign_in_held_back 0", "mailprobe_sign_in_waits 1", `mailprobe_phase_seconds_count{phase="tls"} 1`}},
	} {
		text := s.probe(t, row.target, "")
		for _, series := range row.want {
			if !has(text, series) {
				t.Errorf("%s: got  %s\nwant %s", row.target, text, series)
			}
		}
	}
	if got := box.Total(); got.Accepted != 1 {
		t.Errorf("got  %+v\nwant one sign-in", got)
	}
	s.end(t)
}

// until scrapes the target a until a series is there. Each run takes its time.
func (s *serving) until(t *testing.T, series string) (text string) {
	t.Helper()
	for end := time.Now().Add(time.Minute); time.Now().Before(end); {
		if text = s.probe(t, "a", ""); strings.Contains(text, "-of-ida") {
			t.Fatalf("a password is in an answer: %s", text)
		}
		if has(text, series) {
			return text
		}
	}
	t.Fatalf("got  %s\nwant %s", text, series)
	return ""
}

// TestServeWeb holds that the file that all exporters take demands TLS and a
// password here as well.
func TestServeWeb(t *testing.T) {
	t.Parallel()
	ca, err := pki.NewCA("web")
	if err != nil {
		t.Fatal(err)
	}
	leaf, err := ca.Leaf(pki.LeafOptions{Names: []string{"localhost"}})
	if err != nil {
		t.Fatal(err)
	}
	key, err := x509.MarshalPKCS8PrivateKey(leaf.PrivateKey)
	if err != nil {
		t.Fatal(err)
	}
	var chain bytes.Buffer
	for _, der := range leaf.Certificate {
		pem.Encode(&chain, &pem.Block{Type: "CERTIFICATE", Bytes: der})
	}
	hash, err := bcrypt.GenerateFromPassword([]byte("scrape"), bcrypt.MinCost)
	if err != nil {
		t.Fatal(err)
	}
	crt, keyFile := write(t, "web.crt", chain.Bytes()), write(t, "web.key", pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: key}))
	web := write(t, "web.yaml", fmt.Appendf(nil, "tls_server_config: {cert_file: %s, key_file: %s}\nbasic_auth_users: {prometheus: '%s'}\n", crt, keyFile, hash))
	s := serveWith(t, "cases: [{target: gmail}]", "--web.config.file", web)
	s.base = strings.Replace(s.base, "http://127.0.0.1", "https://localhost", 1)
	s.client.Transport = &http.Transport{TLSClientConfig: &tls.Config{RootCAs: ca.Pool()}}
	if status, _ := s.get(t, "/healthz", ""); status != http.StatusUnauthorized {
		t.Errorf("nobody: got  %d", status)
	}
	base := s.base
	for user, want := range map[string]int{"prometheus:wrong": 401, "prometheus:scrape": 200} {
		s.base = strings.Replace(base, "https://", "https://"+user+"@", 1)
		if status, _ := s.get(t, "/healthz", ""); status != want {
			t.Errorf("%s: got  %d\nwant %d", user, status, want)
		}
	}
	plain := &http.Client{Timeout: 10 * time.Second}
	if answer, err := plain.Get(strings.Replace(base, "https://", "http://", 1) + "/healthz"); err == nil {
		answer.Body.Close()
		if answer.StatusCode == http.StatusOK {
			t.Error("it answers without TLS")
		}
	}
	s.end(t)
}

// TestServeDrift holds that what changed since a baseline is told.
func TestServeDrift(t *testing.T) {
	t.Parallel()
	_, flags := servedLab(t, lab.Options{Servers: lab.Servers(imapAt("imap.good.example"))})
	was := filepath.Join(t.TempDir(), "was.json")
	var out bytes.Buffer
	a := &app{stdin: strings.NewReader(""), stdout: &out, stderr: &out}
	if status := a.run(t.Context(), append([]string{"imaps://imap.good.example", "--save-baseline", was}, flags...)); status != exitWorks {
		t.Fatalf("got  %d %s", status, out.String())
	}
	suite := "cases: [{name: a, target: 'imaps://imap.good.example'}]"
	same := serveWith(t, suite, append(flags, "--baseline", was)...)
	if text := same.probe(t, "a", ""); !has(text, "mailprobe_drift 0") {
		t.Errorf("nothing changed: got  %s", text)
	}
	same.end(t)
	text := fileOf(t, was)
	changed := write(t, "changed.json", []byte(strings.Replace(text, `"IMAP4rev1"`, `"IMAP2"`, 1)))
	other := serveWith(t, suite, append(flags, "--baseline", changed)...)
	if text := other.probe(t, "a", ""); !has(text, "mailprobe_drift 1") || !has(text, `mailprobe_finding{blame="",code="drift.capabilities",severity="info"} 1`) || !has(text, "probe_success 1") {
		t.Errorf("a capability changed: got  %s", text)
	}
	other.end(t)
}

// TestServeOnHangups holds that many hang-ups while it is scraped break
// nothing.
func TestServeOnHangups(t *testing.T) {
	t.Parallel()
	_, flags := servedLab(t, lab.Options{Servers: lab.Servers(imapAt("imap.good.example"))})
	s := serveWith(t, "cases: [{name: a, target: 'imaps://imap.good.example', min_interval: 1ms}]", flags...)
	ctx, stop := context.WithCancel(t.Context())
	var wait sync.WaitGroup
	for range 4 {
		wait.Go(func() {
			for ctx.Err() == nil {
				if text := s.probe(t, "a", "10"); !has(text, "probe_success 1") {
					t.Errorf("got  %s", text)
					return
				}
			}
		})
	}
	for range 20 {
		s.c.Process.Signal(syscall.SIGHUP)
		s.await(t, "is read anew")
	}
	stop()
	wait.Wait()
	s.end(t)
}

// TestServeDocs carries out every command of docs/serve.md.
func TestServeDocs(t *testing.T) {
	curl := program(t, "curl")
	page := fileOf(t, "../../docs/serve.md")
	gmail := documented(t, "gmail")
	_, flags := servedLab(t, lab.Options{Servers: lab.Servers(gmail...), Accounts: []lab.Account{{Address: "me@gmail.com", Password: "abcdefghijklmnop"}}})
	_, rest, _ := strings.Cut(page, "```yaml\n")
	suite, rest, _ := strings.Cut(rest, "```")
	_, rest, _ = strings.Cut(rest, "```sh\n")
	commands, _, _ := strings.Cut(rest, "```")
	var s *serving
	for line := range strings.Lines(commands) {
		line = strings.TrimSpace(line)
		switch {
		case line == "mailprobe run --check mailprobe.yaml":
			t.Chdir(t.TempDir())
			if err := errors.Join(os.WriteFile("mailprobe.yaml", []byte(suite), 0o600), os.WriteFile("secret", []byte("abcdefghijklmnop\n"), 0o600)); err != nil {
				t.Fatal(err)
			}
			printed(t, exitWorks, strings.Fields(line)[1:]...)
		case line == "mailprobe serve --config mailprobe.yaml":
			s = serveWith(t, suite, flags...)
			s.put(t, "secret", "abcdefghijklmnop\n")
		case strings.HasPrefix(line, "curl ") && s != nil:
			out, err := exec.CommandContext(t.Context(), "sh", "-c", strings.Replace(strings.Replace(line, "curl", curl, 1), "http://127.0.0.1:9817", s.base, 1)).CombinedOutput()
			if err != nil || strings.Contains(line, "/probe") && !has(string(out), "probe_success 1") {
				t.Errorf("%s: %v %s", line, err, out)
			}
		default:
			t.Errorf("nobody tests %q", line)
		}
	}
	if s == nil {
		t.Fatal("docs/serve.md starts nothing")
	}
	_, own := s.get(t, "/metrics", "")
	all := s.probe(t, "our mail", "") + own
	s.end(t)
	for _, m := range metricName.FindAllStringSubmatch(page, -1) {
		if !strings.Contains(all, "\n"+m[1]) && !slices.Contains(notAlways, m[1]) {
			t.Errorf("docs/serve.md names %s, which is not there", m[1])
		}
	}
}
