package tlscheck

import (
	"crypto/x509"
	"encoding/asn1"
	"slices"

	"golang.org/x/crypto/ocsp"
)

var oidFeatures = asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 1, 24} // RFC 7633 §4

const statusRequest = 5 // RFC 6066 §8

// A stapled is the OCSP answer that came with the handshake.
type stapled struct {
	issuer *x509.Certificate // of the leaf; nil: not known, so nothing was read
	answer *ocsp.Response
	err    error // why there is no answer
}

func (x *exam) readStaple() stapled {
	issuer := x.leafIssuer()
	if len(x.staple) == 0 || issuer == nil {
		return stapled{}
	}
	answer, err := ocsp.ParseResponseForCert(x.staple, x.leaf, issuer)
	return stapled{issuer, answer, err}
}

// checkStaple looks at the OCSP answer that came with the handshake. None is
// no fault: authorities have given up OCSP.
func (x *exam) checkStaple() {
	x.onEveryWay(unmet)
	if len(x.staple) == 0 {
		if mustStaple(x.leaf) {
			x.refuse(Cause{Kind: MustStapleMissing, Cert: x.leaf})
		}
		return
	}
	switch answer := x.ocsp.answer; {
	case x.ocsp.issuer == nil:
	case x.ocsp.err != nil:
		if mustStaple(x.leaf) {
			x.refuse(Cause{Kind: MustStapleMissing, Cert: x.leaf, Detail: "the stapled OCSP answer is not usable"})
		}
	case answer.Status == ocsp.Revoked:
		x.add(Cause{Kind: OCSPRevoked, Fatal: true, Cert: x.leaf, At: answer.RevokedAt})
	case !answer.NextUpdate.IsZero() && x.now.After(answer.NextUpdate):
		x.add(Cause{Kind: OCSPStale, Cert: x.leaf, At: answer.NextUpdate})
	}
}

// leafIssuer returns the certificate that issued the leaf, from the chain
// that was found or from what was sent; nil: neither has it.
func (x *exam) leafIssuer() *x509.Certificate {
	for _, chain := range slices.Concat(x.decides.chains, x.second.chains) {
		if len(chain) > 1 {
			return chain[1]
		}
	}
	if len(x.path) > 1 {
		return x.path[1]
	}
	return nil
}

func mustStaple(c *x509.Certificate) bool { return slices.Contains(featuresOf(c), statusRequest) }

// unmet tells of the first authority that demands a feature of TLS which the
// leaf does not (RFC 7633 §4.2.2).
func unmet(chain []*x509.Certificate) Cause {
	for _, c := range chain[1:] {
		for _, f := range featuresOf(c) {
			if !slices.Contains(featuresOf(chain[0]), f) {
				return Cause{Kind: MustStapleMissing, Case: CaseAbove, Cert: c, Detail: title(c)}
			}
		}
	}
	return Cause{}
}

// featuresOf returns the features of TLS that c demands; nil: none, or none
// that can be read.
func featuresOf(c *x509.Certificate) []int {
	var features []int
	if rest, err := asn1.Unmarshal(extensionOf(c, oidFeatures), &features); err != nil || len(rest) > 0 {
		return nil
	}
	return features
}
