// Package oauth signs users in by OAuth2 for mail: by a device code
// (RFC 8628), in a browser with PKCE and a loopback redirect (RFC 7636,
// RFC 8252), or as an application of its own (RFC 6749 §4.4). It keeps what it
// was granted in a Store and renews it when it is used. Where a provider's
// endpoints are and which scopes mail needs is the settings' business; the
// client id is always the user's own.
package oauth

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"golang.org/x/oauth2"

	"mailprobe/internal/auth"
	"mailprobe/internal/secret"
	"mailprobe/internal/settings"
)

// Config says who signs in where.
type Config struct {
	Provider *settings.Provider
	User     string // mail address
	ClientID string // of the application as the user registered it
	Tenant   string // put for {tenant} in the URLs; empty: the stored one, else "common"

	Secret      auth.Secret      // empty: a public client, which sends none
	Certificate *tls.Certificate // with an RSA or EC key, instead of Secret in SignInApp; may be nil
	Places                       // where Secret and Certificate were read from, so that renewals find them

	// Workload reads, afresh for each token, the identity token that the provider
	// takes in place of a secret (a federated credential, RFC 7523 §2.2) from
	// where Places say. It is to be made for the audience. Nil: none is read.
	Workload func(ctx context.Context, t http.RoundTripper, p Places, audience string) (auth.Secret, error)
	// Pool lets the workload act as a service account at Google. Without a client id
	// the account's address serves as one.
	Pool Pool
	// ServiceAccount acts for User at Google; nil: there is none. Without a client
	// id its address serves as one.
	ServiceAccount *ServiceAccount

	// Command runs a shell command that prints a client secret; nil: none is run.
	Command func(ctx context.Context, line string) (auth.Secret, error)

	Store     Store             // nil: tokens are kept in memory
	Transport http.RoundTripper // nil: a transport of its own that honours the proxy variables
}

// A Client signs one user in at one provider and hands out access tokens. It
// may be used by several goroutines at once.
type Client struct {
	Config
	oauth *settings.OAuth
	limit time.Duration // for the browser to come back
}

// A Prompt shows the user where to go. What it is given comes from the
// provider and is not escaped.
type Prompt interface {
	// ShowDevice asks the user to open url on any device, before expires, and
	// to type code there.
	ShowDevice(url, code string, expires time.Time)
	// ShowURL asks the user to open url in a browser on this machine.
	ShowURL(url string)
}

// ErrNotOffered is returned where a provider has no sign-in of the kind asked
// for.
var ErrNotOffered = errors.New("the provider is not known to offer this sign-in")

// New returns the client for c. It fails if the provider has no OAuth2 for
// mail, or a URL or the tenant in c cannot be used. It reaches no network.
func New(c Config) (*Client, error) {
	if c.Provider == nil || c.Provider.OAuth == nil {
		return nil, ErrNotOffered
	}
	if c.ServiceAccount != nil && c.ClientID == "" {
		c.ClientID = c.ServiceAccount.Email
	}
	if c.ClientID == "" {
		c.ClientID = c.Pool.Account
	}
	if c.ClientID == "" || !printable(c.ClientID) {
		return nil, errors.New("no client id: register an application with the provider and name its id")
	}
	if c.User == "" || !visible(c.User) {
		return nil, errors.New("no user: name the mail address to sign in as")
	}
	if c.Store == nil {
		c.Store = newMemory()
	}
	if c.Transport == nil {
		c.Transport = NewTransport(nil, nil)
	}
	client := &Client{Config: c, oauth: c.Provider.OAuth, limit: browserLimit}
	if _, err := client.endpoint(); err != nil {
		return nil, err
	}
	return client, nil
}

// Key returns the name under which the client's tokens are stored.
func (c *Client) Key() Key {
	return Key{Provider: c.Provider.ID, ClientID: c.ClientID, User: c.User}
}

// with returns c with what a stored sign-in remembers and c was not told: the
// tenant and where the client secret lies.
func (c *Client) with(ctx context.Context, r *Record) (*Client, error) {
	told := *c
	if told.Tenant == "" {
		told.Tenant = r.Tenant
	}
	told.Places = r.Places
	var err error
	if r.ServiceAccountFile != "" && c.ServiceAccount == nil {
		told.ServiceAccount, err = ServiceAccountFile(r.ServiceAccountFile)
		return &told, err
	}
	if r.Federated() || !told.Secret.Empty() || told.Certificate != nil {
		return &told, nil
	}
	switch {
	case r.SecretFile != "":
		told.Secret, err = ClientSecretFile(r.SecretFile)
	case r.SecretCommand != "" && c.Command != nil:
		told.Secret, err = c.Command(ctx, r.SecretCommand)
	case r.CertificateFile != "":
		told.Certificate, err = readCertificate(r.CertificateFile, r.KeyFile)
	}
	return &told, err
}

// readCertificate reads a client certificate and its key from PEM files.
func readCertificate(file, key string) (*tls.Certificate, error) {
	pair, err := tls.LoadX509KeyPair(file, key)
	if err != nil {
		return nil, fmt.Errorf("the application's certificate cannot be read any more: %w", err)
	}
	return &pair, nil
}

// config returns the library's configuration.
func (c *Client) config() (*oauth2.Config, error) {
	e, err := c.endpoint()
	if err != nil {
		return nil, err
	}
	return &oauth2.Config{
		ClientID:     c.ClientID,
		ClientSecret: secret.Reveal(c.Secret),
		Endpoint:     e,
		Scopes:       c.scopes(),
	}, nil
}

// ClientSecretFile reads a client secret from the first line of a file. A
// file that other users can read is refused.
func ClientSecretFile(path string) (auth.Secret, error) {
	data, err := readPrivate(path)
	if err != nil {
		return auth.Secret{}, err
	}
	line, _, _ := strings.Cut(string(data), "\n")
	line = strings.TrimSuffix(line, "\r")
	if line == "" || !printable(line) {
		return auth.Secret{}, fmt.Errorf("%s: the first line is no client secret", path)
	}
	return auth.NewSecret(line), nil
}
