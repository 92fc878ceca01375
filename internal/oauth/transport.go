package oauth

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"golang.org/x/oauth2"

	"mailprobe/internal/auth"
	"mailprobe/internal/auth/token"
	"mailprobe/internal/lazyregexp"
	"mailprobe/internal/secret"
)

const (
	requestTimeout = 30 * time.Second
	maxAnswer      = 64 << 10
)

var (
	errTooLarge = errors.New("the answer is larger than 64 KiB")
	errNull     = errors.New("the answer is null")
)

// A redirectError says that an endpoint sends the secrets elsewhere.
type redirectError struct{ to string } // a host; empty: it names none

func (e *redirectError) Error() string {
	if e.to == "" {
		return "the endpoint redirects, and secrets follow no redirect"
	}
	return "the endpoint redirects to " + escape(clip(e.to)) + ", and secrets follow no redirect"
}

// A guard stands between the library and the network for one sign-in. It
// bounds every answer in time and size, follows no redirect, and remembers
// the secrets that passed so that no error text repeats them. It is used by
// one goroutine.
type guard struct {
	ctx      context.Context
	next     http.RoundTripper
	scrubber *auth.Scrubber
	page     bool // the last answer was a web page
}

// guard returns a guard, and the context that makes the library use it.
func (c *Client) guard(ctx context.Context) (*guard, context.Context) {
	g := &guard{ctx: ctx, next: c.Transport, scrubber: auth.NewScrubber()}
	g.scrubber.Learn(c.Secret) // it may go out in a header
	return g, context.WithValue(ctx, oauth2.HTTPClient, &http.Client{Transport: g})
}

// RoundTrip reads the whole answer, so that the bounds hold whatever the
// library does with it: its device request knows no context and closes no
// body.
func (g *guard) RoundTrip(req *http.Request) (*http.Response, error) {
	ctx, cancel := context.WithTimeout(req.Context(), requestTimeout)
	defer cancel()
	defer context.AfterFunc(g.ctx, cancel)()
	g.noteForm(req)
	resp, err := g.next.RoundTrip(req.WithContext(ctx))
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	if resp.StatusCode/100 == 3 {
		to, _ := resp.Location() // nil: it names none
		if to == nil {
			to = new(url.URL)
		}
		return nil, &redirectError{to.Host}
	}
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer+1))
	if err != nil {
		return nil, err
	}
	if len(body) > maxAnswer {
		return nil, errTooLarge
	}
	// The library's device request goes through a nil pointer on "null".
	if bytes.Equal(bytes.TrimSpace(body), []byte("null")) {
		return nil, errNull
	}
	g.noteAnswer(body)
	g.page = bytes.HasPrefix(bytes.TrimSpace(body), []byte("<"))
	resp.Body = io.NopCloser(bytes.NewReader(body))
	return resp, nil
}

// noteForm remembers the secrets of a form that is sent.
func (g *guard) noteForm(req *http.Request) {
	if req.GetBody == nil {
		return
	}
	body, err := req.GetBody()
	if err != nil {
		return
	}
	data, _ := io.ReadAll(body)
	form, _ := url.ParseQuery(string(data))
	for _, name := range []string{
		"client_secret", "refresh_token", "code", "code_verifier", "device_code", "client_assertion", "assertion", "subject_token",
	} {
		g.note(form.Get(name))
	}
}

// noteAnswer remembers the secrets in an answer, which may hold an error too.
func (g *guard) noteAnswer(body []byte) {
	var members map[string]any
	if json.Unmarshal(body, &members) != nil {
		form, _ := url.ParseQuery(string(body))
		members = make(map[string]any, len(form))
		for name := range form {
			members[name] = form.Get(name)
		}
	}
	for name, v := range members {
		if s, ok := v.(string); ok && (strings.HasSuffix(name, "_token") || name == "device_code") {
			g.note(s)
		}
	}
}

func (g *guard) note(text string) { g.scrubber.Learn(auth.NewSecret(text)) }

// NewTransport returns the transport of sign-ins. It honours the proxy
// variables. dial makes its connections, those to a proxy as well; nil: the
// network as it is. roots are the authorities to trust; nil: the system's.
func NewTransport(dial func(ctx context.Context, network, address string) (net.Conn, error), roots *x509.CertPool) http.RoundTripper {
	return &http.Transport{
		Proxy:                  http.ProxyFromEnvironment,
		DialContext:            dial,
		OnProxyConnectResponse: proxyAnswered,
		TLSClientConfig:        &tls.Config{RootCAs: roots},
		ForceAttemptHTTP2:      true,
		DisableKeepAlives:      true,
		TLSHandshakeTimeout:    10 * time.Second,
		MaxResponseHeaderBytes: maxAnswer,
	}
}

const maxQuote = 300

// A run this long without a blank is no word but may be a token in some
// other coding. Correlation ids, which help, have 36 characters.
var tokenLike = lazyregexp.New(`[A-Za-z0-9_~+/=%.-]{40,}`)

// quote makes a text of the provider's fit for an error: without the secrets
// that passed and what looks like one, clipped and escaped.
func (g *guard) quote(text string) string {
	text = g.scrubber.Scrub(strings.Join(strings.Fields(text[:min(len(text), maxAnswer)]), " "))
	text = tokenLike.ReplaceAllStringFunc(text, func(run string) string {
		if strings.ContainsAny(run, "/.") && !strings.ContainsAny(run, tokenSigns) {
			return run // the address of a page
		}
		return secret.Redacted
	})
	return escape(clip(strings.ReplaceAll(token.Hide(text), token.Hidden, secret.Redacted)))
}

// tokenSigns are what a token of forty characters has some of.
const tokenSigns = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ+=%~"

func clip(s string) string {
	s = strings.TrimSpace(s)
	if len(s) <= maxQuote {
		return s
	}
	return strings.ToValidUTF8(s[:maxQuote], "") + "..."
}

// escape writes control and format characters, such as those that turn the
// direction of writing, as Go does.
func escape(s string) string {
	quoted := strconv.QuoteToGraphic(s)
	return strings.ReplaceAll(quoted[1:len(quoted)-1], `\"`, `"`)
}
