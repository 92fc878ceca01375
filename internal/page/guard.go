package page

import (
	"crypto/sha256"
	"crypto/subtle"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
)

// policy lets the page use its own script and style, send its own forms, and
// nothing else.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src data:; connect-src 'self'; form-action 'self'; " +
	"base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'"

const openPrefix = "/open/"

// maxRequests is how many requests are answered at once.
const maxRequests = 64

// ServeHTTP answers who knows the token, from a page of this server or from
// none.
func (p *Page) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	setHeaders(w.Header())
	if !p.expected(r) || p.cross.Check(r) != nil {
		refuse(w)
		return
	}
	if key, opens := strings.CutPrefix(r.URL.Path, openPrefix); opens && r.Method == http.MethodGet && p.once.use(key) {
		http.Redirect(w, r, p.Path(), http.StatusSeeOther)
		return
	}
	token, _, below := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
	if !same(token, p.token) {
		refuse(w)
		return
	}
	if !below {
		http.Redirect(w, r, p.Path(), http.StatusSeeOther)
		return
	}
	select {
	case p.places <- struct{}{}:
		defer func() { <-p.places }()
		http.StripPrefix("/"+p.token, p.routes).ServeHTTP(w, r)
	default:
		http.Error(w, "too many requests at once", http.StatusServiceUnavailable)
	}
}

func setHeaders(h http.Header) {
	h.Set("Content-Security-Policy", policy)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "same-origin") // none to others; with no-referrer a browser hides the origin of the page's own forms
	h.Set("Cache-Control", "no-store")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
}

// expected reports whether a request was meant for this server, and comes from
// a page of it if it says from where it comes: a foreign name may lead here by
// its DNS.
func (p *Page) expected(r *http.Request) bool {
	if !p.own(r.Host) {
		return false
	}
	for _, origin := range r.Header.Values("Origin") {
		from, err := url.Parse(origin)
		if err != nil || from.Scheme != scheme(r) || !p.own(from.Host) {
			return false
		}
	}
	return true
}

func (p *Page) own(host string) bool {
	return slices.ContainsFunc(p.o.Hosts, func(own string) bool { return strings.EqualFold(own, host) })
}

func scheme(r *http.Request) string {
	if r.TLS != nil {
		return "https"
	}
	return "http"
}

func refuse(w http.ResponseWriter) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.WriteHeader(http.StatusForbidden)
	io.WriteString(w, "This is for the person who started mailprobe: open the address that it has printed.\n")
}

// same compares secrets in a time that tells nothing of them.
func same(a, b string) bool {
	x, y := sha256.Sum256([]byte(a)), sha256.Sum256([]byte(b))
	return subtle.ConstantTimeCompare(x[:], y[:]) == 1
}

// once is a key that opens one time.
type once struct {
	mu  sync.Mutex
	key string // empty: it was used
}

func (o *once) use(key string) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.key == "" || !same(key, o.key) {
		return false
	}
	o.key = ""
	return true
}
