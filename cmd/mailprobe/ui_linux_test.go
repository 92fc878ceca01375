package main

import (
	"bufio"
	"bytes"
	"context"
	"io"
	"net/http"
	"net/url"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"mailprobe/internal/lab"
	"mailprobe/internal/settings"
)

// A shownPage is a running 'mailprobe ui'.
type shownPage struct {
	address string // with the token
	c       *exec.Cmd
	client  *http.Client
	came    bytes.Buffer // all that the page has answered

	mu   sync.Mutex
	said strings.Builder // on its streams
}

// uiWith starts 'mailprobe ui' in a lab: Gmail that works, a server at which
// nothing listens.
func uiWith(t *testing.T, args ...string) *shownPage {
	t.Helper()
	gone := lab.Server{Endpoint: settings.Endpoint{Protocol: settings.IMAP, Host: "imap.gone.example", Port: 993, Security: settings.TLS}, Fault: lab.Refused}
	_, flags := servedLab(t, lab.Options{
		Servers:  append(lab.Servers(documented(t, "gmail")...), gone),
		Accounts: []lab.Account{{Address: "me@gmail.com", Password: ownPassword}},
	})
	p := &shownPage{client: &http.Client{Timeout: time.Minute}}
	p.c = exec.Command("mailprobe", append(append([]string{"ui", "--no-browser"}, args...), flags...)...)
	p.c.Stderr = p
	out, err := p.c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	start(t, p.c)
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatalf("it shows no address: %v\n%s", err, p.log())
	}
	p.address = strings.TrimSpace(line)
	return p
}

func (p *shownPage) Write(b []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.said.Write(b)
}

func (p *shownPage) log() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.said.String()
}

// post sends a form and follows to what comes of it.
func (p *shownPage) post(t *testing.T, path string, form url.Values) string {
	t.Helper()
	answer, err := p.client.PostForm(p.address+path, form)
	if err != nil {
		t.Fatalf("%v\n%s", err, p.log())
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	p.came.Write(text)
	_, shown, _ := strings.Cut(string(text), "<main>")
	before, list, _ := strings.Cut(shown, "<datalist")
	_, after, _ := strings.Cut(list, "</datalist>")
	return before + after
}

// end ends the page as ^C does.
func (p *shownPage) end(t *testing.T) {
	t.Helper()
	if err := p.c.Process.Signal(syscall.SIGINT); err != nil {
		t.Fatal(err)
	}
	if err := p.c.Wait(); err != nil {
		t.Errorf("it ended with %v: %s", err, p.log())
	}
}

// TestUI: what the forms ask for is done by the rules of a run, without a script.
func TestUI(t *testing.T) {
	t.Parallel()
	const wrong = "ponmlkjihgfedcba" // as app passwords of Gmail look
	p := uiWith(t)
	for name, row := range map[string]struct {
		form    url.Values
		want    string
		without string // what must not be there; empty: nothing
	}{
		"healthy":                      {url.Values{"target": {"me@gmail.com"}, "password": {ownPassword}}, "<p>Signing in was accepted.</p>", "role=\"alert\""},
		"without a password":           {url.Values{"target": {"me@gmail.com"}}, "Signing in was not tested.", "accepted"},
		"a wrong password":             {url.Values{"target": {"gmail"}, "user": {"me@gmail.com"}, "password": {wrong}}, "auth.", "Signing in was accepted"},
		"no app password":              {url.Values{"target": {"me@gmail.com"}, "password": {"hunter2-canary"}}, "Sign in all the same", "The settings to type"},
		"somebody else's":              {url.Values{"target": {"gmail"}, "user": {"me@outlook.com"}, "password": {ownPassword}}, "To verify its own provider, type outlook", "The settings to type"},
		"whose password":               {url.Values{"target": {"gmail"}, "password": {ownPassword}}, "Whose password is it?", "The settings to type"},
		"a mistyped provider":          {url.Values{"target": {"gmial"}}, "Did you mean gmail", "The settings to type"},
		"nothing known":                {url.Values{"target": {"qqqqqqqqqqqqqq"}}, "Nothing is known as", "mailprobe list"},
		"no address":                   {url.Values{"target": {"@gmail.com"}}, "is not a mail address", "The settings to type"},
		"no user":                      {url.Values{"target": {"gmail"}, "user": {"Me <me@gmail.com>"}, "password": {ownPassword}}, "is not a mail address", "The settings to type"},
		"a file":                       {url.Values{"target": {"/etc/passwd"}}, "Files are read by the command alone", "root:"},
		"a URL that is none":           {url.Values{"target": {"imaps://imap.example.com/x"}}, "aria-invalid", "The settings to type"},
		"a mistyped address":           {url.Values{"target": {"imaps://imap.gone.example"}, "user": {"me@gmial.com"}, "password": {ownPassword}}, "Did you mean me@gmail.com", "refuses connections"},
		"a dead port":                  {url.Values{"target": {"imaps://imap.gone.example"}}, "refuses connections", "Signing in was accepted"},
		"a password in the wrong form": {url.Values{"target": {"me@gmail.com"}, "password": {"\x00" + ownPassword}}, "aria-invalid", "The settings to type"},
	} {
		if got := p.post(t, "run", row.form); !strings.Contains(got, row.want) || row.without != "" && strings.Contains(got, row.without) {
			t.Errorf("%s\ngot  %s\nwant %s, without %s", name, got, row.want, row.without)
		}
	}
	p.explains(t)
	p.end(t)
	for _, secret := range []string{wrong, ownPassword, "hunter2-canary"} {
		if strings.Contains(p.came.String()+p.log(), secret) {
			t.Errorf("%s was shown", secret)
		}
	}
}

// explains: what is pasted is read as 'mailprobe explain' reads it.
func (p *shownPage) explains(t *testing.T) {
	t.Helper()
	for text, want := range map[string]string{
		"535 5.7.139 Authentication unsuccessful, basic authentication is disabled": "auth.",
		"cert.expired": "cert.expired",
		"cert.expird":  "did you mean cert.expired?",
		"250 OK":       "Nothing is wrong here",
		" ":            "Paste the text first.",
		"qq zz":        "Not recognised",
		`{"schema": 99, "mailprobe": "x", "verdict": "works", "endpoints": []}`: "paste-problem",
		"535 5.7.8 Authorization: Bearer ya29.a0AfH6SMBcanarycanarycanary":      "what looks like a token",
	} {
		if got := p.post(t, "explain", url.Values{"text": {text}}); !strings.Contains(got, want) {
			t.Errorf("%q\ngot  %s\nwant %s", text, got, want)
		}
	}
	if strings.Contains(p.came.String(), "canarycanary") {
		t.Error("a token was shown again")
	}
}

// TestUIIsLocal: the page cannot be put where others reach it.
func TestUIIsLocal(t *testing.T) {
	t.Parallel()
	ended, end := context.WithCancel(t.Context())
	end() // should it listen all the same
	for _, listen := range []string{"0.0.0.0:0", ":0", "[::]:0", "192.0.2.1:0", "example.com:0", "localhost:0", "127.0.0.1", "x"} {
		for _, args := range [][]string{{"ui", "--no-browser"}, {"serve", "--ui"}} {
			var out bytes.Buffer
			a := &app{stdin: strings.NewReader(""), stdout: &out, stderr: &out}
			if status := a.run(ended, append(args, "--listen", listen)); status != exitUsage || !strings.Contains(out.String(), "write it like 127.0.0.1:8025") {
				t.Errorf("%s --listen %s\ngot  %d %s", args, listen, status, out.String())
			}
		}
	}
}

// page holds that 'mailprobe serve --ui' has the page, at its own path alone.
func (s *serving) page(t *testing.T) {
	t.Helper()
	_, line, _ := strings.Cut(s.said(), "the page to work with")
	at := strings.TrimSpace(line[strings.Index(line, "/"):strings.Index(line, "\n")])
	if status, text := s.get(t, at, ""); status != http.StatusOK || !strings.Contains(text, "name=\"password\"") {
		t.Errorf("got  %d %s", status, text)
	}
	for path, want := range map[string]int{"/run": 404, at[:8] + "/": 404, at + "run": 405} {
		if status, _ := s.get(t, path, ""); status != want {
			t.Errorf("%s\ngot  %d\nwant %d", path, status, want)
		}
	}
	answer, err := s.client.PostForm(s.base+at+"run", url.Values{"target": {"imaps://imap.bad.example"}})
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	if text, err := io.ReadAll(answer.Body); err != nil || !strings.Contains(string(text), "cert.expired") {
		t.Errorf("got  %v %s", err, text)
	}
}
