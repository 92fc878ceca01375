package main

import (
	"bytes"
	"cmp"
	"encoding/json"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/zalando/go-keyring"

	"mailprobe/internal/catalog"
	"mailprobe/internal/lab"
	"mailprobe/internal/oauth/idptest"
	"mailprobe/internal/settings"
)

const (
	loginUser   = "me@corp.example"
	loginClient = "my-application"
)

// A command is the program with its streams, whose sign-ins by OAuth2 reach
// idp whatever the provider's URLs are.
type command struct {
	t   *testing.T
	idp *idptest.Server
}

func newCommand(t *testing.T, o idptest.Options) command {
	t.Helper()
	for _, name := range []string{"MAILPROBE_PASSWORD", "MAILPROBE_TOKEN"} {
		t.Setenv(name, "")
	}
	t.Setenv("XDG_STATE_HOME", t.TempDir())
	o.User = cmp.Or(o.User, loginUser)
	idp := idptest.New(o)
	t.Cleanup(idp.Close)
	return command{t, idp}
}

func (c command) run(args ...string) (status int, stdout, stderr string) {
	c.t.Helper()
	var out, errs bytes.Buffer
	a := &app{stdin: strings.NewReader(""), stdout: &out, stderr: &errs, transport: toIDP{c.idp}, openBrowser: c.browse}
	status = a.run(c.t.Context(), args)
	for _, secret := range c.idp.Issued() {
		if strings.Contains(out.String()+errs.String(), secret) {
			c.t.Errorf("%v\ngot  a token or code in the output\nwant none", args)
		}
	}
	return status, out.String(), errs.String()
}

// browse does what a browser would, at the test's own server.
func (c command) browse(target string) error {
	u, err := url.Parse(target)
	if err != nil {
		return err
	}
	go func() {
		resp, err := http.Get(c.idp.URL + "/authorize?" + u.RawQuery)
		if err != nil {
			c.t.Error(err)
			return
		}
		resp.Body.Close()
	}()
	return nil
}

// toIDP leads each request of a sign-in to the test's server.
type toIDP struct{ idp *idptest.Server }

func (t toIDP) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	switch {
	case strings.HasSuffix(r.URL.Path, "/devicecode"):
		r.URL.Path = "/device"
	case !strings.HasSuffix(r.URL.Path, "/idtoken") && !strings.HasSuffix(r.URL.Path, ":signJwt"):
		r.URL.Path = "/token"
	}
	return t.idp.Transport().RoundTrip(r)
}

func TestLogin(t *testing.T) {
	secret := filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(secret, []byte("app-secret-of-the-test\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, row := range []struct {
		name   string
		opts   idptest.Options
		args   []string
		status int
		stdout string
		stderr string
	}{
		{"Microsoft by device code", idptest.Options{Interval: 1}, []string{"office365"},
			exitWorks, "signed in as me@corp.example at Office 365; token kept in ", "WDJB-MJHT"},
		{"Google in the browser", idptest.Options{}, []string{"gmail", "--browser"},
			exitWorks, "signed in as me@corp.example at Gmail; token kept in ", "code_challenge"},
		{"Microsoft in the browser", idptest.Options{}, []string{"office365", "--browser", "--flow", "browser"},
			exitWorks, "signed in as", "redirect_uri=http%3A%2F%2Flocalhost%3A"},
		{"application", idptest.Options{Secret: "app-secret-of-the-test"},
			[]string{"office365", "--flow", "app", "--tenant", "corp.example", "--client-secret-file", secret},
			exitWorks, "signed in as", ""},
		{"device code where there is none", idptest.Options{}, []string{"gmail", "--flow", "device"},
			exitUsage, "", "Gmail does not offer this way"},
		{"declined", idptest.Options{Interval: 1, DeviceError: "access_denied", Description: "\x1b[31mno"}, []string{"office365"},
			exitFails, "", `\x1b[31mno`},
		{"unknown flow", idptest.Options{}, []string{"gmail", "--flow", "magic"}, exitUsage, "", "--flow magic"},
		{"no OAuth2 there", idptest.Options{}, []string{"icloud"}, exitUsage, "", "no sign-in by OAuth2"},
		{"a server", idptest.Options{}, []string{"imaps://imap.gmail.com"}, exitUsage, "", "name the provider"},
		{"certificate for a user", idptest.Options{}, []string{"office365", "--certificate", secret, "--key", secret},
			exitUsage, "", "add --flow app"},
		{"no certificate", idptest.Options{}, []string{"office365", "--flow", "app", "--certificate", secret, "--key", secret},
			exitUsage, "", "do not go together"},
		{"no such secret", idptest.Options{}, []string{"office365", "--client-secret-file", "none"}, exitUsage, "", "--client-secret-file"},
	} {
		t.Run(row.name, func(t *testing.T) {
			c := newCommand(t, row.opts)
			args := append([]string{"login", "--user", loginUser, "--client-id", loginClient}, row.args...)
			status, stdout, stderr := c.run(args...)
			if status != row.status || !strings.HasPrefix(stdout, row.stdout) || !strings.Contains(stderr, row.stderr) {
				t.Errorf("got  %d %q %q\nwant %d %q %q", status, stdout, stderr, row.status, row.stdout, row.stderr)
			}
			if strings.Contains(stdout+stderr, "app-secret") {
				t.Error("got  the client secret in the output\nwant none")
			}
		})
	}
}

func TestLoginNames(t *testing.T) {
	for _, row := range []struct {
		name string
		args []string
		want string
	}{
		{"no user", []string{"login", "gmail", "--client-id", "x"}, "--user"},
		{"no client id", []string{"login", "gmail", "--user", loginUser}, "--client-id"},
		{"logout without user", []string{"logout", "gmail"}, "--user"},
		{"logout of nobody", []string{"logout", "gmail", "--user", loginUser}, "no sign-in of me@corp.example"},
	} {
		t.Run(row.name, func(t *testing.T) {
			_, stdout, stderr := newCommand(t, idptest.Options{}).run(row.args...)
			if !strings.Contains(stdout+stderr, row.want) {
				t.Errorf("got  %q %q\nwant %q", stdout, stderr, row.want)
			}
		})
	}
}

// A box is a lab that impersonates Office 365, with the flags by which the
// program reaches it.
type box struct {
	*lab.Lab
	flags []string
}

func newBox(t *testing.T, token string, extra ...settings.Endpoint) box {
	t.Helper()
	office, _ := catalog.Load().Lookup("office365")
	var endpoints []settings.Endpoint
	for _, e := range office.Settings() {
		endpoints = append(endpoints, e.Endpoint)
	}
	l, err := lab.Start(t.Context(), lab.Options{
		Servers:  lab.Servers(append(endpoints, extra...)...),
		Accounts: []lab.Account{{Address: loginUser, Token: token}},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	ca := filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(ca, l.CAPEM(), 0o600); err != nil {
		t.Fatal(err)
	}
	return box{l, append(l.Flags(ca), "--no-prompt", "--yes")}
}

// accessToken returns the newest access token that the server has issued.
func (c command) accessToken() string {
	token := ""
	for _, s := range c.idp.Issued() {
		if strings.HasPrefix(s, "access-") {
			token = s
		}
	}
	return token
}

// statuses returns the outcome of each endpoint's sign-in in a JSON report.
func statuses(t *testing.T, document string) string {
	t.Helper()
	var report struct {
		Endpoints []struct {
			Auth struct{ Status, Mechanism string }
		}
	}
	if err := json.Unmarshal([]byte(document), &report); err != nil {
		t.Fatalf("%v in %q", err, document)
	}
	var all []string
	for _, e := range report.Endpoints {
		all = append(all, strings.TrimSpace(e.Auth.Status+" "+e.Auth.Mechanism))
	}
	return strings.Join(all, ", ")
}

func TestStoredToken(t *testing.T) {
	c := newCommand(t, idptest.Options{Interval: 1})
	if status, _, stderr := c.run("login", "office365", "--user", loginUser, "--client-id", loginClient); status != exitWorks {
		t.Fatalf("login: got  %d %q", status, stderr)
	}
	elsewhere := settings.Endpoint{Protocol: settings.IMAP, Host: "imap.elsewhere.example", Port: 993, Security: settings.TLS}
	b := newBox(t, c.accessToken(), elsewhere)
	other := filepath.Join(t.TempDir(), "token")
	if err := os.WriteFile(other, []byte("another-token-by-hand"), 0o600); err != nil {
		t.Fatal(err)
	}
	accepted := "accepted XOAUTH2, accepted XOAUTH2, accepted XOAUTH2"
	for _, row := range []struct {
		name   string
		args   []string
		want   string // outcomes
		stderr string
	}{
		{"used without being named", []string{"office365", "--user", loginUser}, accepted, ""},
		{"demanded", []string{"office365", "--user", loginUser, "--oauth"}, accepted, ""},
		{"named by client id", []string{"office365", "--user", loginUser, "--oauth", "--client-id", loginClient}, accepted, ""},
		{"user name without address", []string{"office365", "--username", "x"}, "skipped, skipped, skipped", ""},
		{"server by URL", []string{"imaps://imap.elsewhere.example", "--user", loginUser}, "skipped", ""},
		{"server by URL, demanded", []string{"imaps://imap.elsewhere.example", "--user", loginUser, "--oauth"}, "", "documented servers only"},
		{"provider's server by URL", []string{"imaps://outlook.office365.com", "--user", loginUser}, "skipped", ""},
		{"somebody else", []string{"office365", "--user", "you@corp.example", "--oauth"}, "", "has not signed in at Office 365"},
		{"two secrets", []string{"office365", "--user", loginUser, "--oauth", "--token-file", other}, "", "two secrets are given, by --oauth and by --token-file"},
		{"no user", []string{"office365", "--oauth"}, "", "--user"},
	} {
		t.Run(row.name, func(t *testing.T) {
			status, stdout, stderr := c.run(append(append(row.args, "--json"), b.flags...)...)
			got := ""
			if stdout != "" {
				got = statuses(t, stdout)
			}
			if got != row.want || !strings.Contains(stderr, row.stderr) {
				t.Errorf("got  %d %q %q\nwant %q %q", status, got, stderr, row.want, row.stderr)
			}
		})
	}
	if got := b.Logins()[elsewhere].SignIns(); got != 0 {
		t.Errorf("sign-ins elsewhere\ngot  %d\nwant 0", got)
	}
}

// TestStoredTokenRenewed holds a run against a token that has run out.
func TestStoredTokenRenewed(t *testing.T) {
	c := newCommand(t, idptest.Options{Interval: 1, Lifetime: 30 * time.Second})
	if status, _, stderr := c.run("login", "office365", "--user", loginUser, "--client-id", loginClient); status != exitWorks {
		t.Fatalf("login: got  %d %q", status, stderr)
	}
	first := c.accessToken()
	b := newBox(t, "not-yet-known-token")
	c.run(append([]string{"office365", "--user", loginUser, "--only", "imap"}, b.flags...)...)
	if got := c.accessToken(); got == first {
		t.Error("got  the old access token\nwant a new one")
	}
	c.run(append([]string{"office365", "m365", "--user", loginUser, "--only", "imap"}, b.flags...)...) // one account
	c.idp.Revoke()
	status, _, stderr := c.run(append([]string{"office365", "--user", loginUser}, b.flags...)...)
	if status != exitUsage || !strings.Contains(stderr, "sign in again with mailprobe login") {
		t.Errorf("after the end of the sign-in\ngot  %d %q\nwant %d and what to do", status, stderr, exitUsage)
	}
	if got := b.Total().SignIns(); got != 3 {
		t.Errorf("sign-ins\ngot  %d\nwant one at each server of each run, with a token that the lab did not know", got)
	}
	if status, _, stderr := c.run("logout", "office365", "--user", loginUser); status != exitWorks {
		t.Errorf("logout: got  %d %q", status, stderr)
	}
	status, _, stderr = c.run(append([]string{"office365", "--user", loginUser, "--oauth"}, b.flags...)...)
	if status != exitUsage || !strings.Contains(stderr, "mailprobe login office365") {
		t.Errorf("after logout\ngot  %d %q\nwant %d and how to sign in", status, stderr, exitUsage)
	}
}

func TestScopeMissing(t *testing.T) {
	c := newCommand(t, idptest.Options{Interval: 1, Scope: "https://outlook.office.com/IMAP.AccessAsUser.All"})
	if status, _, stderr := c.run("login", "office365", "--user", loginUser, "--client-id", loginClient); status != exitWorks {
		t.Fatalf("login: got  %d %q", status, stderr)
	}
	b := newBox(t, c.accessToken())
	_, _, stderr := c.run(append([]string{"office365", "--user", loginUser}, b.flags...)...)
	if !strings.Contains(stderr, "lacks https://outlook.office.com/SMTP.Send, which SMTP needs") || strings.Contains(stderr, "IMAP needs") {
		t.Errorf("got  %q\nwant what SMTP lacks", stderr)
	}
}

// TestKeyring keeps the token in a keyring of the test's own.
func TestKeyring(t *testing.T) {
	keyring.MockInit()
	c := newCommand(t, idptest.Options{Interval: 1})
	status, stdout, stderr := c.run("login", "office365", "--user", loginUser, "--client-id", loginClient, "--keyring")
	if status != exitWorks || !strings.Contains(stdout, "token kept in the keyring\n") || !strings.Contains(stdout, "--oauth --client-id "+loginClient) {
		t.Fatalf("got  %d %q %q\nwant the token kept and how to use it", status, stdout, stderr)
	}
	b := newBox(t, c.accessToken())
	run := append([]string{"office365", "--user", loginUser, "--only", "imap", "--json", "--oauth", "--client-id", loginClient}, b.flags...)
	_, stdout, stderr = c.run(run...)
	if got := statuses(t, stdout); got != "accepted XOAUTH2" {
		t.Errorf("got  %q %q\nwant it accepted", got, stderr)
	}
	if _, stdout, _ = c.run("logout", "office365", "--user", loginUser, "--client-id", loginClient); !strings.Contains(stdout, "signed out") {
		t.Errorf("got  %q\nwant signed out", stdout)
	}
	if status, _, _ = c.run(run...); status != exitUsage {
		t.Errorf("after logout\ngot  %d\nwant %d", status, exitUsage)
	}
}
