package oauth

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"mailprobe/internal/auth"
)

// An Inspection is what a sign-in service shows without an account.
type Inspection struct {
	Asked    []Asked
	Metadata *Metadata // nil: the service publishes none that can be used
	// Incomplete is metadata without an address that gives out tokens, where no
	// other was found; nil: there is none.
	Incomplete *Metadata
}

// Asked is one address that was asked for.
type Asked struct {
	What   string // "metadata", "authorization", "token" or "device"
	URL    string
	Status int           // HTTP status; 0: no answer came
	Took   time.Duration // until the answer or the failure
	Err    error         // why no answer came; nil: one did
	Signer string        // who issued a certificate that nobody here trusts; empty: that was not the fault
	Said   string        // the words of a refusal, escaped; empty: none
}

// Metadata is what a service publishes of itself (RFC 8414, OpenID Connect
// Discovery). It is from outside: escape it.
type Metadata struct {
	Issuer       string   `json:"issuer"`
	AuthURL      string   `json:"authorization_endpoint"`
	TokenURL     string   `json:"token_endpoint"`
	DeviceURL    string   `json:"device_authorization_endpoint"`
	Registration string   `json:"registration_endpoint"` // RFC 7591
	PKCE         []string `json:"code_challenge_methods_supported"`
	Scopes       []string `json:"scopes_supported"`
	Grants       []string `json:"grant_types_supported"`
	Responses    []string `json:"response_types_supported"`
}

// Inspect asks for an issuer's metadata, and whether the endpoints that are
// documented can be reached. It sends no id, no secret and no user. An issuer
// that is no https URL is not asked.
func Inspect(ctx context.Context, t http.RoundTripper, issuer string, endpoints map[string]string) Inspection {
	var i Inspection
	for _, u := range metadataURLs(issuer) {
		asked, body := ask(ctx, t, "metadata", u)
		i.Asked = append(i.Asked, asked)
		var m Metadata
		read := asked.Status == http.StatusOK && json.Unmarshal(body, &m) == nil
		if read && m.TokenURL != "" {
			i.Metadata, i.Incomplete = &m, nil
			break
		}
		if read && m.Issuer != "" && i.Incomplete == nil {
			i.Incomplete = &m
		}
		if asked.Err != nil || asked.Said != "" {
			break // the other form is at the same host
		}
	}
	for _, what := range []string{"authorization", "token", "device"} {
		if u := endpoints[what]; u != "" && protected(u) {
			asked, _ := ask(ctx, t, what, u)
			asked.Said = "" // that nothing was asked for is no fault
			i.Asked = append(i.Asked, asked)
		}
	}
	return i
}

// metadataURLs are where an issuer's metadata may be: as OpenID Connect has it,
// behind its path, then as RFC 8414 §3.1 has it, before its path.
func metadataURLs(issuer string) []string {
	u, err := url.Parse(strings.TrimSuffix(issuer, "/"))
	if err != nil || !protected(issuer) {
		return nil
	}
	path := u.Path
	first, second := *u, *u
	first.Path, first.RawQuery = path+"/.well-known/openid-configuration", ""
	second.Path, second.RawQuery = "/.well-known/oauth-authorization-server"+path, ""
	return []string{first.String(), second.String()}
}

// ask gets one address. No redirect is followed: where it leads says nothing
// of the service.
func ask(ctx context.Context, t http.RoundTripper, what, address string) (Asked, []byte) {
	a := Asked{What: what, URL: address}
	ctx, cancel := context.WithTimeout(ctx, requestTimeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		a.Err = err
		return a, nil
	}
	req.Header.Set("Accept", "application/json")
	began := time.Now()
	resp, err := t.RoundTrip(req)
	a.Took = time.Since(began)
	if err != nil {
		a.Err, a.Signer = err, signerOf(err)
		return a, nil
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer))
	a.Status, a.Err = resp.StatusCode, err
	a.Said = refusalIn(body)
	return a, bytes.TrimSpace(body)
}

func refusalIn(body []byte) string {
	var answer struct {
		Error       string `json:"error"`
		Description string `json:"error_description"`
	}
	if json.Unmarshal(body, &answer) != nil || answer.Error == "" {
		return ""
	}
	g := &guard{scrubber: auth.NewScrubber()}
	return g.quote(strings.TrimSuffix(answer.Error+": "+answer.Description, ": "))
}

// signerOf returns who issued a certificate that nobody here trusts.
func signerOf(err error) string {
	var failed *tls.CertificateVerificationError
	var unknown x509.UnknownAuthorityError
	if errors.As(err, &failed) && errors.As(err, &unknown) && len(failed.UnverifiedCertificates) > 0 {
		return escape(clip(failed.UnverifiedCertificates[len(failed.UnverifiedCertificates)-1].Issuer.String()))
	}
	return ""
}

// Endpoints are a provider's documented addresses for a tenant, by what they
// are for.
func Endpoints(c Config) (issuer string, endpoints map[string]string, err error) {
	c.ClientID, c.User = "x", "x" // New wants some; nothing of them is sent
	client, err := New(c)
	if err != nil {
		return "", nil, err
	}
	e, err := client.endpoint()
	if err != nil {
		return "", nil, err
	}
	tenant := c.Tenant
	if tenant == "" {
		tenant = "common"
	}
	return strings.ReplaceAll(c.Provider.OAuth.Issuer, tenantPlaceholder, tenant),
		map[string]string{"authorization": e.AuthURL, "token": e.TokenURL, "device": e.DeviceAuthURL}, nil
}
