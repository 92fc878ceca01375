package oauth

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"

	"golang.org/x/oauth2"
	"golang.org/x/oauth2/clientcredentials"

	"mailprobe/internal/auth"
	"mailprobe/internal/lazyregexp"
)

// A Pool lets a workload act as a Google service account without its key: by
// workload identity federation. The zero Pool is none.
type Pool struct {
	Provider string // full name of the identity provider: projects/NUMBER/locations/global/workloadIdentityPools/POOL/providers/PROVIDER
	Account  string // address of the service account
}

var (
	poolProvider = lazyregexp.New(`^projects/[0-9]{1,20}/locations/global/workloadIdentityPools/[a-z0-9-]{4,32}/providers/[a-z0-9-]{4,32}$`)
	poolAccount  = lazyregexp.New(`^[a-z0-9-]{1,63}@[a-z0-9.:-]{1,100}\.gserviceaccount\.com$`)
)

// Check says what is wrong with the names; nothing is asked. The project's id
// in place of its number is refused by Google in unclear words.
func (p Pool) Check() error {
	switch {
	case !poolProvider.MatchString(p.Provider):
		return errors.New("the identity provider's full name is wanted, with the project's number: projects/NUMBER/locations/global/workloadIdentityPools/POOL/providers/PROVIDER")
	case !poolAccount.MatchString(p.Account):
		return errors.New("the address of a service account is wanted, such as probe@project.iam.gserviceaccount.com")
	}
	return nil
}

// audience is what a workload's identity token must be made for.
func (c *Client) audience() string {
	return strings.ReplaceAll(c.oauth.WorkloadAudience, "{provider}", c.Pool.Provider)
}

const (
	tokenExchange = "urn:ietf:params:oauth:grant-type:token-exchange"
	typeOfToken   = "urn:ietf:params:oauth:token-type:"
	cloudScope    = "https://www.googleapis.com/auth/cloud-platform"
)

// poolAssertion returns the JWT by which the service account asks to act for
// the user, signed by Google: the workload's identity token is exchanged (RFC
// 8693) for one that may sign.
func (c *Client) poolAssertion(ctx context.Context, tokenURL string) (string, error) {
	identity, err := c.shown(ctx, tokenURL)
	if err != nil {
		return "", err
	}
	cfg := clientcredentials.Config{TokenURL: c.oauth.ExchangeURL, AuthStyle: oauth2.AuthStyleInParams, EndpointParams: url.Values{
		"grant_type": {tokenExchange}, "audience": {strings.TrimPrefix(c.audience(), "https:")}, "scope": {cloudScope},
		"requested_token_type": {typeOfToken + "access_token"}, "subject_token_type": {typeOfToken + "jwt"}, "subject_token": {identity},
	}}
	g, gctx := c.guard(ctx)
	tok, err := cfg.Token(gctx)
	if err != nil {
		return "", fmt.Errorf("exchanging the workload's identity token (%s): %w", c.oauth.ExchangeURL, c.refusedApp(g, err))
	}
	claims, _ := json.Marshal(accountClaims(c.Pool.Account, c.User, c.oauth.AppScope, tokenURL))
	signed, err := c.signAs(gctx, g, auth.NewSecret(tok.AccessToken), claims)
	if err != nil {
		return "", fmt.Errorf("signing as the service account %s: %w", c.Pool.Account, err)
	}
	return signed, nil
}

// signAs lets Google sign claims with a service account's key (IAM Service
// Account Credentials API, projects.serviceAccounts.signJwt).
func (c *Client) signAs(ctx context.Context, g *guard, may auth.Secret, claims []byte) (string, error) {
	target := strings.ReplaceAll(c.oauth.SignURL, "{account}", url.PathEscape(c.Pool.Account))
	body, _ := json.Marshal(map[string]string{"payload": string(claims)})
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, target, bytes.NewReader(body))
	if err != nil {
		return "", err
	}
	req.Header.Set("Content-Type", "application/json")
	bear(req, may)
	g.scrubber.Learn(may)
	resp, err := g.RoundTrip(req)
	if err != nil {
		return "", c.explain(g, &url.Error{Op: http.MethodPost, URL: target, Err: err})
	}
	defer resp.Body.Close()
	data, _ := io.ReadAll(resp.Body) // the guard has read it whole
	var answer struct {
		Signed string `json:"signedJwt"`
		Error  struct {
			Message string `json:"message"`
			Status  string `json:"status"`
		} `json:"error"`
	}
	switch err := json.Unmarshal(data, &answer); {
	case resp.StatusCode != http.StatusOK:
		return "", c.refusal(g, refusal{code: answer.Error.Status, description: answer.Error.Message, status: resp.StatusCode})
	case err != nil || answer.Signed == "" || !printable(answer.Signed):
		return "", c.unexpected(fmt.Sprintf("%s answers without a signed token", req.URL.Host))
	}
	g.note(answer.Signed)
	return answer.Signed, nil
}
