package oauth

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"

	"mailprobe/internal/auth"
	"mailprobe/internal/secret"
)

// A GitHub is where a workflow of GitHub Actions gets its identity token: the
// variables ACTIONS_ID_TOKEN_REQUEST_URL and ACTIONS_ID_TOKEN_REQUEST_TOKEN.
type GitHub struct {
	URL   string
	Token auth.Secret
}

// ErrNoWorkflow says that the workflow may get no identity token.
var ErrNoWorkflow = errors.New("the workflow may get no identity token from GitHub (ACTIONS_ID_TOKEN_REQUEST_URL is not set)")

// IdentityToken asks GitHub for the workflow's identity token for an audience.
// It lives for five minutes.
func (h GitHub) IdentityToken(ctx context.Context, t http.RoundTripper, audience string) (auth.Secret, error) {
	if h.URL == "" || h.Token.Empty() {
		return auth.Secret{}, ErrNoWorkflow
	}
	u, err := url.Parse(h.URL)
	if err != nil || !protected(h.URL) {
		return auth.Secret{}, errors.New("ACTIONS_ID_TOKEN_REQUEST_URL is no https URL, so nothing is sent there")
	}
	q := u.Query()
	q.Set("audience", audience)
	u.RawQuery = q.Encode()
	ctx, cancel := context.WithTimeout(ctx, requestTimeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return auth.Secret{}, errors.New("ACTIONS_ID_TOKEN_REQUEST_URL cannot be used")
	}
	bear(req, h.Token)
	resp, err := t.RoundTrip(req)
	if err != nil {
		return auth.Secret{}, &WorkflowError{err: ctx.Err()}
	}
	defer resp.Body.Close()
	var answer struct {
		Value string `json:"value"`
	}
	data, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer))
	if err != nil || resp.StatusCode != http.StatusOK || json.Unmarshal(data, &answer) != nil || answer.Value == "" {
		return auth.Secret{}, &WorkflowError{Status: resp.StatusCode}
	}
	return auth.NewSecret(answer.Value), nil
}

// A WorkflowError says that GitHub gave a workflow no identity token.
type WorkflowError struct {
	Status int // HTTP status; 0: it could not be reached
	err    error
}

func (e *WorkflowError) Error() string {
	if e.Status == 0 {
		return "GitHub's identity service cannot be reached; check the network and the proxy of the runner"
	}
	if e.Temporary() {
		return fmt.Sprintf("GitHub's identity service has a fault or is busy (HTTP status %d); try again later", e.Status)
	}
	return fmt.Sprintf("GitHub gave no identity token (HTTP status %d); look whether the job has the permission id-token: write", e.Status)
}

// Temporary reports whether the service may well answer later.
func (e *WorkflowError) Temporary() bool { return e.Status == 0 || busy(e.Status) }

func (e *WorkflowError) Unwrap() error { return e.err }

// bear puts a bearer token into a request.
func bear(req *http.Request, v auth.Secret) {
	req.Header.Set("Authorization", "Bearer "+secret.Reveal(v))
}
