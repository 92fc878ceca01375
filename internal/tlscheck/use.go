package tlscheck

import (
	"crypto/x509"
	"errors"
	"fmt"
	"strings"
)

// checkUse asks whether the chain may be used for a server (RFC 5280
// §4.2.1.12). Go enforces the usages of issuers, too.
func (x *exam) checkUse() {
	chains := x.decides.chains
	if len(chains) == 0 {
		chains = [][]*x509.Certificate{x.path}
	}
	for _, chain := range chains {
		if offender := refusesServers(chain); offender == nil {
			return
		}
	}
	offender := refusesServers(chains[0])
	x.add(Cause{Kind: EKU, Fatal: true, Cert: offender, Detail: usages(offender)})
}

// refusesServers returns the first certificate of a chain that is limited to
// other uses than a TLS server's; nil: none.
func refusesServers(chain []*x509.Certificate) *x509.Certificate {
	for _, c := range chain {
		if len(c.ExtKeyUsage) == 0 && len(c.UnknownExtKeyUsage) == 0 {
			continue
		}
		allowed := false
		for _, u := range c.ExtKeyUsage {
			allowed = allowed || u == x509.ExtKeyUsageServerAuth || u == x509.ExtKeyUsageAny
		}
		if !allowed {
			return c
		}
	}
	return nil
}

var usageNames = map[x509.ExtKeyUsage]string{
	x509.ExtKeyUsageClientAuth:      "client authentication",
	x509.ExtKeyUsageCodeSigning:     "code signing",
	x509.ExtKeyUsageEmailProtection: "e-mail protection",
	x509.ExtKeyUsageTimeStamping:    "time stamping",
	x509.ExtKeyUsageOCSPSigning:     "OCSP signing",
}

func usages(c *x509.Certificate) string {
	var names []string
	for _, u := range c.ExtKeyUsage {
		name, ok := usageNames[u]
		if !ok {
			name = fmt.Sprintf("usage %d", u)
		}
		names = append(names, name)
	}
	for _, oid := range c.UnknownExtKeyUsage {
		names = append(names, oid.String())
	}
	return strings.Join(names[:min(len(names), 10)], ", ")
}

// checkIssuers names the certificates of a chain without a root that must
// not, or not here, issue.
func (x *exam) checkIssuers() {
	x.checkCritical()
	if x.decides.trust == TrustYes {
		return
	}
	for i, c := range x.path[1:] {
		switch below := i; {
		case !mayIssue(c):
			x.add(Cause{Kind: NotACA, Fatal: true, Cert: c, Detail: title(c)})
		case c.BasicConstraintsValid && c.MaxPathLen >= 0 && below > c.MaxPathLen:
			x.add(Cause{Kind: PathLen, Fatal: true, Cert: c, Detail: title(c), Limit: c.MaxPathLen})
		}
	}
}

// mayIssue follows RFC 5280 §4.2.1.9 and §4.2.1.3 as crypto/x509 does.
func mayIssue(c *x509.Certificate) bool {
	if c.Version == 3 && !c.BasicConstraintsValid || c.BasicConstraintsValid && !c.IsCA {
		return false
	}
	return c.KeyUsage == 0 || c.KeyUsage&x509.KeyUsageCertSign != 0
}

// checkCritical names extensions that must be understood and are not.
func (x *exam) checkCritical() {
	for _, c := range x.path {
		if len(c.UnhandledCriticalExtensions) > 0 {
			x.add(Cause{Kind: UnhandledCritical, Fatal: !x.strict(), Cert: c, Detail: c.UnhandledCriticalExtensions[0].String()})
		}
	}
}

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
	if x.decides.trust == TrustYes {
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
