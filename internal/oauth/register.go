package oauth

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
)

// A registration is what a public client for mail asks to be registered as
// (RFC 7591 §2, draft-ietf-mailmaint-oauth-public). The port of the redirect
// address is any (RFC 8252 §7.3).
type registration struct {
	Name      string   `json:"client_name"`
	Kind      string   `json:"application_type"`
	Redirects []string `json:"redirect_uris"`
	Method    string   `json:"token_endpoint_auth_method"`
	Grants    []string `json:"grant_types"`
	Responses []string `json:"response_types"`
	Scope     string   `json:"scope,omitempty"`
}

// Register asks a registration endpoint for the id of a public client, and
// returns it. Nobody's name or secret is sent. An error says what was refused.
func Register(ctx context.Context, t http.RoundTripper, endpoint, scope string) (string, error) {
	if !protected(endpoint) {
		return "", errors.New("the registration endpoint is no https address")
	}
	ctx, cancel := context.WithTimeout(ctx, requestTimeout)
	defer cancel()
	body, _ := json.Marshal(registration{"mailprobe", "native", []string{"http://127.0.0.1/"}, "none",
		[]string{"authorization_code", "refresh_token"}, []string{"code"}, scope})
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, endpoint, bytes.NewReader(body))
	if err != nil {
		return "", err
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Accept", "application/json")
	resp, err := t.RoundTrip(req)
	if err != nil {
		return "", err
	}
	defer resp.Body.Close()
	return registered(resp)
}

// registered reads the answer (RFC 7591 §3.2).
func registered(resp *http.Response) (string, error) {
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer))
	if err != nil {
		return "", err
	}
	if resp.StatusCode != http.StatusCreated && resp.StatusCode != http.StatusOK {
		return "", fmt.Errorf("HTTP status %d %s", resp.StatusCode, refusalIn(body))
	}
	var answer struct {
		ID     string `json:"client_id"`
		Secret string `json:"client_secret"`
		Method string `json:"token_endpoint_auth_method"`
	}
	switch {
	case json.Unmarshal(body, &answer) != nil || answer.ID == "":
		return "", errors.New("the answer has no client id")
	case len(answer.ID) > maxClientID || !printable(answer.ID):
		return "", errors.New("the answer's client id is none that can be sent")
	case answer.Secret != "" || answer.Method != "" && answer.Method != "none":
		return "", errors.New("the server registers clients with a secret only")
	}
	return answer.ID, nil
}

const maxClientID = 512
