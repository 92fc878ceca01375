package tlscheck

import (
	"crypto/x509"
	"errors"
)

// strict reports whether there is a chain without such an extension.
func (x *exam) strict() bool {
	if x.decides.trust != TrustYes {
		return false
	}
	_, err := x.leaf.Verify(x509.VerifyOptions{
		Roots:         x.roots,
		Intermediates: poolOf(x.sent[1:]),
		CurrentTime:   x.decides.at,
		KeyUsages:     []x509.ExtKeyUsage{x509.ExtKeyUsageAny},
	})
	return err == nil
}

// checkConstraints finds the issuer's limits on names and policies. Beside
// the store that decides, the path is tried as if its end were trusted, so
// that the limit shows in a chain of an unknown authority, too.
func (x *exam) checkConstraints() {
	x.onEveryWay(misissued)
	if x.decides.trust == TrustYes {
		x.onEveryWay(outOfBounds)
		return
	}
	err := x.decides.err
	if limitIn(err) == "" && len(x.path) > 1 {
		_, err = x.find(poolOf(x.path[len(x.path)-1:]), x.path[1:], within(x.now, x.leaf))
	}
	if kind := limitIn(err); kind != "" {
		x.add(Cause{Kind: kind, Fatal: true, Cert: x.leaf, Detail: err.Error()})
	}
}

// limitIn returns the limit by which crypto/x509 refuses a chain that leads
// to a root; empty: none.
func limitIn(err error) Kind {
	var invalid x509.CertificateInvalidError
	if !errors.As(err, &invalid) {
		return ""
	}
	switch invalid.Reason {
	case x509.CANotAuthorizedForThisName, x509.UnconstrainedName, x509.TooManyConstraints:
		return NameConstraint
	case x509.NoValidChains: // uses are not asked for here, so policies are left
		return Policy
	}
	return ""
}
