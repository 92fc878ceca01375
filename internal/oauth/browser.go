package oauth

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"errors"
	"net/url"
	"slices"
	"time"

	"golang.org/x/oauth2"
)

const browserLimit = 5 * time.Minute

// Parameters of an authorization request that settings cannot replace.
var ownParams = []string{
	"response_type", "client_id", "redirect_uri", "scope", "state", "code_challenge", "code_challenge_method",
}

// SignInBrowser signs in with a browser on this machine: authorization code,
// PKCE and a redirect to the loopback interface (RFC 8252 §7.3, RFC 7636). The
// result is stored. It waits for five minutes at most.
func (c *Client) SignInBrowser(ctx context.Context, p Prompt, b BrowserOptions) error {
	cfg, err := c.config()
	if err != nil {
		return err
	}
	if cfg.Endpoint.AuthURL == "" {
		return ErrNotOffered
	}
	x := exchange{state: rand.Text(), verifier: oauth2.GenerateVerifier()}
	x.answer, err = c.redirected(ctx, cfg, visit{x.state, c.authParams(x.verifier), func(url string) {
		p.ShowURL(url)
		if b.Open != nil {
			// The URL is shown in any case, so a browser that fails is no fault.
			_ = b.Open(url)
		}
	}, b})
	if err != nil {
		return err
	}
	return c.finish(ctx, cfg, x)
}

// BrowserOptions say how a browser comes to the provider and back.
type BrowserOptions struct {
	Open   func(url string) error // starts a browser; nil: the user opens the URL that is shown
	Port   uint16                 // of the redirect address; 0: any that is free
	Pasted <-chan string          // addresses to which a browser elsewhere was sent back, as the user pastes them; nil: none
	// Ignored tells the user why what was pasted does not serve; nil: nobody is told.
	Ignored func(why string)
}

// A visit is what the browser is sent to the provider with.
type visit struct {
	state  string
	params []oauth2.AuthCodeOption
	start  func(url string)
	BrowserOptions
}

// redirected sends the browser to the provider and returns the query with
// which it comes back. It sets the redirect address in cfg.
func (c *Client) redirected(ctx context.Context, cfg *oauth2.Config, v visit) (url.Values, error) {
	wait, cancel := context.WithTimeout(ctx, c.limit)
	defer cancel()
	l, err := listen(wait, v.state, v.Port)
	if err != nil {
		return nil, err
	}
	defer l.close()
	cfg.RedirectURL = l.url(c.oauth.RedirectHost)
	v.start(cfg.AuthCodeURL(v.state, v.params...))
	answer, err := l.wait(wait, v.Pasted, v.Ignored)
	if err != nil {
		return nil, c.noAnswer(ctx, err)
	}
	return answer, nil
}

// authParams returns what an authorization request has beside the library's
// parameters.
func (c *Client) authParams(verifier string) []oauth2.AuthCodeOption {
	opts := []oauth2.AuthCodeOption{
		oauth2.S256ChallengeOption(verifier),
		oauth2.SetAuthURLParam("login_hint", c.User),
	}
	for name, value := range c.oauth.AuthParams {
		if !slices.Contains(ownParams, name) {
			opts = append(opts, oauth2.SetAuthURLParam(name, value))
		}
	}
	return opts
}

func (c *Client) noAnswer(ctx context.Context, err error) error {
	if ctx.Err() == nil && errors.Is(err, context.DeadlineExceeded) {
		return &Error{Provider: c.Provider.Name, Reason: TimedOut,
			Message: "the browser brought no answer within five minutes", Remedy: signInAgain}
	}
	g, _ := c.guard(ctx)
	return c.unreachable(g, err)
}

// An exchange is what an authorization code is exchanged with.
type exchange struct {
	answer          url.Values // the query of the redirect
	state, verifier string
}

// finish checks the redirect and exchanges its code for tokens. The state is
// compared before anything else is believed.
func (c *Client) finish(ctx context.Context, cfg *oauth2.Config, x exchange) error {
	g, octx := c.guard(ctx)
	g.note(x.answer.Get("code"))
	switch {
	case subtle.ConstantTimeCompare([]byte(x.answer.Get("state")), []byte(x.state)) != 1:
		return c.unexpected("the browser came back with the answer to another sign-in")
	case x.answer.Has("iss") && !sameOrigin(x.answer.Get("iss"), cfg.Endpoint.AuthURL):
		return c.unexpected("the browser came back from another sign-in server")
	case x.answer.Get("error") != "":
		return c.refusal(g, refusal{
			code: x.answer.Get("error"), description: x.answer.Get("error_description"),
		})
	case x.answer.Get("code") == "":
		return c.unexpected("the browser came back without a code")
	}
	tok, err := cfg.Exchange(octx, x.answer.Get("code"), oauth2.VerifierOption(x.verifier))
	if err != nil {
		return c.explain(g, err)
	}
	return c.accept(ctx, tok, c.grant(Browser, cfg))
}

// sameOrigin holds an issuer (RFC 9207) against the authorization endpoint.
// Settings name no issuer, so scheme, host and port must serve: another
// server's answer has another origin.
func sameOrigin(issuer, endpoint string) bool {
	a, errA := url.Parse(issuer)
	b, errB := url.Parse(endpoint)
	return errA == nil && errB == nil && a.Scheme == b.Scheme && a.Host == b.Host
}
