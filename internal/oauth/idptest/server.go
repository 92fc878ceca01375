// Package idptest is an OAuth2 server for tests: authorization with PKCE,
// device codes, refresh and client credentials on the loopback interface,
// with faults on demand. Nobody is asked: who comes is User and consents.
package idptest

import (
	"crypto/tls"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"net/url"
	"sync"
	"time"

	"mailprobe/internal/settings"
)

// Scopes of the settings that a Server gives out, one for each protocol.
const (
	ScopeIMAP = "mail.imap"
	ScopePOP3 = "mail.pop"
	ScopeSMTP = "mail.smtp"
	ScopeApp  = "mail/.default"
)

// Options say how a Server behaves. The zero value is a well-behaved provider
// with public clients, opaque tokens and lasting refresh tokens.
type Options struct {
	User     string         // "upn" and "sub" of tokens; empty: "user@example.com"
	Lifetime time.Duration  // of access tokens; 0: an hour; negative: none is said
	Scope    string         // granted; empty: as asked
	NoScope  bool           // answers do not say what was granted
	Type     string         // "token_type"; empty: "Bearer"
	Key      []byte         // access tokens are JWTs signed with it (HS256); nil: they are opaque
	Claims   map[string]any // put into JWTs, in place of the usual ones

	Secret    string // client secret that clients must send; empty: they must send none
	Assertion bool   // clients send a client_assertion; it is not checked
	Rotate    bool   // a refresh token serves once
	NoRefresh bool   // no refresh token is given out

	Drop        int    // token requests that first end without an answer
	Pending     int    // polls of a device code that are answered "authorization_pending"
	SlowDown    int    // polls after them that are answered "slow_down"
	DeviceError string // error code of the polls after those
	Interval    int    // seconds between polls; 0: not said
	DeviceLife  int    // seconds that a device code lives; 0: not said

	AuthError string // error code with which the browser comes back
	Issuer    string // "iss" of the redirect (RFC 9207); empty: none

	TokenError  string // error code of every token answer
	Description string // error_description of every error answer
	Fault       Fault  // of device and token answers

	Token          string // every access token is this one; empty: each is new
	Refresh        string // a refresh token that is known from the start; empty: none is
	ServiceAccount string // whose assertions are taken (RFC 7523); empty: nobody's
	NoMetadata     bool   // nothing is published
	NoPKCE         bool   // S256 is not published
	Published      string // the issuer that is published; empty: the one that was asked
	Register       string // how a client is registered (RFC 7591): "public", "secret" (with one), "refused"; empty: not offered
	PoolProvider   string // identity provider in a workload identity pool, whose tokens are exchanged (RFC 8693); empty: none are
	NoSigning      bool   // who has exchanged one may not sign as ServiceAccount
	RunnerToken    string // opens /idtoken, which gives out a workflow's identity token; empty: nothing does

	Certificate *tls.Certificate // it speaks TLS with; nil: it speaks HTTP
}

// A Request is one that a Server has seen.
type Request struct {
	Path string
	Form url.Values // query and body
}

// A Server is a running provider. Its methods may be used at any time.
type Server struct {
	URL string // without a slash at its end

	http *httptest.Server

	mu       sync.Mutex
	opts     Options
	codes    map[string]grant
	devices  map[string]*device
	refresh  map[string]grant
	requests []Request
	dropped  int
	issued   []string
	ofYahoo  bool // the token request that is being answered came by Yahoo's path
}

// New starts a server.
func New(o Options) *Server {
	s := &Server{
		opts:  o,
		codes: make(map[string]grant), devices: make(map[string]*device), refresh: make(map[string]grant),
	}
	if o.Refresh != "" {
		s.refresh[o.Refresh] = grant{clientID: "c", scope: "https://outlook.office.com/IMAP.AccessAsUser.All https://outlook.office.com/POP.AccessAsUser.All https://outlook.office.com/SMTP.Send https://mail.google.com/ openid"}
	}
	s.http = httptest.NewUnstartedServer(s)
	s.http.Config.ErrorLog = log.New(io.Discard, "", 0)
	if o.Certificate != nil {
		s.http.TLS = &tls.Config{Certificates: []tls.Certificate{*o.Certificate}}
		s.http.StartTLS()
	} else {
		s.http.Start()
	}
	s.URL = s.http.URL
	return s
}

// Address returns the host and port that s listens at.
func (s *Server) Address() string { return s.http.Listener.Addr().String() }

// Close stops the server.
func (s *Server) Close() { s.http.Close() }

// Set changes how the server behaves from now on.
func (s *Server) Set(change func(*Options)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	change(&s.opts)
}

// Revoke makes every refresh token given out so far invalid.
func (s *Server) Revoke() {
	s.mu.Lock()
	defer s.mu.Unlock()
	clear(s.refresh)
}

// Requests returns what the server has seen at a path, in order; all of it
// for the empty path.
func (s *Server) Requests(path string) []Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	var seen []Request
	for _, r := range s.requests {
		if path == "" || r.Path == path {
			seen = append(seen, r)
		}
	}
	return seen
}

// Issued returns every token and code given out so far.
func (s *Server) Issued() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]string(nil), s.issued...)
}

// Settings returns settings of a provider that signs in at s.
func (s *Server) Provider() *settings.Provider {
	return &settings.Provider{ID: "idptest", Name: "Test Provider", OAuth: &settings.OAuth{
		AuthURL: s.URL + "/authorize", TokenURL: s.URL + "/token", DeviceURL: s.URL + "/device",
		Scopes: map[settings.Protocol][]string{
			settings.IMAP: {ScopeIMAP}, settings.POP3: {ScopePOP3}, settings.SMTP: {ScopeSMTP},
		},
		ExtraScopes: []string{"offline_access"},
		AppScope:    ScopeApp,
	}}
}

// Transport returns a transport that reaches s without a network, for tests
// on a clock of their own (testing/synctest).
func (s *Server) Transport() http.RoundTripper { return direct{s} }
