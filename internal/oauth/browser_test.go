package oauth

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"mailprobe/internal/oauth/idptest"
)

// browse opens a URL as a browser would and returns the page that it ends on.
func browse(t *testing.T, target string) (*http.Response, string) {
	t.Helper()
	resp, err := http.Get(target)
	if err != nil {
		t.Error(err)
		return nil, ""
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Error(err)
	}
	return resp, string(body)
}

func TestSignInBrowser(t *testing.T) {
	tests := []struct {
		name   string
		opts   idptest.Options
		issuer bool // the server's own origin is sent as "iss"
		want   Reason
		page   string // on the page that the user sees
	}{
		{"signed in", idptest.Options{}, false, "", "Sign-in received"},
		{"right issuer", idptest.Options{}, true, "", "Sign-in received"},
		{"wrong issuer", idptest.Options{Issuer: "https://evil.example"}, false, Unexpected, "Sign-in received"},
		{"declined", idptest.Options{AuthError: "access_denied", Description: "<b>no</b>"}, false,
			Denied, "access_denied: &lt;b&gt;no&lt;/b&gt;"},
		{"Conditional Access", idptest.Options{AuthError: "invalid_request", Description: "AADSTS53003: blocked"}, false,
			Policy, "AADSTS53003"},
		{"code refused", idptest.Options{TokenError: "invalid_grant"}, false, Ended, "Sign-in received"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := newIDP(t, tt.opts)
			if tt.issuer {
				s.Set(func(o *idptest.Options) { o.Issuer = s.URL + "/realm" })
			}
			c := newClient(t, s, nil)
			done := make(chan string, 1)
			p := &shown{visit: func(u string) {
				go func() {
					_, page := browse(t, u)
					done <- page
				}()
			}}
			err := c.SignInBrowser(t.Context(), p, BrowserOptions{})
			if got := reason(err); got != tt.want || (err == nil) != (tt.want == "") {
				t.Errorf("got  %q (%v)\nwant %q", got, err, tt.want)
			}
			if page := <-done; !strings.Contains(page, tt.page) {
				t.Errorf("page %s\nwant %s", page, tt.page)
			}
			_, err = c.Store.Load(t.Context(), c.Key())
			if stored := err == nil; stored != (tt.want == "") {
				t.Errorf("stored: %v", stored)
			}
		})
	}
}

// A code that comes with an error may still be good: it is quoted by nobody.
func TestRefusalDoesNotQuoteTheCode(t *testing.T) {
	c := newClient(t, newIDP(t, idptest.Options{}), nil)
	cfg, err := c.config()
	if err != nil {
		t.Fatal(err)
	}
	err = c.finish(t.Context(), cfg, exchange{state: "s", answer: url.Values{
		"state": {"s"}, "code": {"code-1234"}, "error": {"odd"}, "error_description": {"not code-1234"},
	}})
	if want := "The provider said: not [redacted]"; err == nil || !strings.HasSuffix(err.Error(), want) {
		t.Errorf("got  %v\nwant %q at its end", err, want)
	}
}

func TestAuthorizationRequest(t *testing.T) {
	s := newIDP(t, idptest.Options{})
	c := newClient(t, s, func(c *Config) {
		c.Provider.OAuth.RedirectHost = "localhost"
		c.Provider.OAuth.AuthParams = map[string]string{
			"access_type": "offline", "prompt": "consent", "state": "fixed", "redirect_uri": "https://evil.example",
		}
	})
	ctx, cancel := context.WithCancel(t.Context())
	opened := ""
	p := &shown{}
	err := c.SignInBrowser(ctx, p, BrowserOptions{Open: func(u string) error {
		opened = u
		cancel()
		return errors.New("no browser here")
	}})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("got  %v\nwant one that is context.Canceled", err)
	}
	if opened != p.url {
		t.Errorf("opened %q\nshown  %q", opened, p.url)
	}
	u, err := url.Parse(p.url)
	if err != nil {
		t.Fatal(err)
	}
	q := u.Query()
	for name, want := range map[string]string{
		"response_type": "code", "client_id": "client-1", "code_challenge_method": "S256",
		"access_type": "offline", "prompt": "consent", "login_hint": testUser,
		"scope": "mail.imap mail.pop mail.smtp offline_access",
	} {
		if got := q.Get(name); got != want {
			t.Errorf("%s: got  %q\nwant %q", name, got, want)
		}
	}
	// 26 characters of base32 are 130 bits.
	if got := q.Get("state"); len(got) < 26 {
		t.Errorf("state %q", got)
	}
	if got := q.Get("redirect_uri"); !strings.HasPrefix(got, "http://localhost:") || !strings.HasSuffix(got, "/") {
		t.Errorf("redirect %q", got)
	}
}

func TestSameOrigin(t *testing.T) {
	const endpoint = "https://login.example/oauth2/authorize"
	tests := []struct {
		issuer string
		want   bool
	}{
		{"https://login.example", true},
		{"https://login.example/tenant/v2.0", true},
		{"http://login.example", false},
		{"https://login.example:8443", false},
		{"https://login.example.evil.example", false},
		{"login.example", false},
		{"", false},
		{"%", false},
	}
	for _, tt := range tests {
		if got := sameOrigin(tt.issuer, endpoint); got != tt.want {
			t.Errorf("%q: got  %v\nwant %v", tt.issuer, got, tt.want)
		}
	}
}

// Whatever else is asked of the listener changes nothing: an icon, a page that
// is fetched before it is wanted, another program that guesses.
func TestBrowserTakesTheAnswerWithTheState(t *testing.T) {
	s := newIDP(t, idptest.Options{})
	c := newClient(t, s, nil)
	redirect := ""
	p := &shown{visit: func(target string) {
		u, _ := url.Parse(target)
		redirect = u.Query().Get("redirect_uri")
		state := u.Query().Get("state")
		for _, other := range []struct{ method, query string }{
			{"GET", "favicon.ico"}, {"GET", "favicon.ico?code=x&state=" + state}, {"POST", "?code=x&state=" + state}, {"HEAD", "?code=x&state=" + state},
			{"GET", ""}, {"GET", "?code=x"}, {"GET", "?code=x&state="}, {"GET", "?code=x&state=x"}, {"GET", "?error=access_denied&state=" + state[1:]},
			{"GET", "?error=access_denied"},
		} {
			req, _ := http.NewRequest(other.method, redirect+other.query, nil)
			resp, err := http.DefaultClient.Do(req)
			if err != nil || resp.StatusCode/100 != 4 {
				t.Errorf("%s %s: got %v, %v, want it refused", other.method, other.query, resp, err)
				continue
			}
			resp.Body.Close()
		}
		go browse(t, target)
	}}
	if err := c.SignInBrowser(t.Context(), p, BrowserOptions{}); err != nil {
		t.Fatal(err)
	}
	if resp, err := http.Get(redirect); err == nil {
		t.Errorf("still listening: %s", resp.Status)
	}
}

// A state that was let through wrongly would still be refused.
func TestStateIsComparedBeforeTheCodeIsUsed(t *testing.T) {
	c := newClient(t, newIDP(t, idptest.Options{}), nil)
	cfg, err := c.config()
	if err != nil {
		t.Fatal(err)
	}
	err = c.finish(t.Context(), cfg, exchange{state: "s", answer: url.Values{"state": {"x"}, "code": {"c"}}})
	if got, want := reason(err), Unexpected; got != want {
		t.Errorf("got  %q (%v)\nwant %q", got, err, want)
	}
}

func TestPageHeaders(t *testing.T) {
	l, err := listen(t.Context(), "s", 0)
	if err != nil {
		t.Fatal(err)
	}
	defer l.close()
	resp, _ := browse(t, l.url("")+"?code=secret-code&state=s")
	for name, want := range map[string]string{
		"Content-Security-Policy": "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
		"Referrer-Policy":         "no-referrer",
		"Cache-Control":           "no-store",
		"X-Content-Type-Options":  "nosniff",
	} {
		if got := resp.Header.Get(name); got != want {
			t.Errorf("%s: got  %q\nwant %q", name, got, want)
		}
	}
}

func TestBrowserThatNeverComesBack(t *testing.T) {
	s := newIDP(t, idptest.Options{})
	c := newClient(t, s, nil)
	c.limit = time.Nanosecond
	err := c.SignInBrowser(t.Context(), &shown{}, BrowserOptions{})
	if got, want := reason(err), TimedOut; got != want {
		t.Errorf("got  %q (%v)\nwant %q", got, err, want)
	}
	namesProvider(t, err)
	if got, want := browserLimit, 5*time.Minute; got != want {
		t.Errorf("limit %v\nwant  %v", got, want)
	}
}
