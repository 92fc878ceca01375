package idptest

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/url"
	"time"
)

const (
	grantJWT    = "urn:ietf:params:oauth:grant-type:jwt-bearer"
	grantSwap   = "urn:ietf:params:oauth:grant-type:token-exchange"
	grantDevice = "urn:ietf:params:oauth:grant-type:device_code"
	hour        = time.Hour
)

func (s *Server) token(w http.ResponseWriter, form url.Values) {
	if s.dropped < s.opts.Drop {
		s.dropped++
		panic(http.ErrAbortHandler)
	}
	if code := s.client(form); code != "" {
		s.refuseToken(w, http.StatusUnauthorized, code, form)
		return
	}
	g, code := s.redeem(form)
	if code == "" {
		code = s.opts.TokenError
	}
	if code != "" {
		s.refuseToken(w, http.StatusBadRequest, code, form)
		return
	}
	if s.faulty(w, form) {
		return
	}
	reply(w, http.StatusOK, s.answer(g, form.Get("grant_type")))
}

// client checks how the client shows who it is.
func (s *Server) client(form url.Values) string {
	switch {
	case form.Get("grant_type") == grantJWT, form.Get("grant_type") == grantSwap:
		return ""
	case form.Get("client_id") == "":
		return "invalid_client"
	case s.opts.Assertion && form.Get("client_assertion") == "":
		return "invalid_client"
	case form.Get("client_secret") != s.opts.Secret, form.Has("client_secret") && s.opts.Secret == "":
		return "invalid_client"
	}
	return ""
}

// redeem returns what a code or refresh token stands for, or an error code.
func (s *Server) redeem(form url.Values) (grant, string) {
	switch form.Get("grant_type") {
	case "authorization_code":
		return s.redeemCode(form)
	case grantDevice:
		return s.poll(form)
	case "refresh_token":
		old := form.Get("refresh_token")
		g, ok := s.refresh[old]
		if !ok || g.clientID != form.Get("client_id") {
			return grant{}, "invalid_grant"
		}
		if s.opts.Rotate {
			delete(s.refresh, old)
		}
		return g, ""
	case grantJWT:
		if s.opts.ServiceAccount == "" || claim(form.Get("assertion"), "iss") != s.opts.ServiceAccount {
			return grant{}, "unauthorized_client"
		}
		return grant{scope: claim(form.Get("assertion"), "scope")}, ""
	case grantSwap:
		return s.swap(form)
	case "client_credentials":
		if s.opts.Secret == "" && !s.opts.Assertion {
			return grant{}, "unauthorized_client"
		}
		return grant{clientID: form.Get("client_id"), scope: form.Get("scope")}, ""
	}
	return grant{}, "unsupported_grant_type"
}

// redeemCode checks a code with its verifier (RFC 7636 §4.6). It serves once.
func (s *Server) redeemCode(form url.Values) (grant, string) {
	g, ok := s.codes[form.Get("code")]
	delete(s.codes, form.Get("code"))
	sum := sha256.Sum256([]byte(form.Get("code_verifier")))
	challenge := base64.RawURLEncoding.EncodeToString(sum[:])
	if !ok || g.challenge != challenge || g.redirect != form.Get("redirect_uri") || g.clientID != form.Get("client_id") {
		return grant{}, "invalid_grant"
	}
	return g, ""
}

func (s *Server) refuse(w http.ResponseWriter, status int, code string) {
	reply(w, status, map[string]any{"error": code, "error_description": s.opts.Description})
}

func reply(w http.ResponseWriter, status int, answer map[string]any) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	json.NewEncoder(w).Encode(answer)
}
