package tlscheck

import (
	"crypto/x509"
	"encoding/asn1"
	"fmt"
	"slices"
	"strings"
)

// ways returns the chains by which a verifier may reach a root, or else the
// path as sent.
func (x *exam) ways() [][]*x509.Certificate {
	if len(x.decides.chains) > 0 {
		return x.decides.chains
	}
	return [][]*x509.Certificate{x.path}
}

// onEveryWay adds what find says of the first chain, unless a chain is free
// of it. The zero Cause is nothing.
func (x *exam) onEveryWay(find func(chain []*x509.Certificate) Cause) {
	first := Cause{}
	for _, chain := range x.ways() {
		c := find(chain)
		if c.Kind == "" {
			return
		}
		if first.Kind == "" {
			first = c
		}
	}
	x.refuse(first)
}

// refuse adds a cause that is fatal if mail programs refuse for it.
func (x *exam) refuse(c Cause) {
	p, _ := PracticeOf(c)
	c.Fatal = p.Refused()
	x.add(c)
}

// checkUse asks whether the chain may be used for a server (RFC 5280
// §4.2.1.12). Go enforces the usages of issuers, too.
func (x *exam) checkUse() {
	x.onEveryWay(refusesServers)
	if !hasExtension(x.leaf, oidExtKeyUsage) {
		x.checkNoUse()
	}
}

// refusesServers tells of the first certificate of a chain that is limited to
// other uses than a TLS server's.
func refusesServers(chain []*x509.Certificate) Cause {
	for i, c := range chain {
		refused := func(which, detail string) Cause {
			return Cause{Kind: EKU, Case: which, Cert: c, Detail: detail}
		}
		switch other := foreign(c); {
		case hasExtension(c, oidExtKeyUsage) && !slices.Contains(c.ExtKeyUsage, x509.ExtKeyUsageServerAuth):
			which := CaseOtherUse
			if slices.Contains(c.ExtKeyUsage, x509.ExtKeyUsageAny) {
				which = CaseAnyUse
			}
			return refused(which, usages(c))
		case i == 0 && netscapeForbids(c):
			return refused(CaseNetscape, "another use by Netscape's certificate type")
		case other != "":
			return refused(CaseForeign, other)
		}
	}
	return Cause{}
}

var usageNames = map[x509.ExtKeyUsage]string{
	x509.ExtKeyUsageAny:             "any use",
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
	x.onEveryWay(mute)
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

// mute tells of the first authority whose key usage allows nothing, which to
// crypto/x509 is no limit.
func mute(chain []*x509.Certificate) Cause {
	for _, c := range chain[1:] {
		if c.KeyUsage == 0 && hasExtension(c, oidKeyUsage) {
			return Cause{Kind: NotACA, Case: CaseEmpty, Cert: c, Detail: title(c)}
		}
	}
	return Cause{}
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
			x.add(Cause{Kind: UnhandledCritical, Case: CaseUnknown, Fatal: !x.strict(), Cert: c, Detail: c.UnhandledCriticalExtensions[0].String()})
		}
	}
	x.onEveryWay(unusualDemand)
}

// unusualDemands are extensions that crypto/x509 understands and GnuTLS does
// not (RFC 5280 §4.2.1.5 and §4.2.1.11).
var unusualDemands = []asn1.ObjectIdentifier{{2, 5, 29, 33}, {2, 5, 29, 36}}

// unusualDemand tells of the first certificate that marks one of them as
// critical.
func unusualDemand(chain []*x509.Certificate) Cause {
	for _, c := range chain {
		for _, e := range c.Extensions {
			if e.Critical && slices.ContainsFunc(unusualDemands, e.Id.Equal) {
				return Cause{Kind: UnhandledCritical, Case: CasePolicies, Cert: c, Detail: e.Id.String()}
			}
		}
	}
	return Cause{}
}
