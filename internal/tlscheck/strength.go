package tlscheck

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rsa"
	"crypto/x509"
	"fmt"
)

const minRSA = 2048 // RFC 9325 §4.5

// checkKeys is of its own because Go accepts RSA keys from 1024 bits, and
// kinds of keys that others do not know.
func (x *exam) checkKeys() {
	x.onEveryWay(weakKey)
	x.onEveryWay(rareKey)
}

func weakKey(chain []*x509.Certificate) Cause {
	for _, c := range chain {
		if key, ok := c.PublicKey.(*rsa.PublicKey); ok && key.N.BitLen() < minRSA {
			return Cause{Kind: KeyWeak, Cert: c, Detail: fmt.Sprintf("RSA with %d bits", key.N.BitLen()), Limit: minRSA}
		}
	}
	return Cause{}
}

func rareKey(chain []*x509.Certificate) Cause {
	for i, c := range chain {
		switch key := c.PublicKey.(type) {
		case ed25519.PublicKey:
			return Cause{Kind: KeyRare, Case: CaseEd25519, Cert: c, Detail: "Ed25519"}
		case *ecdsa.PublicKey:
			switch {
			case key.Curve != elliptic.P224():
			case i == 0:
				return Cause{Kind: KeyUnsupported, Cert: c, Detail: "P-224"}
			default:
				return Cause{Kind: KeyRare, Case: CaseP224, Cert: c, Detail: "P-224"}
			}
		}
	}
	return Cause{}
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
