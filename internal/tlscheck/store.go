package tlscheck

import (
	"crypto/x509"
	"slices"
	"sync"
	"time"

	"golang.org/x/crypto/x509roots/fallback/bundle"
)

// MozillaRoots returns the root certificates that Mozilla's programs trust,
// with the dates behind which some of them may no longer issue. All callers
// share one pool: add nothing to it.
func MozillaRoots() *x509.CertPool { return mozillaRoots() }

var mozillaRoots = sync.OnceValue(func() *x509.CertPool {
	pool := x509.NewCertPool()
	for root := range bundle.Roots() {
		c, err := x509.ParseCertificate(root.Certificate)
		switch {
		case err != nil: // a root that this Go cannot read verifies nothing either
		case root.Constraint == nil:
			pool.AddCert(c)
		default:
			pool.AddCertWithConstraint(c, root.Constraint)
		}
	}
	return pool
})

// An opinion is what one store says of the chain, name and use aside.
type opinion struct {
	trust   Trust
	at      time.Time             // when chains was found
	chains  [][]*x509.Certificate // from the leaf to a root of the store; nil: none
	current bool                  // all issuers of one chain are valid now
	knows   bool                  // the store knows the end of the path, whatever is wrong below
	err     error                 // why there are no chains
}

// A system is the store in whose place none may speak, unless it is empty.
type system struct {
	pool  *x509.CertPool // nil: the operating system's own verifier
	given bool
	empty bool // as in a container without certificates
}

func systemOf(cfg Config) system {
	if cfg.System != nil {
		return system{pool: cfg.System, given: true}
	}
	return system{empty: noSystemStore()}
}

// noSystemStore is asked once: crypto/x509 copies the whole store for each
// SystemCertPool, and reads it once for a process.
var noSystemStore = sync.OnceValue(func() bool {
	pool, err := x509.SystemCertPool()
	return err != nil || pool.Equal(x509.NewCertPool())
})

// decides returns the store whose word counts, and its roots.
func (s system) decides(mozilla *x509.CertPool) (Store, *x509.CertPool) {
	switch {
	case s.given:
		return StoreGiven, s.pool
	case s.empty && mozilla != nil:
		return StoreMozilla, mozilla
	}
	return StoreSystem, s.pool
}

// askStores asks the store that decides and, for a second opinion,
// Mozilla's.
func (x *exam) askStores() {
	x.store, x.roots = x.system.decides(x.cfg.Mozilla)
	chains, err := x.verify()
	x.verdict, x.path = err, pathOf(x.sent, chains)
	switch {
	case err == nil: // what a verifying client found is an answer to the milder question, too
		x.decides = opinion{trust: TrustYes, at: x.now, chains: chains, current: true, knows: true}
	case x.system.empty && x.store != StoreMozilla:
		x.decides = opinion{trust: TrustUnknown}
	default:
		x.decides = x.ask(x.roots)
	}
	switch {
	case x.store == StoreMozilla:
		x.second = x.decides
	case x.cfg.Mozilla != nil && !x.leadsTo(x.cfg.Mozilla):
		x.second = opinion{trust: TrustNo}
	case x.cfg.Mozilla != nil:
		x.second = x.ask(x.cfg.Mozilla)
	}
}

// leadsTo reports whether a chain of what was sent may end at roots that are
// held here, by the names alone: it costs no signatures. Where the names lead
// nowhere, as those of a private authority do, there is no chain.
func (x *exam) leadsTo(roots *x509.CertPool) bool {
	names := x.cfg.Verifier.subjects(roots)
	return slices.ContainsFunc(x.sent, func(c *x509.Certificate) bool { return names[string(c.RawIssuer)] || names[string(c.RawSubject)] })
}

// tell notes in the State what the stores say.
func (x *exam) tell() {
	s := x.state
	s.Store = x.store
	if x.cfg.Mozilla != nil {
		s.MozillaTrust = x.second.trust
	}
	if x.system.empty {
		x.add(Cause{Kind: NoSystemRoots, Fatal: x.cfg.Mozilla == nil})
	} else {
		s.SystemTrust = x.decides.trust
	}
}

// ask looks for a chain to roots at the moments at which one can be valid,
// now first.
func (x *exam) ask(roots *x509.CertPool) opinion {
	o := opinion{trust: TrustNo}
	for _, at := range x.moments() {
		chains, err := x.find(roots, x.sent[1:], at)
		if err != nil {
			if o.err == nil {
				o.err = err
			}
			continue
		}
		if o.chains == nil {
			o.trust, o.at, o.chains = TrustYes, at, chains
		}
		if slices.ContainsFunc(chains, x.issuersValid) {
			o.current, o.at, o.chains, o.err = true, at, chains, nil
			break
		}
	}
	o.knows = o.trust == TrustYes || x.known(roots)
	return o
}

// find looks for chains to roots at one moment, whatever the chain may be
// used for. Extensions that are not understood are another check's.
func (x *exam) find(roots *x509.CertPool, issuers []*x509.Certificate, at time.Time) ([][]*x509.Certificate, error) {
	inter := x509.NewCertPool()
	for _, c := range issuers {
		inter.AddCert(tolerant(c))
	}
	return tolerant(x.leaf).Verify(x509.VerifyOptions{
		Roots:         roots,
		Intermediates: inter,
		CurrentTime:   at,
		KeyUsages:     []x509.ExtKeyUsage{x509.ExtKeyUsageAny},
	})
}

// known reports whether roots vouch for the last certificate of the path, or
// for its issuer.
func (x *exam) known(roots *x509.CertPool) bool {
	top := tolerant(x.path[len(x.path)-1])
	_, err := top.Verify(x509.VerifyOptions{
		Roots:       roots,
		CurrentTime: within(x.now, top),
		KeyUsages:   []x509.ExtKeyUsage{x509.ExtKeyUsageAny},
	})
	return err == nil || limitIn(err) != ""
}

// moments returns now, if the leaf is valid now, and the ends of the periods
// of all certificates that fall into the leaf's.
func (x *exam) moments() []time.Time {
	moments := []time.Time{within(x.now, x.leaf)}
	for _, c := range x.path[:min(len(x.path), maxDated)] {
		for _, at := range []time.Time{c.NotBefore, c.NotAfter} {
			if at.Equal(within(at, x.leaf)) {
				moments = append(moments, at)
			}
		}
	}
	return moments
}

func (x *exam) issuersValid(chain []*x509.Certificate) bool {
	return !slices.ContainsFunc(chain[1:], func(c *x509.Certificate) bool { return !validAt(c, x.now) })
}
