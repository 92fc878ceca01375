package idptest

import (
	"net/http"
	"net/url"
	"strings"
)

// Yahoo and AOL, which Yahoo runs, have codes of their own where others have
// those of RFC 6749 section 5.2, and take a client by HTTP Basic as well. Source:
// developer.yahoo.com/oauth2/guide/errors/, read 2026-11-30; the description of
// a bad refresh token: josuebrunel/yahoo-oauth#51.

func isYahoo(path string) bool { return strings.HasSuffix(path, "/oauth2/get_token") }

// basicClient puts a client that shows itself by HTTP Basic into the form.
func basicClient(r *http.Request) {
	if id, secret, ok := r.BasicAuth(); ok {
		r.PostForm.Set("client_id", id)
		r.PostForm.Set("client_secret", secret)
	}
}

// refuseToken answers a token request with an error, in Yahoo's words where it
// came by Yahoo's path and the test has chosen no code itself.
func (s *Server) refuseToken(w http.ResponseWriter, status int, code string, form url.Values) {
	if !s.ofYahoo || code == s.opts.TokenError {
		s.refuse(w, status, code)
		return
	}
	description := s.opts.Description
	switch {
	case code == "invalid_client" && form.Get("client_id") == "":
		status, code, description = http.StatusBadRequest, "INVALID_INPUT", "client id cannot be empty"
	case code == "invalid_client" && form.Get("client_secret") == "":
		status, code, description = http.StatusBadRequest, "INVALID_INPUT", "client secret cannot be empty"
	case code == "invalid_client":
		code = "INVALID_CLIENT_SECRET"
	case code == "invalid_grant" && form.Get("grant_type") == "refresh_token":
		code, description = "INVALID_REFRESH_TOKEN", "Failed to decode/encode refresh token"
	default:
		code = strings.ToUpper(code)
	}
	reply(w, status, map[string]any{"error": code, "error_description": description})
}
