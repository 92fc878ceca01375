package oauth

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"mailprobe/internal/oauth/idptest"
	"mailprobe/internal/settings"
)

const testUser = "user@example.com"

// shown is a Prompt that remembers what it was given.
type shown struct {
	url, code string
	expires   time.Time
	visit     func(url string)
}

func (s *shown) ShowDevice(url, code string, expires time.Time) {
	s.url, s.code, s.expires = url, code, expires
}

func (s *shown) ShowURL(url string) {
	s.url = url
	if s.visit != nil {
		s.visit(url)
	}
}

func newIDP(t *testing.T, o idptest.Options) *idptest.Server {
	t.Helper()
	s := idptest.New(o)
	t.Cleanup(s.Close)
	return s
}

func newClient(t *testing.T, s *idptest.Server, change func(*Config)) *Client {
	t.Helper()
	c := Config{Provider: s.Provider(), User: testUser, ClientID: "client-1"}
	if change != nil {
		change(&c)
	}
	client, err := New(c)
	if err != nil {
		t.Fatal(err)
	}
	return client
}

func stored1(t *testing.T, c *Client) *Record {
	t.Helper()
	r, err := c.Store.Load(t.Context(), c.Key())
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func reason(err error) Reason {
	var e *Error
	if errors.As(err, &e) {
		return e.Reason
	}
	return ""
}

func TestNewRefuses(t *testing.T) {
	tests := []struct {
		name   string
		change func(*Config)
		want   string // in the error
	}{
		{"no settings", func(c *Config) { c.Provider = nil }, ErrNotOffered.Error()},
		{"no OAuth2", func(c *Config) { c.Provider.OAuth = nil }, ErrNotOffered.Error()},
		{"no token URL", func(c *Config) { c.Provider.OAuth.TokenURL = "" }, ErrNotOffered.Error()},
		{"no client id", func(c *Config) { c.ClientID = "" }, "client id"},
		{"no user", func(c *Config) { c.User = "" }, "user"},
		{"user with a control character", func(c *Config) { c.User = "a\x01b" }, "user"},
		{"cleartext token URL", func(c *Config) { c.Provider.OAuth.TokenURL = "http://login.example/t" }, "https"},
		{"cleartext device URL", func(c *Config) { c.Provider.OAuth.DeviceURL = "http://login.example/t" }, "https"},
		{"URL with a password", func(c *Config) { c.Provider.OAuth.TokenURL = "https://a:b@login.example/t" }, "https"},
		{"loopback name as a label", func(c *Config) { c.Provider.OAuth.TokenURL = "http://localhost.example/t" }, "https"},
		{"tenant with a slash", func(c *Config) { c.Tenant = "a/../b" }, "tenant"},
		{"tenant that changes the host", func(c *Config) { c.Tenant = "x@evil.example" }, "tenant"},
		{"tenant of dots", func(c *Config) { c.Tenant = ".." }, "tenant"},
	}
	s := newIDP(t, idptest.Options{})
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c := Config{Provider: s.Provider(), User: testUser, ClientID: "client-1"}
			tt.change(&c)
			_, err := New(c)
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got  %v\nwant an error with %q", err, tt.want)
			}
		})
	}
}

func TestTenantGoesIntoEveryURL(t *testing.T) {
	const base = "https://login.example/{tenant}/"
	c := &Client{oauth: &settings.OAuth{AuthURL: base + "a", TokenURL: base + "t", DeviceURL: base + "d"}}
	for tenant, path := range map[string]string{"": "common", "corp.example": "corp.example"} {
		c.Tenant = tenant
		e, err := c.endpoint()
		if err != nil {
			t.Fatal(err)
		}
		got := []string{e.AuthURL, e.TokenURL, e.DeviceAuthURL}
		want := []string{"https://login.example/" + path + "/a", "https://login.example/" + path + "/t", "https://login.example/" + path + "/d"}
		if !slices.Equal(got, want) {
			t.Errorf("got  %v\nwant %v", got, want)
		}
	}
}

func TestScopesOfAllProtocolsOnce(t *testing.T) {
	c := &Client{oauth: &settings.OAuth{
		Scopes: map[settings.Protocol][]string{
			settings.SMTP: {"all", "send"}, settings.IMAP: {"all"}, settings.POP3: {"all"},
		},
		ExtraScopes: []string{"offline_access"},
	}}
	got := strings.Join(c.scopes(), " ")
	want := "all send offline_access"
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestMissingScopes(t *testing.T) {
	const microsoft = "https://outlook.office.com/"
	tests := []struct {
		name, want, granted, missing string
	}{
		{"granted", "mail.imap", "mail.imap mail.pop", ""},
		{"not said", "mail.imap", "", ""},
		{"not granted", "mail.imap", "mail.pop", "mail.imap"},
		{"other host of the same resource", microsoft + "SMTP.Send", "https://outlook.office365.com/SMTP.Send", ""},
		{"short form", microsoft + "SMTP.Send", "SMTP.Send", ""},
		{"other permission", microsoft + "SMTP.Send", microsoft + "POP.AccessAsUser.All", microsoft + "SMTP.Send"},
		{"URL that ends in a slash", "https://mail.google.com/", "https://other.example/", "https://mail.google.com/"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c := &Client{oauth: &settings.OAuth{Scopes: map[settings.Protocol][]string{settings.IMAP: {tt.want}}}}
			got := strings.Join(c.missing(settings.IMAP, strings.Fields(tt.granted)), " ")
			if got != tt.missing {
				t.Errorf("got  %q\nwant %q", got, tt.missing)
			}
		})
	}
}
