package discover

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"mailprobe/internal/published"
	"mailprobe/internal/tlscheck"
)

const (
	maxRedirects = 5
	maxBody      = published.MaxSize
	userAgent    = "mailprobe"
)

// A web fetches documents. It goes where a name that the user typed leads, and
// from there only where others may be sent: not into a private network, and
// not to what is not encrypted.
type web struct{ Options }

// A call is one document that is wanted.
type call struct {
	method, url, contentType string
	body                     []byte
	strange                  bool // the host was named by somebody else than the user
}

// A page is what came.
type page struct {
	url         string // at last
	passed      []string
	status      int
	contentType string
	body        []byte
	tooLarge    bool
}

var errNoAddress = errors.New("is no address of a web server")

var errRedirects = fmt.Errorf("there are more than %d redirects", maxRedirects)

// fetch follows redirects to a document. With an error the page says how far
// it came.
func (w web) fetch(ctx context.Context, c call) (page, error) {
	p := page{url: c.url}
	for {
		u, err := url.Parse(p.url)
		if err != nil || u.Host == "" || u.User != nil {
			return p, fmt.Errorf("%q %w", p.url, errNoAddress)
		}
		if u.Scheme != "https" && !(u.Scheme == "http" && w.AllowHTTP) {
			return p, &clearError{p.url}
		}
		location, err := w.once(ctx, c, &p)
		if err != nil || location == "" {
			return p, err
		}
		next, err := u.Parse(location)
		if err != nil {
			return p, fmt.Errorf("it sends on to %q, which %w", location, errNoAddress)
		}
		p.passed = append(p.passed, p.url)
		p.url = next.String()
		if len(p.passed) > maxRedirects || slices.Contains(p.passed, p.url) {
			return p, errRedirects
		}
		c.strange = true
	}
}

// once asks one server, and returns where it sends on to; empty: nowhere.
func (w web) once(ctx context.Context, c call, p *page) (location string, err error) {
	q, err := http.NewRequestWithContext(ctx, c.method, p.url, bytes.NewReader(c.body))
	if err != nil {
		return "", err
	}
	q.Header.Set("User-Agent", userAgent)
	if c.contentType != "" {
		q.Header.Set("Content-Type", c.contentType)
	}
	t := w.transport(c.strange)
	defer t.CloseIdleConnections()
	answer, err := t.RoundTrip(q)
	if err != nil {
		return "", err
	}
	defer answer.Body.Close()
	p.status, p.contentType = answer.StatusCode, answer.Header.Get("Content-Type")
	switch answer.StatusCode {
	case http.StatusMovedPermanently, http.StatusFound, http.StatusSeeOther, http.StatusTemporaryRedirect, http.StatusPermanentRedirect:
		return answer.Header.Get("Location"), nil
	}
	p.body, err = io.ReadAll(io.LimitReader(answer.Body, maxBody+1))
	if p.tooLarge = len(p.body) > maxBody; p.tooLarge {
		return "", nil
	}
	return "", err
}

// transport makes connections that are checked like those to mail servers. No
// proxy takes part, and nothing is kept.
func (w web) transport(strange bool) *http.Transport {
	return &http.Transport{
		DisableKeepAlives: true, MaxResponseHeaderBytes: 64 << 10, ResponseHeaderTimeout: 10 * time.Second,
		DialContext: func(ctx context.Context, _, address string) (net.Conn, error) {
			host, port := parted(address)
			return w.dial(ctx, host, port, strange)
		},
		DialTLSContext: func(ctx context.Context, _, address string) (net.Conn, error) {
			host, port := parted(address)
			conn, err := w.dial(ctx, host, port, strange)
			if err != nil {
				return nil, err
			}
			return w.secure(ctx, conn, host, port)
		},
	}
}

func parted(address string) (string, uint16) {
	host, port, _ := net.SplitHostPort(address)
	n, _ := strconv.ParseUint(port, 10, 16)
	return host, uint16(n)
}

// secure does the handshake, and gives the connection up where the certificate
// is not good.
func (w web) secure(ctx context.Context, conn net.Conn, host string, port uint16) (net.Conn, error) {
	secured, state, err := tlscheck.Client(ctx, conn, host, w.TLS)
	if err != nil {
		conn.Close()
		return nil, err
	}
	if !state.Trusted() {
		secured.Close()
		return nil, &untrustedError{host, port, state}
	}
	return secured, nil
}
