package idptest

import (
	"cmp"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

func (s *Server) answer(g grant, grantType string) map[string]any {
	life := s.opts.Lifetime
	if life == 0 {
		life = hour
	}
	scope := s.opts.Scope
	if scope == "" {
		scope = g.scope
	}
	kind := s.opts.Type
	if kind == "" {
		kind = "Bearer"
	}
	answer := map[string]any{"token_type": kind, "access_token": s.access(g, scope, life)}
	if grantType == grantSwap {
		answer["access_token"] = s.secret("federated") // which opens no mailbox
	}
	if s.ofYahoo {
		answer["xoauth_yahoo_guid"] = "GUID4711"
	}
	if !s.opts.NoScope {
		answer["scope"] = scope
	}
	if life > 0 {
		answer["expires_in"] = int(life.Seconds())
	}
	if s.opts.Fault == StringExpiry {
		answer["expires_in"] = strconv.Itoa(int(life.Seconds()))
	}
	if slices.Contains(strings.Fields(g.scope), "openid") {
		answer["id_token"] = s.idToken(g)
	}
	renewed := grantType == "refresh_token" && !s.opts.Rotate
	if !s.opts.NoRefresh && !renewed && !slices.Contains([]string{"client_credentials", grantJWT, grantSwap}, grantType) {
		token := s.secret("refresh")
		s.refresh[token] = g
		answer["refresh_token"] = token
	}
	return answer
}

// access makes an access token: a JWT if there is a key.
func (s *Server) access(g grant, scope string, life time.Duration) string {
	if s.opts.Token != "" {
		return s.opts.Token
	}
	if s.opts.Key == nil {
		return s.secret("access")
	}
	user, now := s.user(), time.Now()
	claims := map[string]any{
		"iss": s.URL, "aud": s.URL, "sub": user, "upn": user, "appid": g.clientID, "scp": scope,
		// Mail servers refuse tokens from a clock that runs ahead of theirs.
		"iat": now.Add(-5 * time.Second).Unix(), "exp": now.Add(life).Unix(),
	}
	for name, value := range s.opts.Claims {
		claims[name] = value
	}
	token := JWT(s.opts.Key, claims)
	s.issued = append(s.issued, token)
	return token
}

// claim reads a claim of a JWT; empty: there is none.
func claim(token, name string) string {
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		return ""
	}
	data, _ := base64.RawURLEncoding.DecodeString(parts[1])
	var claims map[string]any
	json.Unmarshal(data, &claims)
	value, _ := claims[name].(string)
	return value
}

// identity gives a workflow's identity token to whoever shows the runner's, as
// GitHub does.
func (s *Server) identity(w http.ResponseWriter, r *http.Request) {
	if s.opts.RunnerToken == "" || r.Header.Get("Authorization") != "Bearer "+s.opts.RunnerToken {
		reply(w, http.StatusUnauthorized, map[string]any{"message": "bad credentials"})
		return
	}
	token := JWT([]byte("github"), map[string]any{
		"iss": "https://token.actions.githubusercontent.com", "aud": r.URL.Query().Get("audience"),
		"sub": "repo:a/b:ref:refs/heads/main", "exp": time.Now().Add(5 * time.Minute).Unix(),
	})
	s.issued = append(s.issued, token)
	reply(w, http.StatusOK, map[string]any{"value": token})
}

// introspect says whether a token was issued here (RFC 7662).
func (s *Server) introspect(w http.ResponseWriter, form url.Values) {
	if form.Get("token") == "" || !slices.Contains(s.issued, form.Get("token")) {
		reply(w, http.StatusOK, map[string]any{"active": false})
		return
	}
	reply(w, http.StatusOK, map[string]any{"active": true, "username": s.user(), "scope": "mail", "token_type": "Bearer"})
}

func (s *Server) user() string { return cmp.Or(s.opts.User, "user@example.com") }

// idToken tells the client who signed in (OpenID Connect Core section 2).
func (s *Server) idToken(g grant) string {
	token := JWT([]byte("id"), map[string]any{
		"iss": s.URL, "aud": g.clientID, "sub": "4711", "nonce": "n", "preferred_username": s.user(), "email": s.user(),
		"exp": time.Now().Add(hour).Unix(),
	})
	s.issued = append(s.issued, token)
	return token
}

// JWT returns claims signed with key by HS256 (RFC 7515, RFC 7519).
func JWT(key []byte, claims map[string]any) string {
	text := segment(map[string]any{"alg": "HS256", "typ": "JWT"}) + "." + segment(claims)
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(text))
	return text + "." + base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}

func segment(v map[string]any) string {
	data, err := json.Marshal(v)
	if err != nil {
		panic(err) // claims of a test that JSON has no form for
	}
	return base64.RawURLEncoding.EncodeToString(data)
}
