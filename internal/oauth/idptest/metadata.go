package idptest

import (
	"net/http"
	"strings"
)

// metadata publishes what the server is (OpenID Connect Discovery), under the
// name by which it was asked. An organisation of the name "nosuch" it does not
// know, as Entra does.
func (s *Server) metadata(w http.ResponseWriter, r *http.Request) {
	base := "https://" + r.Host
	if s.opts.Certificate == nil {
		base = s.URL
	}
	issuer := base + strings.TrimSuffix(r.URL.Path, "/.well-known/openid-configuration")
	switch {
	case strings.HasPrefix(r.URL.Path, "/nosuch"):
		reply(w, http.StatusBadRequest, map[string]any{"error": "invalid_tenant", "error_description": "AADSTS90002: Tenant 'nosuch' not found."})
		return
	case s.opts.NoMetadata:
		http.NotFound(w, r)
		return
	case s.opts.Published != "":
		issuer = s.opts.Published
	}
	answer := map[string]any{
		"issuer": issuer, "authorization_endpoint": base + "/o/oauth2/v2/auth", "token_endpoint": tokenOf(base),
		"code_challenge_methods_supported": []string{"plain", "S256"},
	}
	if s.opts.NoPKCE {
		answer["code_challenge_methods_supported"] = []string{"plain"}
	}
	reply(w, http.StatusOK, answer)
}

// tokenOf is where the token endpoint of a known provider is.
func tokenOf(base string) string {
	if base == "https://accounts.google.com" {
		return "https://oauth2.googleapis.com/token"
	}
	return base + "/token"
}
