package oauth

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"mailprobe/internal/oauth/idptest"
	"mailprobe/internal/settings"
)

// asked makes a client ask who signs in.
func asked(c *Config) { c.Provider.OAuth.ExtraScopes = append(c.Provider.OAuth.ExtraScopes, "openid") }

// Whoever signs in is the user who was named, in whatever spelling, or nothing
// is stored.
func TestWhoSignedIn(t *testing.T) {
	for _, row := range []struct {
		name, who, user string
		key             []byte // access tokens name their owner
		change          func(*Config)
		account         string
		want            Reason
	}{
		{"the same", "me@corp.example", "me@corp.example", nil, asked, "me@corp.example", ""},
		{"in another spelling", "Me@Corp.example", "me@corp.EXAMPLE", nil, asked, "Me@Corp.example", ""},
		{"another, by the ID token", "you@corp.example", "me@corp.example", nil, asked, "", Account},
		{"another, by the access token", "you@corp.example", "me@corp.example", []byte("k"), nil, "", Account},
		{"a guest of another organisation", "me_corp.example#EXT#@host.onmicrosoft.example", "me@corp.example", nil, asked, "", Tenant},
		{"not said", "you@corp.example", "me@corp.example", nil, nil, "", ""},
		{"no address", "4711", "me@corp.example", []byte("k"), nil, "", ""},
	} {
		t.Run(row.name, func(t *testing.T) {
			s := newIDP(t, idptest.Options{User: row.who, Key: row.key})
			c := newClient(t, s, func(c *Config) {
				if c.User = row.user; row.change != nil {
					row.change(c)
				}
			})
			p := &shown{visit: func(u string) {
				if resp, err := http.Get(u); err == nil {
					resp.Body.Close()
				}
			}}
			err := c.SignInBrowser(t.Context(), p, BrowserOptions{})
			if got := reason(err); got != row.want {
				t.Fatalf("got  %v\nwant %q", err, row.want)
			}
			g, loaded := c.Granted(t.Context())
			if (loaded == nil) != (row.want == "") || g.Account != row.account {
				t.Errorf("stored\ngot  %+v, %v\nwant %q", g, loaded, row.account)
			}
		})
	}
}

func TestSignInWithoutMail(t *testing.T) {
	s := newIDP(t, idptest.Options{Scope: "openid email"})
	c := newClient(t, s, nil)
	err := c.SignInBrowser(t.Context(), &shown{visit: func(u string) {
		if resp, err := http.Get(u); err == nil {
			resp.Body.Close()
		}
	}}, BrowserOptions{})
	if _, loaded := c.Granted(t.Context()); reason(err) != Consent || !errors.Is(loaded, ErrNotLoggedIn) {
		t.Errorf("got  %v, %v\nwant %s and nothing stored", err, loaded, Consent)
	}
}

// The address to which a browser elsewhere was sent back may be pasted; other
// lines change nothing, and one with another state is not believed.
func TestPastedAddress(t *testing.T) {
	for _, row := range []struct {
		name   string
		change func(string) string
		want   Reason
	}{
		{"as it is", func(u string) string { return " " + u + "\r" }, ""},
		{"between quotation marks", func(u string) string { return `"` + u + `"` }, ""},
		{"of another sign-in", func(u string) string {
			v, _ := url.Parse(u)
			q := v.Query()
			q.Set("state", "other")
			v.RawQuery = q.Encode()
			return v.String()
		}, Unexpected},
	} {
		s := newIDP(t, idptest.Options{})
		c := newClient(t, s, nil)
		pasted := make(chan string, 3)
		back := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
		p := &shown{visit: func(u string) {
			resp, err := back.Get(u)
			if err != nil {
				t.Error(err)
				return
			}
			resp.Body.Close()
			pasted <- "what now?"
			pasted <- row.change(resp.Header.Get("Location"))
		}}
		var ignored []string
		told := func(why string) { ignored = append(ignored, why) }
		if err := c.SignInBrowser(t.Context(), p, BrowserOptions{Pasted: pasted, Ignored: told}); reason(err) != row.want {
			t.Errorf("%s\ngot  %v\nwant %q", row.name, err, row.want)
		}
		if len(ignored) != 1 {
			t.Errorf("%s\ngot  %q ignored\nwant one line", row.name, ignored)
		}
	}
}

func TestAnswerIn(t *testing.T) {
	for _, row := range []struct{ text, code, why string }{
		{"http://127.0.0.1:1/?code=c1&state=s", "c1", ""},
		{" <http://127.0.0.1:1/?error=access_denied&state=s>\r", "", ""},
		{"", "", ""},
		{"4/0AX4XfWhYyZ0123456789abcdef", "", "That is no address"},
		{"https://idp.example/authorize?client_id=c&state=s", "", "That is the address at which the sign-in begins; it must be opened in a browser"},
		{"http://127.0.0.1:1/", "", "That address has no code in it"},
		{"AADSTS50011: The redirect URI does not match", "", "That is no address"},
	} {
		answer, why := answerIn(row.text)
		if answer.Get("code") != row.code || why != row.why || (answer == nil) == (why == "" && row.text != "") {
			t.Errorf("%q\ngot  %v, %q\nwant %q, %q", row.text, answer, why, row.code, row.why)
		}
	}
}

// interrupting ends a run as soon as a renewal has been sent.
type interrupting struct {
	http.RoundTripper
	interrupt context.CancelFunc
}

func (i interrupting) RoundTrip(r *http.Request) (*http.Response, error) {
	i.interrupt()
	return i.RoundTripper.RoundTrip(r)
}

// A refresh token that rotates is not lost where the run is interrupted while
// its answer is on the way.
func TestInterruptedRenewal(t *testing.T) {
	s := newIDP(t, idptest.Options{Rotate: true, Lifetime: time.Second})
	store := newMemory()
	first := newClient(t, s, func(c *Config) { c.Store = store })
	if err := first.SignInBrowser(t.Context(), &shown{visit: func(u string) {
		if resp, err := http.Get(u); err == nil {
			resp.Body.Close()
		}
	}}, BrowserOptions{}); err != nil {
		t.Fatal(err)
	}
	ctx, interrupt := context.WithCancel(t.Context())
	defer interrupt()
	broken := newClient(t, s, func(c *Config) { c.Store, c.Transport = store, interrupting{s.Transport(), interrupt} })
	broken.Token(ctx, settings.IMAP)
	if ctx.Err() == nil {
		t.Fatal("the run was not interrupted")
	}
	if _, err := first.Token(t.Context(), settings.IMAP); err != nil {
		t.Errorf("afterwards\ngot  %v\nwant a renewal by what the interrupted one was given", err)
	}
}

// A port that is taken is told with what to do.
func TestFixedPort(t *testing.T) {
	l, err := listen(t.Context(), "s", 0)
	if err != nil {
		t.Fatal(err)
	}
	defer l.close()
	u, _ := url.Parse(l.url(""))
	var port uint16
	for _, d := range u.Port() {
		port = port*10 + uint16(d-'0')
	}
	if _, err := listen(t.Context(), "s", port); err == nil || !strings.Contains(err.Error(), "choose another --port") {
		t.Errorf("got  %v\nwant what to do", err)
	}
}
