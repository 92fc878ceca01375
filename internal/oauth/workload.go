package oauth

import (
	"context"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"net/url"
	"time"

	"golang.org/x/oauth2"
	"golang.org/x/oauth2/clientcredentials"

	"mailprobe/internal/auth"
	"mailprobe/internal/auth/token"
	"mailprobe/internal/secret"
)

// A ServiceAccount is the key of a Google service account, which acts for a
// user of its organisation where domain-wide delegation allows it.
type ServiceAccount struct {
	Email string // of the account itself
	keyID string
	key   *rsa.PrivateKey
}

// ServiceAccountFile reads a service account's key from the JSON file that
// Google gives out. A file that other users can read is refused. An error
// quotes nothing of it.
func ServiceAccountFile(path string) (*ServiceAccount, error) {
	data, err := readPrivate(path)
	if err != nil {
		return nil, err
	}
	var file struct {
		Type  string `json:"type"`
		Email string `json:"client_email"`
		ID    string `json:"private_key_id"`
		Key   string `json:"private_key"`
	}
	if json.Unmarshal(data, &file) == nil && file.Type == "external_account" {
		return nil, fmt.Errorf("%s: it describes workload identity federation and holds no key; name its parts with --workload-provider, --service-account and a --federated-token flag", path)
	}
	if json.Unmarshal(data, &file) != nil || file.Key == "" {
		return nil, fmt.Errorf("%s: it is no key of a service account (JSON with private_key)", path)
	}
	if file.Type != "service_account" || file.Email == "" {
		return nil, fmt.Errorf("%s: it is a key of another type than service_account", path)
	}
	block, _ := pem.Decode([]byte(file.Key))
	if block == nil {
		return nil, fmt.Errorf("%s: its private_key is not in PEM form", path)
	}
	parsed, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	key, ok := parsed.(*rsa.PrivateKey)
	if err != nil || !ok {
		return nil, fmt.Errorf("%s: its private_key is no RSA key", path)
	}
	return &ServiceAccount{file.Email, file.ID, key}, nil
}

// assertion returns the JWT by which the account asks to act for a user (RFC
// 7523 §2.1, Google's guide to OAuth 2.0 for service accounts).
func (a *ServiceAccount) assertion(user, scope, tokenURL string) (string, error) {
	sign := jwtSigner{"RS256", crypto.SHA256, func(digest []byte) ([]byte, error) {
		return rsa.SignPKCS1v15(rand.Reader, a.key, crypto.SHA256, digest)
	}}
	return sign.jwt(map[string]any{"alg": sign.algorithm, "typ": "JWT", "kid": a.keyID}, accountClaims(a.Email, user, scope, tokenURL))
}

// accountClaims say that a service account wants to act for a user.
func accountClaims(account, user, scope, tokenURL string) map[string]any {
	now := time.Now()
	return map[string]any{
		"iss": account, "sub": user, "scope": scope, "aud": tokenURL, "iat": now.Unix(), "exp": now.Add(assertionLife).Unix(),
	}
}

const jwtBearer = "urn:ietf:params:oauth:grant-type:jwt-bearer"

// ErrNoServiceAccount says that an application signs in by a service account's
// key here.
var ErrNoServiceAccount = errors.New("an application signs in by the key of a service account here, and none was given")

// grantAccount asks for a token as a service account that acts for the user.
func (c *Client) grantAccount(ctx context.Context, e oauth2.Endpoint) (*Record, error) {
	var assertion string
	var err error
	if c.ServiceAccount != nil {
		assertion, err = c.ServiceAccount.assertion(c.User, c.oauth.AppScope, e.TokenURL)
	} else {
		assertion, err = c.poolAssertion(ctx, e.TokenURL)
	}
	if err != nil {
		return nil, err
	}
	cfg := clientcredentials.Config{TokenURL: e.TokenURL, AuthStyle: oauth2.AuthStyleInParams,
		EndpointParams: url.Values{"grant_type": {jwtBearer}, "assertion": {assertion}}}
	g, ctx := c.guard(ctx)
	tok, err := cfg.Token(ctx)
	if err != nil {
		return nil, c.refusedApp(g, err)
	}
	return c.record(tok, grant{flow: AppOnly, tokenURL: e.TokenURL, scopes: []string{c.oauth.AppScope}})
}

// expired is the day on which the application's certificate expired; empty: it
// has none, or one in force.
func (c *Client) expired() string {
	if c.Certificate == nil || c.Certificate.Leaf == nil || time.Now().Before(c.Certificate.Leaf.NotAfter) {
		return ""
	}
	return c.Certificate.Leaf.NotAfter.Format(time.DateOnly)
}

// notRefresh names the forms that cannot be a refresh token, of a reading as
// access token.
var notRefresh = map[token.Form]string{
	token.Access: "an access token", token.IDToken: "an ID token", token.Code: "an authorization code", token.ClientSecret: "a client secret",
	token.ClientID: "a client id", token.AppPassword: "an app password", token.JSONToken: "JSON", token.JSONError: "JSON", token.JSON: "JSON",
	token.ServiceKey: "the key of a service account", token.PrivateKey: "a private key", token.HTML: "a web page", token.Words: "several words",
	token.Null: "a word for nothing", token.Placeholder: "a placeholder", token.Quoted: "quotation marks", token.Prefixed: "a header",
	token.Address: "an address", token.CodeAddress: "an address",
}

// NoRefreshToken names what a text is that cannot be a refresh token; empty: it
// may be one.
func NoRefreshToken(v auth.Secret) string {
	r, _ := auth.NewCredential(auth.Token, v).Reading()
	return notRefresh[r.Form]
}

// SignInRefresh signs in with a refresh token that lies elsewhere, and stores
// the result. rotated reports that the provider gave a new one in its place:
// the old one may be void.
func (c *Client) SignInRefresh(ctx context.Context, refresh auth.Secret) (rotated bool, err error) {
	cfg, err := c.config()
	if err != nil {
		return false, err
	}
	g, octx := c.guard(ctx)
	tok, err := cfg.TokenSource(octx, &oauth2.Token{RefreshToken: secret.Reveal(refresh)}).Token()
	if err != nil {
		return false, c.explain(g, err)
	}
	rotated = tok.RefreshToken != "" && tok.RefreshToken != secret.Reveal(refresh)
	return rotated, c.accept(ctx, tok, c.grant(Browser, cfg))
}
