package oauth

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
)

// A ProxyError says that a proxy did not let a connection through.
type ProxyError struct {
	Proxy  string // host and port
	Status int    // HTTP status
}

func (e *ProxyError) Error() string {
	return fmt.Sprintf("the proxy %s refuses the connection (HTTP status %d)", e.Proxy, e.Status)
}

// proxyAnswered makes an error of a proxy's refusal.
func proxyAnswered(_ context.Context, proxy *url.URL, _ *http.Request, answer *http.Response) error {
	if answer.StatusCode == http.StatusOK {
		return nil
	}
	return &ProxyError{proxy.Host, answer.StatusCode}
}

// OnTheWay says what stands between here and the sign-in server, and what to
// do; empty: nothing that is known.
func OnTheWay(err error) (message, remedy string) {
	var proxy *ProxyError
	var name *net.DNSError
	var invalid x509.CertificateInvalidError
	var other x509.HostnameError
	var refused *tls.CertificateVerificationError
	var call *net.OpError
	switch {
	case errors.As(err, &proxy) && proxy.Status == http.StatusProxyAuthRequired:
		return fmt.Sprintf("the proxy %s wants a user name and password of its own", escape(proxy.Proxy)),
			"put them into HTTPS_PROXY (http://NAME:PASSWORD@HOST:PORT), or ask whoever runs the proxy"
	case errors.As(err, &proxy):
		return escape(proxy.Error()), "ask whoever runs the proxy to let the sign-in server's host through"
	case signerOf(err) != "":
		return "the certificate of the sign-in server was issued by an authority that is not trusted here: " + signerOf(err),
			"somebody reads the connection on the way (TLS inspection); let the network's administrator except the host, or trust that authority by --add-cacert"
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		return "the certificate of the sign-in server is not valid at this computer's time",
			"compare date and time of this computer with another clock"
	case errors.As(err, &other), errors.As(err, &refused):
		return "the certificate of the sign-in server does not prove who it is", "somebody else answers in its place: a portal, a proxy, or a wrong --connect-to"
	case errors.As(err, &name):
		return "the name " + escape(name.Name) + " of the sign-in server has no address here", "look whether this network's DNS server or filter knows it; behind a proxy set HTTPS_PROXY"
	case errors.As(err, &call) && call.Op == "proxyconnect":
		return "the proxy cannot be reached", "look whether HTTPS_PROXY names the right host and port"
	}
	return "", ""
}
