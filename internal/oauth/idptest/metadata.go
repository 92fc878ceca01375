package idptest

import (
	"encoding/json"
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
	if s.opts.Register != "" {
		answer["registration_endpoint"] = base + "/register"
		answer["authorization_endpoint"] = base + "/authorize"
		answer["scopes_supported"] = []string{"mail", "offline_access"}
	}
	reply(w, http.StatusOK, answer)
}

// register gives a client an id (RFC 7591 §3), of a public one without a
// secret.
func (s *Server) register(w http.ResponseWriter, r *http.Request) {
	var client map[string]any
	json.NewDecoder(r.Body).Decode(&client)
	redirects, _ := client["redirect_uris"].([]any)
	switch {
	case s.opts.Register == "":
		http.NotFound(w, r)
	case s.opts.Register == "refused" || len(redirects) == 0 || client["token_endpoint_auth_method"] != "none":
		reply(w, http.StatusBadRequest, map[string]any{"error": "invalid_client_metadata", "error_description": "no public client is taken"})
	case s.opts.Register == "secret":
		reply(w, http.StatusCreated, map[string]any{"client_id": "registered-1", "client_secret": s.secret("secret"), "token_endpoint_auth_method": "client_secret_basic"})
	default:
		reply(w, http.StatusCreated, map[string]any{"client_id": "registered-1", "token_endpoint_auth_method": "none"})
	}
}

// tokenOf is where the token endpoint of a known provider is.
func tokenOf(base string) string {
	if base == "https://accounts.google.com" {
		return "https://oauth2.googleapis.com/token"
	}
	return base + "/token"
}
