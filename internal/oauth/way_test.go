package oauth

import (
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"mailprobe/internal/lab/pki"
	"mailprobe/internal/oauth/idptest"
)

// What stands between here and the sign-in server is told apart.
func TestOnTheWay(t *testing.T) {
	ca, err := pki.NewCA("a proxy's authority")
	if err != nil {
		t.Fatal(err)
	}
	leaf, err := ca.Leaf(pki.LeafOptions{Names: []string{"127.0.0.1"}})
	if err != nil {
		t.Fatal(err)
	}
	secure := idptest.New(idptest.Options{Certificate: &leaf})
	defer secure.Close()
	closed := httptest.NewServer(nil)
	closed.Close()
	for _, row := range []struct {
		name     string
		proxy    int    // HTTP status by which a proxy refuses; 0: none
		proxyURL string // of a proxy that is not there
		url      string
		want     string
	}{
		{"another authority", 0, "", secure.URL, "authority that is not trusted here: CN=a proxy's authority"},
		{"a proxy that wants a password", 407, "", "https://idp.example", "wants a user name and password of its own"},
		{"a proxy that forbids", 403, "", "https://idp.example", "refuses the connection (HTTP status 403)"},
		{"no proxy there", 0, closed.URL, "https://idp.example", "the proxy cannot be reached"},
		{"nobody there", 0, "", strings.Replace(closed.URL, "http:", "https:", 1), "no answer from the sign-in server"},
	} {
		t.Run(row.name, func(t *testing.T) {
			transport := NewTransport(nil, nil).(*http.Transport)
			transport.Proxy = nil
			if row.proxy != 0 {
				p := idptest.NewProxy("", row.proxy)
				defer p.Close()
				row.proxyURL = p.URL
			}
			if row.proxyURL != "" {
				u, _ := url.Parse(row.proxyURL)
				transport.Proxy = http.ProxyURL(u)
			}
			c := newClient(t, secure, func(c *Config) {
				c.Transport = transport
				c.Provider.OAuth.DeviceURL, c.Provider.OAuth.TokenURL = row.url+"/device", row.url+"/token"
			})
			err := c.SignInDevice(t.Context(), &shown{})
			if reason(err) != Unreachable || !strings.Contains(err.Error(), row.want) && !strings.Contains(err.Error(), strings.ToUpper(row.want[:1])+row.want[1:]) {
				t.Errorf("got  %v\nwant %q", err, row.want)
			}
		})
	}
	if message, _ := OnTheWay(&net.OpError{Op: "dial", Err: &net.DNSError{Name: "idp.example", IsNotFound: true}}); !strings.Contains(message, "idp.example") {
		t.Errorf("got  %q\nwant the name", message)
	}
}
