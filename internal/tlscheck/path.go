package tlscheck

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/rsa"
	"crypto/x509"
	"errors"
	"fmt"
	"slices"
	"time"
)

// pathOf follows the issuers inside sent from the leaf up, whatever their
// order, dates and rights. It ends at a self-signed certificate or where the
// issuer was not sent. The signatures in proved were checked before.
func pathOf(sent []*x509.Certificate, proved [][]*x509.Certificate) []*x509.Certificate {
	path := sent[:1:1]
	for len(path) < len(sent) && !selfSigned(path[len(path)-1]) {
		next := issuerOf(path, sent, proved)
		if next == nil {
			break
		}
		path = append(path, next)
	}
	return path
}

// issuerOf returns the issuer of the end of path; nil: it was not sent.
func issuerOf(path, sent []*x509.Certificate, proved [][]*x509.Certificate) *x509.Certificate {
	c := path[len(path)-1]
	known := func(p *x509.Certificate) bool {
		return slices.ContainsFunc(proved, func(chain []*x509.Certificate) bool {
			return len(chain) > len(path) && chain[len(path)-1] == c && chain[len(path)] == p
		})
	}
	for _, p := range sent {
		if bytes.Equal(p.RawSubject, c.RawIssuer) && !contains(path, p) && (known(p) || signed(p, c)) {
			return p
		}
	}
	return nil
}

// signed reports whether parent made the signature of child. One by MD5
// cannot be checked any more and counts by its names alone.
func signed(parent, child *x509.Certificate) bool {
	err := parent.CheckSignature(child.SignatureAlgorithm, child.RawTBSCertificate, child.Signature)
	var insecure x509.InsecureAlgorithmError
	return err == nil || errors.As(err, &insecure)
}

func selfSigned(c *x509.Certificate) bool {
	return bytes.Equal(c.RawSubject, c.RawIssuer) && signed(c, c)
}

func contains(list []*x509.Certificate, c *x509.Certificate) bool {
	for _, have := range list {
		if have.Equal(c) {
			return true
		}
	}
	return false
}

func poolOf(certs []*x509.Certificate) *x509.CertPool {
	pool := x509.NewCertPool()
	for _, c := range certs {
		pool.AddCert(c)
	}
	return pool
}

// tolerant returns c with its unknown critical extensions overlooked.
func tolerant(c *x509.Certificate) *x509.Certificate {
	if len(c.UnhandledCriticalExtensions) == 0 {
		return c
	}
	copied := *c
	copied.UnhandledCriticalExtensions = nil
	return &copied
}

func validAt(c *x509.Certificate, at time.Time) bool {
	return !at.Before(c.NotBefore) && !at.After(c.NotAfter)
}

// within returns the moment nearest to at within the period of c.
func within(at time.Time, c *x509.Certificate) time.Time {
	switch {
	case at.Before(c.NotBefore):
		return c.NotBefore
	case at.After(c.NotAfter):
		return c.NotAfter
	}
	return at
}

// keyBits returns the size of c's RSA or ECDSA key, and 0 for others.
func keyBits(c *x509.Certificate) int {
	switch key := c.PublicKey.(type) {
	case *rsa.PublicKey:
		return key.N.BitLen()
	case *ecdsa.PublicKey:
		return key.Curve.Params().BitSize
	}
	return 0
}

// title names a certificate's subject for people.
func title(c *x509.Certificate) string {
	switch name := c.Subject; {
	case name.CommonName != "":
		return name.CommonName
	case len(name.Organization) > 0:
		return name.Organization[0]
	}
	return c.Subject.String()
}

// issuerTitle names a certificate's issuer for people.
func issuerTitle(c *x509.Certificate) string {
	switch name := c.Issuer; {
	case name.CommonName != "":
		return name.CommonName
	case len(name.Organization) > 0:
		return name.Organization[0]
	}
	return c.Issuer.String()
}

// checkOrder looks at the form of the list: RFC 8446 §4.4.2 wants each
// certificate to certify the one before it, and no root is needed. Verifiers
// tolerate all of it.
func (x *exam) checkOrder() {
	position, inOrder := -1, true
	for _, c := range x.path {
		at := slices.IndexFunc(x.sent, c.Equal)
		inOrder = inOrder && at > position
		position = at
	}
	if !inOrder {
		x.add(Cause{Kind: ChainOrder})
	}
	extra, twice := 0, 0
	for i, c := range x.sent {
		switch {
		case contains(x.sent[:i], c):
			twice++
		case !contains(x.path, c):
			extra++
		}
	}
	if twice > 0 {
		x.add(Cause{Kind: ChainDuplicate, Detail: fmt.Sprint(twice)})
	}
	if extra += len(x.state.Chain) - len(x.sent); extra > 0 {
		x.add(Cause{Kind: ChainExtra, Detail: fmt.Sprint(extra)})
	}
	if top := x.path[len(x.path)-1]; len(x.path) > 1 && selfSigned(top) {
		x.add(Cause{Kind: RootSent, Cert: top, Detail: title(top)})
	}
}
