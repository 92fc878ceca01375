package oauth

import (
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"mailprobe/internal/auth"
	"mailprobe/internal/oauth/idptest"
	"mailprobe/internal/secret"
	"mailprobe/internal/settings"
)

func TestHostileAnswers(t *testing.T) {
	tests := []struct {
		fault  idptest.Fault
		want   Reason
		detail string // in the error
		device Reason // where a device request ends in another way
		app    Reason // where an application's does
	}{
		{idptest.Malformed, Unexpected, "RFC 6749", "", ""},
		{idptest.Null, Unexpected, "null", "", ""},
		{idptest.Empty, Unexpected, "RFC 6749", Unexpected, ""},
		{idptest.Huge, Unexpected, "64 KiB", "", ""},
		{idptest.Redirect, Unexpected, "redirect", "", ""},
		{idptest.Portal, Unexpected, "web page (HTTP status 200)", "", ""},
		{idptest.NotFound, Unexpected, "web page (HTTP status 404)", "", ""},
		{idptest.HTML, Temporary, "HTTP status 502", "", ""},
		{idptest.EchoError, Ended, secret.Redacted, Ended, Application},
		{idptest.EchoBody, Other, "HTTP status 400", "", ""},
		{idptest.EchoOK, Other, secret.Redacted, Unexpected, ""},
		{idptest.ControlToken, Unexpected, "characters", Unexpected, ""},
		{idptest.HangUp, Unreachable, "EOF", "", ""},
	}
	flows := map[string]func(*testing.T, *Client) error{
		"refresh": func(t *testing.T, c *Client) error {
			_, err := c.Token(t.Context(), settings.IMAP)
			return err
		},
		"browser": func(t *testing.T, c *Client) error {
			return c.SignInBrowser(t.Context(), &shown{visit: func(u string) { go browse(t, u) }}, BrowserOptions{})
		},
		"device": func(t *testing.T, c *Client) error { return c.SignInDevice(t.Context(), &shown{}) },
		"app":    func(t *testing.T, c *Client) error { return c.SignInApp(t.Context()) },
	}
	for _, tt := range tests {
		for flow, run := range flows {
			t.Run(string(tt.fault)+"/"+flow, func(t *testing.T) {
				s := newIDP(t, idptest.Options{Secret: "the-client-secret"})
				c := newClient(t, s, func(c *Config) { c.Secret = auth.NewSecret("the-client-secret") })
				signIn(t, c, 0)
				s.Set(func(o *idptest.Options) { o.Fault = tt.fault })
				err := run(t, c)
				want, detail := tt.want, tt.detail
				if flow == "device" && tt.device != "" {
					want, detail = tt.device, ""
				}
				if flow == "app" && tt.app != "" {
					want = tt.app
				}
				if got := reason(err); got != want || !strings.HasPrefix(fmt.Sprint(err), "sign-in at "+c.Provider.Name) || !strings.Contains(fmt.Sprint(err), detail) {
					t.Errorf("got  %q (%v)\nwant %q with %q", got, err, want, detail)
				}
				if got := len(s.Requests(idptest.Stolen)); got != 0 {
					t.Errorf("a redirect was followed")
				}
				holdsNoSecret(t, err, append(s.Issued(), "the-client-secret"))
			})
		}
	}
}

// holdsNoSecret looks for secrets and control characters in every form of an
// error and of the errors below it.
func holdsNoSecret(t *testing.T, err error, secrets []string) {
	t.Helper()
	for ; err != nil; err = errors.Unwrap(err) {
		asJSON, _ := json.Marshal(err)
		for _, text := range []string{
			fmt.Sprintf("%v %+v %#v %q %x", err, err, err, err, []byte(err.Error())), string(asJSON),
		} {
			for _, s := range secrets {
				if strings.Contains(text, s) || strings.Contains(text, fmt.Sprintf("%x", s)) {
					t.Errorf("secret %q in %s", s, text)
				}
			}
		}
		if text := err.Error(); !visible(text) || len(text) > 4096 {
			t.Errorf("not escaped or not clipped: %q", text)
		}
	}
}

func TestErrorText(t *testing.T) {
	for _, row := range []struct {
		err  Error
		want string
	}{
		{Error{Message: "it is over", Code: "invalid_grant", Status: 400, Remedy: "sign in", Detail: "gone"},
			"sign-in at P (invalid_grant): It is over. Sign in. The provider said: gone"},
		{Error{Message: "It is over.", Status: 400, Remedy: "Sign in.", HelpURL: "https://help.example"},
			"sign-in at P (HTTP status 400): It is over. Sign in. See https://help.example ."},
		{Error{Message: "été"}, "sign-in at P: Été."},
	} {
		row.err.Provider = "P"
		if got := row.err.Error(); got != row.want {
			t.Errorf("got  %s\nwant %s", got, row.want)
		}
	}
}

func TestSecretsCannotBePrinted(t *testing.T) {
	const value = "refresh-token-value"
	s := auth.NewSecret(value)
	r := Record{Key: Key{User: "u"}, access: s, refresh: s}
	cfg := Config{Secret: s}
	var log strings.Builder
	slog.New(slog.NewJSONHandler(&log, nil)).Info("x", "s", s, "r", r, "c", cfg)
	asJSON, err := json.Marshal([]any{s, r, map[string]any{"s": s}})
	if err != nil {
		t.Fatal(err)
	}
	texts := []string{log.String(), string(asJSON)}
	for _, v := range []any{s, &s, r, &r, []auth.Secret{s}, map[string]auth.Secret{"k": s}, cfg, &cfg} {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%t"} {
			texts = append(texts, fmt.Sprintf(verb, v))
		}
	}
	for _, text := range texts {
		if strings.Contains(text, value) || strings.Contains(strings.ToLower(text), fmt.Sprintf("%x", value)) {
			t.Errorf("the value is in %s", text)
		}
	}
}

// Property: whatever the provider says and whichever secret passed, the
// quotation holds no secret, no control character, and is bounded.
func FuzzQuoteHidesSecrets(f *testing.F) {
	f.Add("AADSTS50076: hello \x1b[31m", "", "s3cret-value")
	f.Add("\u202eabc", "\x00\n", "a b+c/d=")
	f.Add("", "", "0123456789012345678901234567890123456789012345")
	f.Fuzz(func(t *testing.T, before, after, passed string) {
		if len(passed) < 8 || strings.Contains(secret.Redacted, passed) || !printable(passed) {
			t.Skip()
		}
		g := &guard{scrubber: auth.NewScrubber()}
		g.note(passed)
		got := g.quote(before + passed + after)
		if clean := g.quote(before + "|" + after); strings.Contains(got, passed) && !strings.Contains(clean, passed) {
			t.Errorf("secret %q in %q", passed, got)
		}
		if !visible(got) {
			t.Errorf("not escaped: %q", got)
		}
		if len(got) > 10*maxQuote+3 {
			t.Errorf("%d bytes", len(got))
		}
	})
}

// Property: no file makes decode fail in another way than errRecord, and what
// it reads is written back alike.
func FuzzDecodeRoundTrip(f *testing.F) {
	r := &Record{Key: Key{"p", "c", "u"}, Flow: Browser, Saved: time.Unix(1, 0).UTC(), access: auth.NewSecret("a")}
	data, err := encode(r)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(data)
	f.Add([]byte(`{"version":2}`))
	f.Add([]byte(`null`))
	f.Fuzz(func(t *testing.T, data []byte) {
		r, err := decode(data)
		if err != nil {
			if !errors.Is(err, errRecord) {
				t.Errorf("got  %v\nwant %v", err, errRecord)
			}
			return
		}
		first, err := encode(r)
		if err != nil {
			t.Fatal(err)
		}
		again, err := decode(first)
		if err != nil {
			t.Fatal(err)
		}
		second, err := encode(again)
		if err != nil || string(first) != string(second) {
			t.Errorf("first  %s\nsecond %s (%v)", first, second, err)
		}
	})
}

// TestForeignSecret holds what a server quotes that this program never sent.
func TestForeignSecret(t *testing.T) {
	const text = "invalid client: GOCSPX-aB3_dE6gH9jK2mN5pQ8sT1vW4y is not client_secret=hunter2hunter of the id 0f3c1f52-1234-4321-aaaa-bbbbccccdddd"
	s := newIDP(t, idptest.Options{})
	c := newClient(t, s, nil)
	signIn(t, c, 0)
	s.Set(func(o *idptest.Options) { o.TokenError, o.Description = "invalid_client", text })
	_, err := c.Token(t.Context(), settings.IMAP)
	if said := fmt.Sprint(err); strings.Contains(said, "GOCSPX") || strings.Contains(said, "hunter2") || !strings.Contains(said, "0f3c1f52-1234-4321-aaaa-bbbbccccdddd") {
		t.Errorf("got  %s\nwant no secret, and the id", said)
	}
}
