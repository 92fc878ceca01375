package oauth

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"golang.org/x/oauth2"

	"mailprobe/internal/oauth/idptest"
	"mailprobe/internal/settings"
)

// The polls of a device code follow a clock, so these tests run on a clock of
// their own and reach the server without a network.
func TestSignInDevice(t *testing.T) {
	tests := []struct {
		name string
		opts idptest.Options
		want Reason // empty: signed in
		took time.Duration
	}{
		{"done before the first poll", idptest.Options{}, "", 5 * time.Second},
		{"interval of the provider", idptest.Options{Interval: 2}, "", 2 * time.Second},
		{"pending three times", idptest.Options{Interval: 1, Pending: 3}, "", 4 * time.Second},
		{"slow down adds five seconds", idptest.Options{Interval: 1, SlowDown: 1}, "", 7 * time.Second},
		{"negative interval", idptest.Options{Interval: -1}, "", 5 * time.Second},
		{"enormous interval", idptest.Options{Interval: 1 << 40}, "", time.Minute},
		{"network fails for a moment", idptest.Options{Interval: 1, Drop: 2}, "", (1 + 2 + 4) * time.Second},
		{"network is gone", idptest.Options{Interval: 1, Drop: 1e6}, Unreachable, (1 + 2 + 4 + 8) * time.Second},
		{"denied", idptest.Options{Interval: 1, DeviceError: "access_denied"}, Denied, time.Second},
		{"expired, says the provider", idptest.Options{Interval: 1, DeviceError: "expired_token"}, TimedOut, time.Second},
		{"code lives ten seconds", idptest.Options{Pending: 1e6, DeviceLife: 11}, TimedOut, 11 * time.Second},
		{"life not said", idptest.Options{Pending: 1e6}, TimedOut, deviceLife},
		{"life without end", idptest.Options{Pending: 1e6, DeviceLife: 1e8}, TimedOut, maxDeviceLife},
		{"string expiry", idptest.Options{Fault: idptest.StringExpiry}, "", 5 * time.Second},
	}
	for _, tt := range tests {
		s := newIDP(t, tt.opts)
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c := newClient(t, s, func(c *Config) { c.Transport = s.Transport() })
				start, p := time.Now(), &shown{}
				err := c.SignInDevice(t.Context(), p)
				if got := reason(err); got != tt.want || (err == nil) != (tt.want == "") {
					t.Errorf("got  %q (%v)\nwant %q", got, err, tt.want)
				}
				if got := time.Since(start); got != tt.took {
					t.Errorf("took %v\nwant %v", got, tt.took)
				}
				if p.code != "WDJB-MJHT" || p.url != s.URL+"/activate" {
					t.Errorf("shown %q at %q", p.code, p.url)
				}
			})
		})
	}
}

func TestDeviceSignInIsStored(t *testing.T) {
	s := newIDP(t, idptest.Options{Pending: 1})
	synctest.Test(t, func(t *testing.T) {
		c := newClient(t, s, func(c *Config) { c.Transport = s.Transport() })
		if err := c.SignInDevice(t.Context(), &shown{}); err != nil {
			t.Fatal(err)
		}
		r := stored1(t, c)
		if r.Flow != DeviceCode || r.TokenURL != s.URL+"/token" || !r.Renewable() || len(r.Scopes) != 4 {
			t.Errorf("got %+v", r)
		}
		if got, want := r.Expiry.Sub(r.Saved), time.Hour; got != want {
			t.Errorf("lives %v\nwant  %v", got, want)
		}
		tok, err := c.Token(t.Context(), settings.IMAP)
		if err != nil || tok.Access.Empty() || len(tok.Missing) != 0 {
			t.Errorf("got %+v, %v", tok, err)
		}
	})
	for _, r := range s.Requests("") {
		if r.Form.Has("client_secret") {
			t.Errorf("a public client sent a secret to %s", r.Path)
		}
	}
}

func TestDeviceInterrupted(t *testing.T) {
	s := newIDP(t, idptest.Options{Pending: 1e6})
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		defer time.AfterFunc(12*time.Second, cancel).Stop()
		c := newClient(t, s, func(c *Config) { c.Transport = s.Transport() })
		err := c.SignInDevice(ctx, &shown{})
		if !errors.Is(err, context.Canceled) {
			t.Errorf("got  %v\nwant one that is context.Canceled", err)
		}
	})
}

type silent struct{}

func (silent) RoundTrip(r *http.Request) (*http.Response, error) {
	<-r.Context().Done()
	return nil, r.Context().Err()
}

// The library's request for a device code knows no context.
func TestSilentServer(t *testing.T) {
	tests := []struct {
		name  string
		limit time.Duration
		took  time.Duration
	}{
		{"given up", time.Hour, requestTimeout},
		{"run ends first", time.Second, time.Second},
	}
	s := newIDP(t, idptest.Options{})
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithTimeout(t.Context(), tt.limit)
				defer cancel()
				c, start := newClient(t, s, func(c *Config) { c.Transport = silent{} }), time.Now()
				err := c.SignInDevice(ctx, &shown{})
				if got, want := reason(err), Unreachable; got != want {
					t.Errorf("got  %q (%v)\nwant %q", got, err, want)
				}
				if got := time.Since(start); got != tt.took {
					t.Errorf("took %v\nwant %v", got, tt.took)
				}
			})
		})
	}
}

func TestCheckDevice(t *testing.T) {
	good := oauth2.DeviceAuthResponse{DeviceCode: "d", UserCode: "u", VerificationURI: "https://login.example/device"}
	tests := []struct {
		name  string
		spoil func(*oauth2.DeviceAuthResponse)
		ok    bool
	}{
		{"good", func(*oauth2.DeviceAuthResponse) {}, true},
		{"no device code", func(d *oauth2.DeviceAuthResponse) { d.DeviceCode = "" }, false},
		{"no user code", func(d *oauth2.DeviceAuthResponse) { d.UserCode = "" }, false},
		{"long user code", func(d *oauth2.DeviceAuthResponse) { d.UserCode = strings.Repeat("x", 65) }, false},
		{"no address", func(d *oauth2.DeviceAuthResponse) { d.VerificationURI = "" }, false},
		{"long address", func(d *oauth2.DeviceAuthResponse) { d.VerificationURI += strings.Repeat("x", 1024) }, false},
		{"cleartext address", func(d *oauth2.DeviceAuthResponse) { d.VerificationURI = "http://login.example/" }, false},
		{"script", func(d *oauth2.DeviceAuthResponse) { d.VerificationURI = "javascript:alert(1)" }, false},
		{"file", func(d *oauth2.DeviceAuthResponse) { d.VerificationURI = "file:///etc/passwd" }, false},
	}
	c := &Client{Config: Config{Provider: &settings.Provider{Name: "P"}}}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d := good
			tt.spoil(&d)
			err := c.checkDevice(&d, time.Now())
			if (err == nil) != tt.ok || err != nil && reason(err) != Unexpected {
				t.Errorf("got  %v\nwant ok: %v", err, tt.ok)
			}
		})
	}
}

func TestDeviceNotOffered(t *testing.T) {
	s := newIDP(t, idptest.Options{})
	c := newClient(t, s, func(c *Config) { c.Provider.OAuth.DeviceURL = "" })
	if err := c.SignInDevice(t.Context(), &shown{}); !errors.Is(err, ErrNotOffered) {
		t.Errorf("got  %v\nwant %v", err, ErrNotOffered)
	}
}
