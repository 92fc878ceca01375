package tlscheck

import (
	"crypto/rsa"
	"crypto/x509"
	"fmt"
)

const (
	minRSA   = 2048 // RFC 9325 §4.5
	minECDSA = 224
)

// checkKeys is of its own because Go accepts RSA keys from 1024 bits.
func (x *exam) checkKeys() {
	for _, c := range x.sent {
		bits := keyBits(c)
		kind, least := "ECDSA", minECDSA
		if _, ok := c.PublicKey.(*rsa.PublicKey); ok {
			kind, least = "RSA", minRSA
		}
		if bits > 0 && bits < least {
			x.add(Cause{Kind: KeyWeak, Cert: c, Detail: fmt.Sprintf("%s with %d bits", kind, bits), Limit: least})
		}
	}
}

// checkSignatures looks at the chain that was used, or else at what was
// sent. Nobody checks the signature of a root.
func (x *exam) checkSignatures() {
	if x.decides.trust == TrustYes {
		return // a verifier builds no chain with a weak signature
	}
	for _, c := range x.path {
		if weakSignature(c.SignatureAlgorithm) && !selfSigned(c) {
			x.add(Cause{Kind: SigWeak, Fatal: true, Cert: c, Detail: c.SignatureAlgorithm.String()})
		}
	}
}

// weakSignature follows RFC 9325 §4.5.
func weakSignature(a x509.SignatureAlgorithm) bool {
	switch a {
	case x509.MD2WithRSA, x509.MD5WithRSA, x509.SHA1WithRSA, x509.DSAWithSHA1, x509.ECDSAWithSHA1:
		return true
	}
	return false
}
