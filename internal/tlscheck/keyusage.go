package tlscheck

import (
	"crypto/x509"
	"encoding/asn1"
	"slices"
	"strings"
	"time"
)

var (
	oidKeyUsage    = asn1.ObjectIdentifier{2, 5, 29, 15}
	oidExtKeyUsage = asn1.ObjectIdentifier{2, 5, 29, 37}
	oidNetscape    = asn1.ObjectIdentifier{2, 16, 840, 1, 113730, 1, 1} // "netscape-cert-type"
)

// extension returns the value of an extension; nil: c has none.
func extensionOf(c *x509.Certificate, id asn1.ObjectIdentifier) []byte {
	for _, e := range c.Extensions {
		if e.Id.Equal(id) {
			return slices.Clip(e.Value)
		}
	}
	return nil
}

func hasExtension(c *x509.Certificate, id asn1.ObjectIdentifier) bool {
	return extensionOf(c, id) != nil
}

// forServers are the usages of which TLS needs one (RFC 5246 §7.4.2).
const forServers = x509.KeyUsageDigitalSignature | x509.KeyUsageKeyEncipherment | x509.KeyUsageKeyAgreement

// checkKeyUsage holds the leaf's key usage (RFC 5280 §4.2.1.3) against what
// its key was used for. crypto/tls does not look at it.
func (x *exam) checkKeyUsage() {
	if x.leaf.IsCA && x.leaf.BasicConstraintsValid {
		x.refuse(Cause{Kind: CALeaf, Cert: x.leaf})
	}
	if !hasExtension(x.leaf, oidKeyUsage) {
		return
	}
	allowed := x.leaf.KeyUsage
	needed := x.exchangeNeeds()
	switch c := (Cause{Cert: x.leaf, Detail: keyUsages(allowed)}); {
	case allowed == 0:
		c.Kind, c.Case = KeyUsage, CaseEmpty
		x.refuse(c)
	case allowed&forServers == 0:
		c.Kind, c.Case = KeyUsage, CaseUnfit
		x.refuse(c)
	case allowed&needed == 0:
		c.Kind, c.Case, c.Needed = KeyUsageExchange, CaseSigned, keyUsages(needed)
		if needed == x509.KeyUsageKeyEncipherment {
			c.Case = CaseEncrypted
		}
		x.refuse(c)
	}
}

// exchangeNeeds returns the usage that the key exchange of the session is
// covered by: TLS 1.3 and ephemeral Diffie-Hellman sign, RSA key exchange
// encrypts.
func (x *exam) exchangeNeeds() x509.KeyUsage {
	if StaticRSA(x.state.CipherSuite) {
		return x509.KeyUsageKeyEncipherment
	}
	return x509.KeyUsageDigitalSignature
}

// keyUsageNames are in the order of the bits, as RFC 5280 writes them.
var keyUsageNames = []string{
	"digitalSignature", "nonRepudiation", "keyEncipherment", "dataEncipherment", "keyAgreement",
	"keyCertSign", "cRLSign", "encipherOnly", "decipherOnly",
}

func keyUsages(u x509.KeyUsage) string {
	var names []string
	for i, name := range keyUsageNames {
		if u&(1<<i) != 0 {
			names = append(names, name)
		}
	}
	if len(names) == 0 {
		return "nothing"
	}
	return strings.Join(names, ", ")
}

// useFrom is the day of issue from which Apple demands an extended key usage
// and limits the lifetime, whoever the authority is.
var useFrom = time.Date(2019, 7, 1, 0, 0, 0, 0, time.UTC)

func (x *exam) checkNoUse() {
	if !x.leaf.NotBefore.Before(useFrom) {
		x.refuse(Cause{Kind: NoEKU, Cert: x.leaf})
	}
}

// netscapeForbids reports whether Netscape's certificate type leaves out SSL
// servers. OpenSSL still follows it.
func netscapeForbids(c *x509.Certificate) bool {
	const sslServer = 1
	value := extensionOf(c, oidNetscape)
	if value == nil {
		return false
	}
	var bits asn1.BitString
	rest, err := asn1.Unmarshal(value, &bits)
	return err != nil || len(rest) > 0 || bits.At(sslServer) == 0
}

// foreignUses are extensions by which OpenSSL takes a certificate for one of
// another trade, critical or not.
var foreignUses = []struct {
	id  asn1.ObjectIdentifier
	use string
}{
	{asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 1, 14}, "a user's proxy (RFC 3820)"},
	{asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 1, 7}, "blocks of IP addresses (RFC 3779)"},
	{asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 1, 8}, "numbers of networks (RFC 3779)"},
}

func foreign(c *x509.Certificate) string {
	for _, f := range foreignUses {
		if hasExtension(c, f.id) {
			return f.use
		}
	}
	return ""
}
