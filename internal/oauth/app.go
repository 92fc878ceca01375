package oauth

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	_ "crypto/sha512" // for ES384
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"golang.org/x/oauth2"
	"golang.org/x/oauth2/clientcredentials"

	"mailprobe/internal/secret"
)

// SignInApp signs in as the application itself, with its secret or
// certificate (RFC 6749 §4.4), and stores the result. ErrNotOffered: the
// provider has no such sign-in for mail.
func (c *Client) SignInApp(ctx context.Context) error {
	r, err := c.grantApp(ctx)
	if err != nil {
		return err
	}
	return c.keep(ctx, r)
}

func (c *Client) grantApp(ctx context.Context) (*Record, error) {
	if err := c.checkApp(); err != nil {
		return nil, err
	}
	e, err := c.endpoint()
	if err != nil {
		return nil, err
	}
	if c.oauth.AppGrant == jwtBearer {
		return c.grantAccount(ctx, e)
	}
	cfg := clientcredentials.Config{
		ClientID: c.ClientID, ClientSecret: secret.Reveal(c.Secret), TokenURL: e.TokenURL,
		Scopes: []string{c.oauth.AppScope}, AuthStyle: oauth2.AuthStyleInParams,
	}
	if c.Certificate != nil || c.federated() {
		assertion, err := c.shown(ctx, e.TokenURL)
		if err != nil {
			return nil, err
		}
		cfg.ClientSecret = ""
		cfg.EndpointParams = url.Values{
			"client_assertion_type": {"urn:ietf:params:oauth:client-assertion-type:jwt-bearer"},
			"client_assertion":      {assertion},
		}
	}
	g, ctx := c.guard(ctx)
	tok, err := cfg.Token(ctx)
	if err != nil {
		return nil, c.refusedApp(g, err)
	}
	return c.record(tok, grant{flow: AppOnly, tenant: c.Tenant, tokenURL: e.TokenURL})
}

// checkApp refuses what the provider would refuse with less clear words.
// Nothing is sent.
func (c *Client) checkApp() error {
	shared := []string{"", "common", "organizations", "consumers"}
	switch {
	case c.oauth.AppScope == "":
		return ErrNotOffered
	case c.Pool != (Pool{}) && c.oauth.ExchangeURL == "":
		return fmt.Errorf("%s knows no workload identity pools; leave --workload-provider and --service-account out", c.Provider.Name)
	case c.Pool != (Pool{}) && !c.federated():
		return errors.New("no identity token of the workload to act as a service account with; add --federated-github, --federated-token-file or --federated-token-command")
	case c.Pool != (Pool{}):
		return c.Pool.Check()
	case c.oauth.AppGrant == jwtBearer && c.ServiceAccount == nil && c.federated():
		return errors.New("a workload acts as a service account here; add --workload-provider and --service-account")
	case c.oauth.AppGrant == jwtBearer && c.ServiceAccount == nil:
		return ErrNoServiceAccount
	case c.oauth.AppGrant == jwtBearer:
		return nil
	case c.ServiceAccount != nil:
		return fmt.Errorf("%s takes no service account of Google's; name the application's secret, certificate or federated token", c.Provider.Name)
	case c.Secret.Empty() && c.Certificate == nil && !c.federated():
		return ErrNoAppSecret
	case c.expired() != "":
		return fmt.Errorf("the application's certificate expired on %s, by this computer's clock; make a new one and upload it to the application's registration", c.expired())
	case c.oauth.Tenant && slices.Contains(shared, strings.ToLower(c.Tenant)):
		return ErrNoTenant
	}
	return nil
}

// What an application needs in order to sign in by itself.
var (
	ErrNoAppSecret = errors.New("an application signs in with its secret or certificate, and none was given")
	ErrNoTenant    = errors.New("an application signs in to one organisation, and none was named")
)

const assertionLife = 5 * time.Minute

// shown returns the assertion by which the application shows who it is: that
// of its workload, or one that is made with its certificate.
func (c *Client) shown(ctx context.Context, tokenURL string) (string, error) {
	if !c.federated() {
		return c.assertion(tokenURL)
	}
	v, err := c.Workload(ctx, c.Transport, c.Places, c.audience())
	return secret.Reveal(v), err
}

// federated reports whether the workload's identity token is shown.
func (c *Client) federated() bool { return c.Workload != nil && c.Places.Federated() }

// assertion returns a JWT by which the application shows that it has the key
// of its certificate (RFC 7523 §2.2 and §3), in the form that Microsoft asks
// for: the certificate's SHA-256 thumbprint, and PS256 with an RSA key. With an
// EC key it is signed as RFC 7518 §3.4 says.
func (c *Client) assertion(tokenURL string) (string, error) {
	if len(c.Certificate.Certificate) == 0 {
		return "", errNoKey
	}
	sign, err := signer(c.Certificate.PrivateKey)
	if err != nil {
		return "", err
	}
	thumbprint := sha256.Sum256(c.Certificate.Certificate[0])
	now := time.Now()
	header := map[string]any{"alg": sign.algorithm, "typ": "JWT", "x5t#S256": base64.RawURLEncoding.EncodeToString(thumbprint[:])}
	claims := map[string]any{
		"aud": tokenURL, "iss": c.ClientID, "sub": c.ClientID, "jti": rand.Text(),
		"iat": now.Unix(), "nbf": now.Unix(), "exp": now.Add(assertionLife).Unix(),
	}
	return sign.jwt(header, claims)
}

var errNoKey = errors.New("the client certificate needs an RSA key, or an EC key of the curve P-256 or P-384")

// A jwtSigner signs as one algorithm of RFC 7518 does.
type jwtSigner struct {
	algorithm string
	hash      crypto.Hash
	sign      func(digest []byte) ([]byte, error)
}

func signer(key crypto.PrivateKey) (jwtSigner, error) {
	switch key := key.(type) {
	case *rsa.PrivateKey:
		return jwtSigner{"PS256", crypto.SHA256, func(digest []byte) ([]byte, error) {
			return rsa.SignPSS(rand.Reader, key, crypto.SHA256, digest, &rsa.PSSOptions{SaltLength: rsa.PSSSaltLengthEqualsHash})
		}}, nil
	case *ecdsa.PrivateKey:
		size := (key.Curve.Params().BitSize + 7) / 8
		s := jwtSigner{"ES256", crypto.SHA256, func(digest []byte) ([]byte, error) {
			r, v, err := ecdsa.Sign(rand.Reader, key, digest)
			if err != nil {
				return nil, err
			}
			return append(r.FillBytes(make([]byte, size)), v.FillBytes(make([]byte, size))...), nil
		}}
		switch key.Curve {
		case elliptic.P256():
			return s, nil
		case elliptic.P384():
			s.algorithm, s.hash = "ES384", crypto.SHA384
			return s, nil
		}
	}
	return jwtSigner{}, errNoKey
}

// jwt returns a signed token (RFC 7515 §7.1).
func (s jwtSigner) jwt(header, claims map[string]any) (string, error) {
	text := segment(header) + "." + segment(claims)
	h := s.hash.New()
	h.Write([]byte(text))
	signature, err := s.sign(h.Sum(nil))
	if err != nil {
		return "", fmt.Errorf("sign with the application's key: %w", err)
	}
	return text + "." + base64.RawURLEncoding.EncodeToString(signature), nil
}

func segment(v map[string]any) string {
	data, _ := json.Marshal(v)
	return base64.RawURLEncoding.EncodeToString(data)
}
