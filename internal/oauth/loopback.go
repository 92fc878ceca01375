package oauth

import (
	"context"
	"crypto/subtle"
	"fmt"
	"html/template"
	"io"
	"log"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"
)

const (
	pageTimeout  = 5 * time.Second
	closeTimeout = 500 * time.Millisecond
	maxHeader    = 16 << 10
)

var page = template.Must(template.New("page").Parse(`<!DOCTYPE html>
<html lang="en"><meta charset="utf-8"><title>mailprobe</title>
{{if .}}<h1>Sign-in failed</h1><p>The provider said: {{.}}</p>
{{else}}<h1>Sign-in received</h1>{{end}}
<p>Close this page and go back to mailprobe.</p></html>
`))

// A listener takes the one request with which the browser comes back: the one
// that knows the state. Whatever else is asked of it, by a browser that wants
// an icon or by another program, changes nothing.
type listener struct {
	net.Listener
	state   string
	server  *http.Server
	answers chan url.Values
}

// listen opens a port on the loopback interface, for the answer that bears a
// state; 0: one of the system's choice.
func listen(ctx context.Context, state string, port uint16) (*listener, error) {
	inner, err := new(net.ListenConfig).Listen(ctx, "tcp4", fmt.Sprintf("127.0.0.1:%d", port))
	if err != nil {
		return nil, fmt.Errorf("listen for the browser on 127.0.0.1: %w; choose another --port, or leave it out", err)
	}
	l := &listener{Listener: inner, state: state, answers: make(chan url.Values, 1)}
	l.server = &http.Server{
		Handler:           l,
		ReadHeaderTimeout: pageTimeout, ReadTimeout: pageTimeout, WriteTimeout: pageTimeout,
		MaxHeaderBytes: maxHeader,
		ErrorLog:       log.New(io.Discard, "", 0),
	}
	l.server.SetKeepAlivesEnabled(false)
	go l.server.Serve(inner)
	return l, nil
}

// url returns the redirect address. host stands in it for 127.0.0.1 where a
// provider knows another name only; empty: 127.0.0.1.
func (l *listener) url(host string) string {
	if host == "" {
		host = "127.0.0.1"
	}
	port := l.Addr().(*net.TCPAddr).Port
	return fmt.Sprintf("http://%s:%d/", host, port)
}

// ServeHTTP takes the first GET of "/" with the state and nothing else.
func (l *listener) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet || r.URL.Path != "/" {
		http.NotFound(w, r)
		return
	}
	query := r.URL.Query()
	if subtle.ConstantTimeCompare([]byte(query.Get("state")), []byte(l.state)) != 1 {
		http.Error(w, "This is not the answer that mailprobe waits for. It goes on waiting.", http.StatusBadRequest)
		return
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Security-Policy", "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cache-Control", "no-store")
	shown := query.Get("error")
	if text := query.Get("error_description"); shown != "" && text != "" {
		shown += ": " + text
	}
	page.Execute(w, escape(clip(shown)))
	select {
	case l.answers <- query:
	default:
	}
}

// wait returns the query with which the browser comes back, here or in an
// address that is pasted. What is pasted and is no such address changes nothing
// but is told.
func (l *listener) wait(ctx context.Context, pasted <-chan string, ignored func(why string)) (url.Values, error) {
	for {
		select {
		case answer := <-l.answers:
			return answer, nil
		case text, open := <-pasted:
			if !open {
				pasted = nil
			}
			answer, why := answerIn(text)
			if answer != nil {
				return answer, nil
			}
			if why != "" && ignored != nil {
				ignored(why)
			}
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

// answerIn reads the query of the address to which a browser was sent back, or
// says what else was pasted; neither: it was nothing.
func answerIn(text string) (answer url.Values, why string) {
	text = strings.Trim(text, " \t\r\n\"'`<>")
	u, err := url.Parse(text)
	switch {
	case text == "":
		return nil, ""
	case err == nil && (u.Query().Has("code") || u.Query().Has("error")):
		return u.Query(), ""
	case err == nil && u.Query().Has("client_id"):
		return nil, "That is the address at which the sign-in begins; it must be opened in a browser"
	case err == nil && u.Host != "":
		return nil, "That address has no code in it"
	}
	return nil, "That is no address"
}

// close stops listening and lets the page that is being sent go out. It waits
// no longer than that takes: browsers hold further connections open.
func (l *listener) close() {
	ctx, cancel := context.WithTimeout(context.Background(), closeTimeout)
	defer cancel()
	if l.server.Shutdown(ctx) != nil {
		l.server.Close()
	}
}
