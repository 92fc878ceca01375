package idptest

import (
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"sync"
)

// A Proxy is an HTTP proxy that leads every CONNECT to one place, whatever
// host is asked for.
type Proxy struct {
	URL string

	http *httptest.Server
	to   string // host and port; empty: it refuses every CONNECT with status

	mu     sync.Mutex
	status int
	asked  []string
}

// NewProxy starts a proxy that leads to a host and port. With an empty one it
// refuses every CONNECT with the HTTP status.
func NewProxy(to string, status int) *Proxy {
	p := &Proxy{to: to, status: status}
	p.http = httptest.NewServer(p)
	p.URL = p.http.URL
	return p
}

// Close stops the proxy.
func (p *Proxy) Close() { p.http.Close() }

// Asked returns the hosts and ports that were asked for, in order.
func (p *Proxy) Asked() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]string(nil), p.asked...)
}

func (p *Proxy) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodConnect {
		http.Error(w, "this proxy knows CONNECT alone", http.StatusMethodNotAllowed)
		return
	}
	p.mu.Lock()
	p.asked = append(p.asked, r.Host)
	p.mu.Unlock()
	if p.to == "" {
		http.Error(w, "refused", p.status)
		return
	}
	there, err := net.Dial("tcp", p.to)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadGateway)
		return
	}
	defer there.Close()
	here, _, err := w.(http.Hijacker).Hijack()
	if err != nil {
		return
	}
	defer here.Close()
	io.WriteString(here, "HTTP/1.1 200 Connection established\r\n\r\n")
	go func() {
		io.Copy(there, here)
		there.Close()
	}()
	io.Copy(here, there)
}
