package oauth

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"mailprobe/internal/auth"
	"mailprobe/internal/oauth/idptest"
	"mailprobe/internal/settings"
)

// What an application lacks is told before anything is sent.
func TestSignInAppLacks(t *testing.T) {
	for name, row := range map[string]struct {
		change func(*Config)
		want   error
	}{
		"no secret": {nil, ErrNoAppSecret},
		"no tenant": {func(c *Config) {
			c.Secret, c.Provider.OAuth.Tenant = auth.NewSecret("s3cret"), true
		}, ErrNoTenant},
		"shared tenant": {func(c *Config) {
			c.Secret, c.Provider.OAuth.Tenant, c.Tenant = auth.NewSecret("s3cret"), true, "Common"
		}, ErrNoTenant},
		"certificate that has expired": {func(c *Config) {
			c.Certificate = &tls.Certificate{Certificate: [][]byte{{1}}, Leaf: &x509.Certificate{NotAfter: time.Now().Add(-time.Hour)}}
		}, nil},
	} {
		s := newIDP(t, idptest.Options{Secret: "s3cret"})
		err := newClient(t, s, row.change).SignInApp(t.Context())
		said := errors.Is(err, row.want) || row.want == nil && strings.Contains(fmt.Sprint(err), "expired on")
		if got := len(s.Requests("")); !said || got != 0 {
			t.Errorf("%s\ngot  %v after %d requests\nwant %v after none", name, err, got, row.want)
		}
	}
}

func TestSignInApp(t *testing.T) {
	tests := []struct {
		name   string
		opts   idptest.Options
		change func(*Config)
		want   Reason
	}{
		{"secret", idptest.Options{Secret: "s3cret"}, func(c *Config) { c.Secret = auth.NewSecret("s3cret") }, ""},
		{"wrong secret", idptest.Options{Secret: "s3cret"}, func(c *Config) { c.Secret = auth.NewSecret("other") }, Application},
		{"tenant", idptest.Options{Secret: "s3cret"}, func(c *Config) {
			c.Secret, c.Provider.OAuth.Tenant, c.Tenant = auth.NewSecret("s3cret"), true, "corp.example"
		}, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := newIDP(t, tt.opts)
			c := newClient(t, s, tt.change)
			err := c.SignInApp(t.Context())
			if got := reason(err); got != tt.want || (err == nil) != (tt.want == "") {
				t.Fatalf("got  %q (%v)\nwant %q", got, err, tt.want)
			}
			if err != nil {
				namesProvider(t, err)
				return
			}
			if got, want := s.Requests("/token")[0].Form.Get("scope"), idptest.ScopeApp; got != want {
				t.Errorf("scope %q\nwant  %q", got, want)
			}
			if tok, err := c.Token(t.Context(), settings.SMTP); err != nil || tok.Access.Empty() {
				t.Errorf("got %v, %v", tok, err)
			}
		})
	}
}

func TestAppNotOffered(t *testing.T) {
	s := newIDP(t, idptest.Options{})
	c := newClient(t, s, func(c *Config) { c.Provider.OAuth.AppScope = "" })
	if err := c.SignInApp(t.Context()); !errors.Is(err, ErrNotOffered) {
		t.Errorf("got  %v\nwant %v", err, ErrNotOffered)
	}
}

func TestSignInAppWithCertificate(t *testing.T) {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	der := []byte("the certificate's DER")
	s := newIDP(t, idptest.Options{Assertion: true})
	c := newClient(t, s, func(c *Config) {
		c.Secret = auth.NewSecret("not to be sent")
		c.Certificate = &tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
	})
	if err := c.SignInApp(t.Context()); err != nil {
		t.Fatal(err)
	}
	form := s.Requests("/token")[0].Form
	if form.Has("client_secret") {
		t.Error("a secret was sent beside the assertion")
	}
	parts := strings.Split(form.Get("client_assertion"), ".")
	if len(parts) != 3 {
		t.Fatalf("assertion of %d parts", len(parts))
	}
	sum := sha256.Sum256([]byte(parts[0] + "." + parts[1]))
	signature, _ := base64.RawURLEncoding.DecodeString(parts[2])
	if err := rsa.VerifyPSS(&key.PublicKey, crypto.SHA256, sum[:], signature, nil); err != nil {
		t.Error(err)
	}
	var claims map[string]any
	data, _ := base64.RawURLEncoding.DecodeString(parts[1])
	if err := json.Unmarshal(data, &claims); err != nil {
		t.Fatal(err)
	}
	if claims["aud"] != s.URL+"/token" || claims["iss"] != "client-1" || claims["sub"] != "client-1" {
		t.Errorf("claims %v", claims)
	}
}
