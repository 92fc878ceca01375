package oauth

import (
	"context"
	"encoding/json"
	"net/http"
)

// maxNamed bounds the sign-in servers that one document names.
const maxNamed = 8

// Resource asks a host what it publishes of itself as a protected resource
// (RFC 9728 §3), and returns the issuers that it names, as written; none where
// it publishes nothing that can be read.
func Resource(ctx context.Context, t http.RoundTripper, host string) (Asked, []string) {
	asked, body := ask(ctx, t, "resource", "https://"+host+"/.well-known/oauth-protected-resource")
	var m struct {
		Servers []string `json:"authorization_servers"`
	}
	if asked.Status != http.StatusOK || json.Unmarshal(body, &m) != nil {
		return asked, nil
	}
	return asked, m.Servers[:min(len(m.Servers), maxNamed)]
}
