package idptest

import (
	"crypto/rand"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
)

// A grant is what a code or refresh token stands for.
type grant struct {
	clientID, redirect, challenge, scope string
}

type device struct {
	grant
	polls int
}

type direct struct{ handler http.Handler }

func (d direct) RoundTrip(r *http.Request) (resp *http.Response, err error) {
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	w := httptest.NewRecorder()
	defer func() {
		if p := recover(); p == http.ErrAbortHandler {
			resp, err = nil, io.ErrUnexpectedEOF
		} else if p != nil {
			panic(p)
		}
	}()
	d.handler.ServeHTTP(w, r)
	return w.Result(), nil
}

func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.ParseForm() != nil {
		http.Error(w, "bad form", http.StatusBadRequest)
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.requests = append(s.requests, Request{r.URL.Path, r.Form})
	switch r.Method + " " + kindOf(r.URL.Path) {
	case "GET authorize":
		s.authorize(w, r)
	case "POST device":
		s.device(w, r.PostForm)
	case "POST token":
		s.ofYahoo = isYahoo(r.URL.Path)
		if s.ofYahoo {
			basicClient(r)
		}
		s.token(w, r.PostForm)
	case "POST introspect":
		s.introspect(w, r.PostForm)
	case "GET metadata":
		s.metadata(w, r)
	case "POST register":
		s.register(w, r)
	case "GET identity":
		s.identity(w, r)
	case "POST sign":
		s.sign(w, r)
	default:
		http.NotFound(w, r)
	}
}

// kindOf says what is asked for at a path, also where a known provider has it.
func kindOf(path string) string {
	for kind, ends := range map[string][]string{
		"identity":   {"/idtoken"},
		"introspect": {"/introspect"},
		"register":   {"/register"},
		"sign":       {":signJwt"},
		"metadata":   {"/.well-known/openid-configuration"},
		"authorize":  {"/authorize", "/o/oauth2/v2/auth", "/oauth2/request_auth"},
		"device":     {"/device", "/oauth2/v2.0/devicecode"},
		"token":      {"/token", "/oauth2/get_token"},
	} {
		if slices.ContainsFunc(ends, func(end string) bool { return strings.HasSuffix(path, end) }) {
			return kind
		}
	}
	return ""
}

// secret makes a code or token and remembers it.
func (s *Server) secret(prefix string) string {
	v := prefix + "-" + strings.ToLower(rand.Text())
	s.issued = append(s.issued, v)
	return v
}
