package idptest

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// swap exchanges a workload's identity token (RFC 8693), as Google's security
// token service does.
func (s *Server) swap(form url.Values) (grant, string) {
	provider := "//iam.googleapis.com/" + s.opts.PoolProvider
	switch {
	case s.opts.PoolProvider == "" || form.Get("audience") != provider:
		return grant{}, "invalid_target"
	case form.Get("subject_token_type") != "urn:ietf:params:oauth:token-type:jwt" || form.Get("scope") == "":
		return grant{}, "invalid_request"
	case claim(form.Get("subject_token"), "aud") != "https:"+provider:
		return grant{}, "invalid_grant"
	}
	return grant{scope: form.Get("scope")}, ""
}

// sign signs claims as the service account, as the IAM Service Account
// Credentials API does for who may.
func (s *Server) sign(w http.ResponseWriter, r *http.Request) {
	bearer, _ := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	var ask struct{ Payload string }
	var claims map[string]any
	switch {
	case !slices.Contains(s.issued, bearer):
		fail(w, http.StatusUnauthorized, "UNAUTHENTICATED", "Request had invalid authentication credentials.")
	case s.opts.NoSigning || !strings.HasSuffix(r.URL.Path, "/serviceAccounts/"+s.opts.ServiceAccount+":signJwt"):
		fail(w, http.StatusForbidden, "PERMISSION_DENIED", "Permission 'iam.serviceAccounts.signJwt' denied on resource (or it may not exist).")
	case json.NewDecoder(r.Body).Decode(&ask) != nil || json.Unmarshal([]byte(ask.Payload), &claims) != nil:
		fail(w, http.StatusBadRequest, "INVALID_ARGUMENT", "Request contains an invalid argument.")
	default:
		token := JWT([]byte("google"), claims)
		s.issued = append(s.issued, token)
		reply(w, http.StatusOK, map[string]any{"keyId": "k1", "signedJwt": token})
	}
}

// fail refuses as Google's APIs do.
func fail(w http.ResponseWriter, code int, status, message string) {
	reply(w, code, map[string]any{"error": map[string]any{"code": code, "message": message, "status": status}})
}
