package publish

import (
	"bytes"
	"crypto/tls"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"

	"mailprobe/internal/lab/pki"
)

func (n *Internet) serveWeb(secure bool) string {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		n.t.Fatal(err)
	}
	address := listener.Addr().String()
	if secure {
		listener = tls.NewListener(listener, &tls.Config{GetCertificate: n.certificate})
	}
	s := &http.Server{Handler: n, ErrorLog: log.New(io.Discard, "", 0)}
	go s.Serve(listener)
	n.t.Cleanup(func() { s.Close() })
	return address
}

func (n *Internet) certificate(hello *tls.ClientHelloInfo) (*tls.Certificate, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if c := n.certs[hello.ServerName]; c != nil {
		return c, nil
	}
	c, err := n.CA.Leaf(pki.LeafOptions{Names: []string{hello.ServerName}})
	n.certs[hello.ServerName] = &c
	return &c, err
}

// ServeHTTP answers from pages.
func (n *Internet) ServeHTTP(w http.ResponseWriter, q *http.Request) {
	body, _ := io.ReadAll(q.Body)
	q.Body = io.NopCloser(bytes.NewReader(body))
	scheme := "http"
	if q.TLS != nil {
		scheme = "https"
	}
	n.note(fmt.Sprintf("%s %s://%s%s %s", q.Method, scheme, q.Host, q.URL, body))
	for _, key := range []string{scheme + "://" + q.Host + q.URL.Path, q.Host + q.URL.Path, q.Host} {
		if page := n.Pages[key]; page != nil {
			page(w, q)
			return
		}
	}
	http.NotFound(w, q)
}

// Text answers with a body of a kind.
func Text(kind, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", kind)
		io.WriteString(w, body)
	}
}

// XML answers with a document.
func XML(body string) http.HandlerFunc { return Text("text/xml; charset=utf-8", body) }

// Redirect sends on.
func Redirect(to string) http.HandlerFunc {
	return func(w http.ResponseWriter, q *http.Request) { http.Redirect(w, q, to, http.StatusFound) }
}

// Status answers with a status alone.
func Status(code int) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(code) }
}
