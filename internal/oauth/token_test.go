package oauth

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/oauth2"

	"mailprobe/internal/auth"
	"mailprobe/internal/oauth/idptest"
	"mailprobe/internal/secret"
	"mailprobe/internal/settings"
)

// signIn makes a stored sign-in whose access token has a while to live.
func signIn(t *testing.T, c *Client, left time.Duration) *Record {
	t.Helper()
	p := &shown{visit: func(u string) { go browse(t, u) }}
	if err := c.SignInBrowser(t.Context(), p, BrowserOptions{}); err != nil {
		t.Fatal(err)
	}
	r := stored1(t, c)
	r.Expiry = time.Now().Add(left)
	if err := c.Store.Save(t.Context(), r); err != nil {
		t.Fatal(err)
	}
	return r
}

func refreshes(s *idptest.Server) int {
	n := 0
	for _, r := range s.Requests("/token") {
		if r.Form.Get("grant_type") == "refresh_token" {
			n++
		}
	}
	return n
}

func TestFresh(t *testing.T) {
	now := time.Now()
	some := auth.NewSecret("x")
	tests := []struct {
		name string
		r    Record
		want bool
	}{
		{"no access token", Record{Expiry: now.Add(time.Hour)}, false},
		{"an hour left", Record{access: some, Expiry: now.Add(time.Hour)}, true},
		{"a minute left", Record{access: some, Expiry: now.Add(time.Minute)}, true},
		{"less than a minute left", Record{access: some, Expiry: now.Add(time.Minute - 1)}, false},
		{"over", Record{access: some, Expiry: now.Add(-time.Hour)}, false},
		{"life not said, new", Record{access: some, refresh: some, Saved: now.Add(-time.Minute)}, true},
		{"life not said, old", Record{access: some, refresh: some, Saved: now.Add(-time.Hour)}, false},
		{"life not said, nothing to renew with", Record{access: some, Saved: now.Add(-time.Hour)}, true},
		{"life not said, application", Record{access: some, Flow: AppOnly, Saved: now.Add(-time.Hour)}, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := tt.r.fresh(now); got != tt.want {
				t.Errorf("got  %v\nwant %v", got, tt.want)
			}
		})
	}
}

func TestTokenIsRenewedWhenUsed(t *testing.T) {
	for _, rotate := range []bool{false, true} {
		s := newIDP(t, idptest.Options{Rotate: rotate})
		c := newClient(t, s, nil)
		old := signIn(t, c, 59*time.Second)
		tok, err := c.Token(t.Context(), settings.POP3)
		if err != nil {
			t.Fatal(err)
		}
		now := stored1(t, c)
		if secret.Reveal(now.access) == secret.Reveal(old.access) || tok.Access.Empty() {
			t.Errorf("rotate %v: the old access token is still in use", rotate)
		}
		if got := secret.Reveal(now.refresh) != secret.Reveal(old.refresh); got != rotate || now.refresh.Empty() {
			t.Errorf("rotate %v: refresh token changed: %v", rotate, got)
		}
		if now.Flow != Browser || len(now.Scopes) != len(old.Scopes) {
			t.Errorf("rotate %v: got %+v", rotate, now)
		}
		if _, err := c.Token(t.Context(), settings.IMAP); err != nil || refreshes(s) != 1 {
			t.Errorf("rotate %v: %d refreshes, %v", rotate, refreshes(s), err)
		}
	}
}

func TestTokenOfAnApplicationIsFetchedAnew(t *testing.T) {
	s := newIDP(t, idptest.Options{Secret: "s3cret", Lifetime: 30 * time.Second})
	c := newClient(t, s, func(c *Config) { c.Secret = auth.NewSecret("s3cret") })
	if err := c.SignInApp(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Token(t.Context(), settings.IMAP); err != nil {
		t.Fatal(err)
	}
	if got, want := len(s.Requests("/token")), 2; got != want {
		t.Errorf("requests %d\nwant     %d", got, want)
	}
}

// The secret itself is never stored; a renewal reads it where the sign-in did.
func TestRenewalFindsTheClientSecret(t *testing.T) {
	path := filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(path, []byte("s3cret-value\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	s, store := newIDP(t, idptest.Options{Secret: "s3cret-value", Rotate: true}), NewFiles(t.TempDir()+"/tokens")
	signIn(t, newClient(t, s, func(c *Config) {
		c.Store, c.Secret, c.SecretFile, c.Tenant = store, auth.NewSecret("s3cret-value"), path, "corp.example"
	}), 0)
	later := newClient(t, s, func(c *Config) { c.Store = store })
	if _, err := later.Token(t.Context(), settings.IMAP); err != nil {
		t.Fatal(err)
	}
	if r := stored1(t, later); r.SecretFile != path || r.Tenant != "corp.example" {
		t.Errorf("got %+v", r)
	}
	data, err := os.ReadFile(store.path(later.Key()))
	if err != nil || strings.Contains(string(data), "s3cret-value") {
		t.Errorf("stored %s, %v", data, err)
	}
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	if err := store.Save(t.Context(), &Record{Key: later.Key(), Places: Places{SecretFile: path}}); err != nil {
		t.Fatal(err)
	}
	if _, err := later.Token(t.Context(), settings.IMAP); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("got  %v\nwant %v", err, fs.ErrNotExist)
	}
}

func TestTokenFailures(t *testing.T) {
	tests := []struct {
		name  string
		opts  idptest.Options
		spoil func(*idptest.Server)
		want  Reason
	}{
		{"revoked", idptest.Options{}, (*idptest.Server).Revoke, Ended},
		{"nothing to renew with", idptest.Options{NoRefresh: true}, func(*idptest.Server) {}, Ended},
		{"consent withdrawn", idptest.Options{}, func(s *idptest.Server) {
			s.Set(func(o *idptest.Options) { o.TokenError, o.Description = "invalid_grant", "AADSTS65001: no consent" })
		}, Consent},
		{"server down", idptest.Options{}, (*idptest.Server).Close, Unreachable},
		{"server fault", idptest.Options{}, func(s *idptest.Server) {
			s.Set(func(o *idptest.Options) { o.Fault = idptest.HTML })
		}, Temporary},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := newIDP(t, tt.opts)
			c := newClient(t, s, nil)
			signIn(t, c, 0)
			tt.spoil(s)
			_, err := c.Token(t.Context(), settings.IMAP)
			if got := reason(err); got != tt.want {
				t.Errorf("got  %q (%v)\nwant %q", got, err, tt.want)
			}
			namesProvider(t, err)
		})
	}
}

// namesProvider: whose sign-in failed stands before anything else, and what
// to do is said.
func namesProvider(t *testing.T, err error) {
	t.Helper()
	var e *Error
	if !errors.As(err, &e) || e.Remedy == "" {
		t.Errorf("got  %v\nwant an *Error with a remedy", err)
	}
	if want := "sign-in at Test Provider"; err == nil || !strings.HasPrefix(err.Error(), want) {
		t.Errorf("got  %v\nwant %q before it", err, want)
	}
}

func TestRecordBoundsTokens(t *testing.T) {
	longest := strings.Repeat("t", 16<<10)
	for _, row := range []struct {
		name, access, refresh string
		says                  string // in the error; empty: none
	}{
		{"longest", longest, longest, ""},
		{"no refresh token", " !~", "", ""},
		{"access too long", longest + "t", "r", "longer than 16 KiB"},
		{"refresh too long", "a", longest + "t", "longer than 16 KiB"},
		{"control character in access", "a\x1f", "r", "characters that none may hold"},
		{"DEL in refresh", "a", "r\x7f", "characters that none may hold"},
	} {
		t.Run(row.name, func(t *testing.T) {
			c := newClient(t, newIDP(t, idptest.Options{}), nil)
			_, err := c.record(&oauth2.Token{AccessToken: row.access, RefreshToken: row.refresh}, grant{})
			if (err == nil) != (row.says == "") || err != nil && !strings.Contains(err.Error(), row.says) {
				t.Errorf("got  %v\nwant %q", err, row.says)
			}
		})
	}
}

func TestTokenWithoutSignIn(t *testing.T) {
	s := newIDP(t, idptest.Options{})
	c := newClient(t, s, nil)
	if _, err := c.Token(t.Context(), settings.IMAP); !errors.Is(err, ErrNotLoggedIn) {
		t.Errorf("got  %v\nwant %v", err, ErrNotLoggedIn)
	}
	signIn(t, c, time.Hour)
	if err := SignOut(t.Context(), c.Store, c.Key()); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Token(t.Context(), settings.IMAP); !errors.Is(err, ErrNotLoggedIn) {
		t.Errorf("got  %v\nwant %v", err, ErrNotLoggedIn)
	}
	if err := SignOut(t.Context(), c.Store, c.Key()); err != nil {
		t.Error(err)
	}
}

// A renewal that does not name its scopes grants those of the sign-in
// (RFC 6749 §6), which may be fewer than were asked for.
func TestRenewalKeepsTheGrantedScopes(t *testing.T) {
	s := newIDP(t, idptest.Options{Scope: idptest.ScopeIMAP})
	c := newClient(t, s, nil)
	signIn(t, c, 0)
	s.Set(func(o *idptest.Options) { o.NoScope = true })
	tok, err := c.Token(t.Context(), settings.SMTP)
	if got, want := strings.Join(tok.Missing, " "), idptest.ScopeSMTP; got != want {
		t.Errorf("got  %q, %v\nwant %q", got, err, want)
	}
}

func TestTokenThatIsNoBearerToken(t *testing.T) {
	for kind, want := range map[string]Reason{"bearer": "", "BEARER": "", "mac": Unexpected, "DPoP": Unexpected} {
		s := newIDP(t, idptest.Options{})
		c := newClient(t, s, nil)
		signIn(t, c, 0)
		s.Set(func(o *idptest.Options) { o.Type = kind })
		_, err := c.Token(t.Context(), settings.IMAP)
		if got := reason(err); got != want {
			t.Errorf("%s: got  %q (%v)\nwant %q", kind, got, err, want)
		}
	}
}

func TestMissingScopeIsTold(t *testing.T) {
	s := newIDP(t, idptest.Options{Scope: idptest.ScopeIMAP})
	c := newClient(t, s, nil)
	signIn(t, c, time.Hour)
	tok, err := c.Token(t.Context(), settings.SMTP)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := strings.Join(tok.Missing, " "), idptest.ScopeSMTP; got != want {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}

// A record is data of the user's disk. It may not say where tokens go.
func TestRefreshGoesToTheSettingsEndpoint(t *testing.T) {
	s, evil := newIDP(t, idptest.Options{}), newIDP(t, idptest.Options{})
	c := newClient(t, s, nil)
	r := signIn(t, c, 0)
	r.TokenURL = evil.URL + "/token"
	if err := c.Store.Save(t.Context(), r); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Token(t.Context(), settings.IMAP); err != nil {
		t.Fatal(err)
	}
	if got := len(evil.Requests("")); got != 0 {
		t.Errorf("%d requests went where the record said", got)
	}
	r.Tenant = "../evil"
	r.Expiry = time.Now()
	c.oauth.Tenant = true
	if err := c.Store.Save(t.Context(), r); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Token(t.Context(), settings.IMAP); err == nil || !strings.Contains(err.Error(), "tenant") {
		t.Errorf("got  %v\nwant an error about the tenant", err)
	}
}

func TestConcurrentUsersRenewOnce(t *testing.T) {
	stores := map[string]func(t *testing.T) Store{
		"files":  func(t *testing.T) Store { return NewFiles(t.TempDir() + "/tokens") },
		"memory": func(*testing.T) Store { return newMemory() },
	}
	for name, store := range stores {
		t.Run(name, func(t *testing.T) {
			s := newIDP(t, idptest.Options{Rotate: true})
			c := newClient(t, s, func(c *Config) { c.Store = store(t) })
			signIn(t, c, 0)
			var wg sync.WaitGroup
			for range 8 {
				wg.Go(func() {
					if _, err := c.Token(t.Context(), settings.IMAP); err != nil {
						t.Error(err)
					}
				})
			}
			wg.Wait()
			if got, want := refreshes(s), 1; got != want {
				t.Errorf("refreshes %d\nwant      %d", got, want)
			}
		})
	}
}
