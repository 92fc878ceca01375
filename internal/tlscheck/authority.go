package tlscheck

import (
	"crypto/x509"
	"encoding/asn1"
)

// checkAuthority says why the store that decides does not vouch for the
// chain, unless a fault below its end is the reason (checkIssuers and the
// like say that).
func (x *exam) checkAuthority() {
	if x.decides.trust != TrustNo || x.decides.knows {
		return
	}
	top := x.path[len(x.path)-1]
	if weakSignature(top.SignatureAlgorithm) && !selfSigned(top) {
		return // nobody can tell who issued it
	}
	alone := len(x.path) == 1 && selfSigned(x.leaf)
	if product, by := x.interceptor(); product != "" && !alone { // some of these vendors make mail servers, too
		x.add(Cause{Kind: Intercepted, Fatal: true, Cert: by, Detail: by.Issuer.String(), Product: product})
		return
	}
	c := Cause{Kind: UnknownCA, Fatal: true, Cert: top, Detail: issuerTitle(top)}
	switch {
	case alone:
		c.Kind = SelfSigned
	case x.second.trust == TrustYes && x.store == StoreSystem:
		c.Kind = StoreOutdated
	case !selfSigned(top):
		if missing, ok := x.missing(top); ok {
			c.Kind, c.Detail = MissingIntermediate, missing
		}
	}
	x.add(c)
}

// missing names the issuer of top if sending it would make the chain whole.
// Without leave to fetch it, the marks of a public authority are taken as a
// sign that it would.
func (x *exam) missing(top *x509.Certificate) (string, bool) {
	for _, fetched := range x.fetchIssuers(top) {
		for _, roots := range x.stores() {
			if _, err := x.find(roots, append(fetched, x.sent[1:]...), within(x.now, x.leaf)); err == nil {
				return title(fetched[0]), true
			}
		}
	}
	if x.cfg.AIA != nil || !x.publiclyIssued() {
		return "", false
	}
	return issuerTitle(top), true
}

// stores returns the pools that may vouch: the one that decides and Mozilla's.
func (x *exam) stores() []*x509.CertPool {
	stores := []*x509.CertPool{x.roots}
	if x.cfg.Mozilla != nil && x.store == StoreSystem {
		stores = append(stores, x.cfg.Mozilla)
	}
	return stores
}

func (x *exam) checkDoubt() {
	if x.doubt != nil {
		x.add(*x.doubt)
	}
}

// doubtful says why this machine trusts what Mozilla's programs do not. A
// store that was given by hand has no second opinion.
func (x *exam) doubtful() *Cause {
	if x.store != StoreSystem || x.decides.trust != TrustYes || x.second.trust == TrustYes {
		return nil
	}
	chain := x.decides.chains[0]
	root := chain[len(chain)-1]
	if product, by := x.interceptor(); product != "" {
		return &Cause{Kind: Intercepted, Cert: by, Detail: by.Issuer.String(), Product: product}
	}
	if x.second.trust != TrustNo {
		return nil
	}
	c := &Cause{Kind: PrivateCALocally, Cert: root, Detail: title(root)}
	switch unsent := x.unsent(chain); {
	case unsent != nil:
		c.Kind, c.Cert, c.Detail = MissingIntermediate, unsent, title(unsent)
	case x.onCondition(root):
		c.Kind = DistrustedByMozilla
	case x.second.knows:
		return nil // a fault on the path that only this machine's verifier overlooks
	}
	return c
}

// unsent returns the issuer that the system's verifier added by itself,
// where Mozilla's store vouches for the chain once it is there.
func (x *exam) unsent(chain []*x509.Certificate) *x509.Certificate {
	if _, err := x.find(x.cfg.Mozilla, append(chain[1:len(chain):len(chain)], x.sent[1:]...), x.decides.at); err != nil {
		return nil
	}
	for _, c := range chain[1:] {
		if !contains(x.sent, c) {
			return c
		}
	}
	return nil
}

// onCondition reports whether Mozilla's store holds root itself, and only a
// condition on it, such as a last day of issue, is in the way.
func (x *exam) onCondition(root *x509.Certificate) bool {
	if _, err := x.find(poolOf([]*x509.Certificate{root}), x.sent[1:], x.decides.at); err != nil {
		return false
	}
	_, err := root.Verify(x509.VerifyOptions{
		Roots:       x.cfg.Mozilla,
		CurrentTime: within(x.now, root),
		KeyUsages:   []x509.ExtKeyUsage{x509.ExtKeyUsageAny},
	})
	return err == nil
}

var (
	oidSCTs     = asn1.ObjectIdentifier{1, 3, 6, 1, 4, 1, 11129, 2, 4, 2} // RFC 6962 §3.3
	oidCABForum = asn1.ObjectIdentifier{2, 23, 140, 1, 2}                 // Baseline Requirements §7.1.6.1
)

// publiclyIssued reports whether the leaf bears the marks of a public
// authority.
func (x *exam) publiclyIssued() bool { return publiclyIssued(x.leaf) }

// PubliclyIssued reports whether the server's certificate bears the marks of a
// public authority: logged timestamps, or a policy of the CA/Browser Forum.
// What replaces certificates on the way has neither.
func (s *State) PubliclyIssued() bool { return len(s.Chain) > 0 && publiclyIssued(s.Chain[0]) }

func publiclyIssued(leaf *x509.Certificate) bool {
	for _, e := range leaf.Extensions {
		if e.Id.Equal(oidSCTs) {
			return true
		}
	}
	for _, p := range leaf.PolicyIdentifiers {
		if len(p) > len(oidCABForum) && p[:len(oidCABForum)].Equal(oidCABForum) {
			return true
		}
	}
	return false
}
