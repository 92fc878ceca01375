package compare

import (
	"crypto/sha256"
	"crypto/sha512"
	"crypto/x509"
	"encoding/hex"
	"fmt"
	"slices"

	"mailprobe/internal/dnsclient"
	"mailprobe/internal/settings"
)

// A Pin is what DNS says of a server's certificate. It is information: mail
// programs do not go by it.
type Pin struct {
	At      settings.Endpoint
	Record  string // "3 1 1" and the digits
	Matches string // "yes", "no", or empty: that could not be compared
}

// pins compares the records of servers with the certificates that were shown.
func (w *work) pins() {
	for _, p := range w.Pinned {
		var chain []*x509.Certificate
		if x := w.seen[p.At]; x != nil && x.Result != nil && x.Result.TLS != nil {
			chain = x.Result.TLS.Chain
		}
		for _, pin := range p.Pins {
			w.Pins = append(w.Pins, Pin{p.At, fmt.Sprintf("%d %d %d %s", pin.Usage, pin.Selector, pin.Matching, pin.Data), matches(pin, chain)})
		}
	}
}

// matches says whether a chain holds what a record names: the server's own
// certificate, or for usages 0 and 2 one of the authorities' behind it, of which
// the last need not be sent (RFC 6698 §2.1.1, RFC 7671 §4).
func matches(p dnsclient.Pin, chain []*x509.Certificate) string {
	if len(chain) == 0 || p.Usage > 3 || p.Selector > 1 || p.Matching > 2 {
		return ""
	}
	own := p.Usage == 1 || p.Usage == 3
	if own {
		chain = chain[:1]
	} else {
		chain = chain[1:]
	}
	switch found := slices.ContainsFunc(chain, func(c *x509.Certificate) bool { return associated(p, c) == p.Data }); {
	case found:
		return "yes"
	case own:
		return "no"
	}
	return ""
}

// associated is what a record of this kind has for a certificate.
func associated(p dnsclient.Pin, c *x509.Certificate) string {
	data := c.Raw
	if p.Selector == 1 {
		data = c.RawSubjectPublicKeyInfo
	}
	switch p.Matching {
	case 1:
		sum := sha256.Sum256(data)
		return hex.EncodeToString(sum[:])
	case 2:
		sum := sha512.Sum512(data)
		return hex.EncodeToString(sum[:])
	}
	return hex.EncodeToString(data)
}
