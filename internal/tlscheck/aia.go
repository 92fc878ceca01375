package tlscheck

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"syscall"
	"time"
)

// AIA fetches the issuer of a certificate from the address that stands in it
// (RFC 5280 §4.2.2.1). What it brings serves to explain a fault; it never
// makes a chain trusted.
type AIA interface {
	Fetch(ctx context.Context, url string) (der []byte, err error)
}

const (
	maxFetches = 3 // addresses asked for one chain
	maxFetched = 64 << 10
	fetchTime  = 3 * time.Second
)

// fetchIssuers returns chains of issuers above top, each as far as it could
// be fetched: the issuer, and the issuer with its own.
func (x *exam) fetchIssuers(top *x509.Certificate) [][]*x509.Certificate {
	if x.cfg.AIA == nil {
		return nil
	}
	var steps [][]*x509.Certificate
	var above []*x509.Certificate
	for asked := 0; asked < maxFetches && len(top.IssuingCertificateURL) > 0; asked++ {
		issuer, err := x.fetch(top)
		if err != nil || selfSigned(issuer) {
			break
		}
		above = append(above, issuer)
		steps = append(steps, above[:len(above):len(above)])
		top = issuer
	}
	return steps
}

func (x *exam) fetch(c *x509.Certificate) (*x509.Certificate, error) {
	der, err := x.cfg.AIA.Fetch(x.ctx, c.IssuingCertificateURL[0])
	if err != nil {
		return nil, err
	}
	issuer, err := x509.ParseCertificate(der)
	if err != nil {
		return nil, err
	}
	if keyBits(issuer) > maxRSABit || !signed(issuer, c) {
		return nil, errors.New("the fetched certificate is not the issuer")
	}
	return issuer, nil
}

// A Fetcher is the AIA that asks the network. The address comes from the
// peer, so it is guarded: http on port 80 or 443, public addresses, no
// redirects, no proxy, 3 seconds, 64 KiB.
type Fetcher struct {
	// DialContext makes the connections; nil: a net.Dialer that connects to
	// public addresses only.
	DialContext func(ctx context.Context, network, address string) (net.Conn, error)
}

// Fetch gets the certificate at address, which is DER (RFC 5280 §4.2.2.1).
func (f Fetcher) Fetch(ctx context.Context, address string) ([]byte, error) {
	if err := fetchable(address); err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, fetchTime)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, err
	}
	resp, err := f.client().Do(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("fetch issuer: status %d", resp.StatusCode)
	}
	der, err := io.ReadAll(io.LimitReader(resp.Body, maxFetched+1))
	if err == nil && len(der) > maxFetched {
		err = errors.New("fetch issuer: more than 64 KiB")
	}
	return der, err
}

func (f Fetcher) client() *http.Client {
	dial := f.DialContext
	if dial == nil {
		dial = (&net.Dialer{ControlContext: publicOnly}).DialContext
	}
	return &http.Client{
		Transport:     &http.Transport{DialContext: dial, DisableCompression: true, DisableKeepAlives: true, MaxResponseHeaderBytes: maxFetched},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

func fetchable(address string) error {
	u, err := url.Parse(address)
	if err != nil {
		return err
	}
	if port := u.Port(); u.Scheme != "http" || u.User != nil || (port != "" && port != "80" && port != "443") {
		return fmt.Errorf("fetch issuer: %q is not fetched", address)
	}
	return nil
}

// publicOnly refuses a connection to an address that is not public. It is
// asked after the name was resolved, for each address, so that a name cannot
// lead inside.
func publicOnly(_ context.Context, _, address string, _ syscall.RawConn) error {
	ap, err := netip.ParseAddrPort(address)
	if err != nil {
		return err
	}
	if !public(ap.Addr().Unmap()) {
		return fmt.Errorf("fetch issuer: %s is no public address", ap.Addr())
	}
	return nil
}

// reserved are the blocks of the IANA special-purpose registries that
// netip does not name itself.
var reserved = []netip.Prefix{
	netip.MustParsePrefix("0.0.0.0/8"),
	netip.MustParsePrefix("100.64.0.0/10"),
	netip.MustParsePrefix("192.0.0.0/24"),
	netip.MustParsePrefix("192.0.2.0/24"),
	netip.MustParsePrefix("198.18.0.0/15"),
	netip.MustParsePrefix("198.51.100.0/24"),
	netip.MustParsePrefix("203.0.113.0/24"),
	netip.MustParsePrefix("240.0.0.0/4"),
	netip.MustParsePrefix("64:ff9b::/96"),
	netip.MustParsePrefix("64:ff9b:1::/48"),
	netip.MustParsePrefix("100::/64"),
	netip.MustParsePrefix("2001::/32"),
	netip.MustParsePrefix("2001:db8::/32"),
	netip.MustParsePrefix("2002::/16"),
	netip.MustParsePrefix("3fff::/20"),
	netip.MustParsePrefix("fec0::/10"),
}

func public(a netip.Addr) bool {
	if !a.IsGlobalUnicast() || a.IsPrivate() {
		return false
	}
	for _, p := range reserved {
		if p.Contains(a) {
			return false
		}
	}
	return true
}
