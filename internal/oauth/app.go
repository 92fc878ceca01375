package oauth

import (
	"context"
	"net/url"
	"slices"

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
	cfg := clientcredentials.Config{
		ClientID: c.ClientID, ClientSecret: secret.Reveal(c.Secret), TokenURL: e.TokenURL,
		Scopes: []string{c.oauth.AppScope}, AuthStyle: oauth2.AuthStyleInParams,
	}
	if c.Certificate != nil {
		assertion, err := c.assertion(e.TokenURL)
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
		return nil, c.explain(g, err)
	}
	return c.record(tok, grant{flow: AppOnly, tenant: c.Tenant, tokenURL: e.TokenURL})
}

// checkApp refuses what the provider would refuse with less clear words.
func (c *Client) checkApp() error {
	shared := []string{"", "common", "organizations", "consumers"}
	switch {
	case c.oauth.AppScope == "":
		return ErrNotOffered
	case c.Secret.Empty() && c.Certificate == nil:
		return &Error{Provider: c.Settings.Name, Reason: Application,
			Message: "an application signs in with its secret or certificate, and none was given",
			Remedy:  "pass --client-secret-file"}
	case c.oauth.Tenant && slices.Contains(shared, c.Tenant):
		return &Error{Provider: c.Settings.Name, Reason: Tenant,
			Message: "an application signs in to one organisation, and none was named", Remedy: checkTenant}
	}
	return nil
}
