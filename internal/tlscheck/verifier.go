package tlscheck

import (
	"crypto/sha256"
	"crypto/x509"
	"encoding/binary"
	"runtime"
	"sync"
	"time"
)

const (
	maxRemembered = 512
	maxAge        = time.Hour
)

// platformVerifies: there crypto/x509 asks the operating system, which may
// change its mind at any time.
const platformVerifies = runtime.GOOS == "windows" || runtime.GOOS == "darwin" || runtime.GOOS == "ios"

// A Verifier remembers what the stores say of chains, so that one that comes
// again costs no signatures. It answers only for the same certificates and
// staple as sent, the same stores, and a name for which the leaf is good as
// well or the same bad one; and only until one of the certificates concerned
// begins or ends to be valid, at most an hour: a root of a store whose time is
// still to come cannot be seen from here. What depends on the clock or the
// Config otherwise is found anew each time.
//
// The zero Verifier is empty and ready. It holds at most 512 chains and is
// safe for concurrent use. It must not be copied.
type Verifier struct {
	mu    sync.Mutex
	known map[question]remembered
	names subjects // of the store that was asked last
}

// A question is all that a study depends on but the time.
type question struct {
	shown   [sha256.Size]byte // the certificates and the staple
	good    bool              // the leaf is good for the name, whatever it is
	name    string            // that it is not good for
	system  system
	mozilla *x509.CertPool
}

type remembered struct {
	study       study
	from, until time.Time // without until itself
}

// study answers x from memory or finds out. A nil Verifier has no memory.
func (v *Verifier) study(x *exam) study {
	if v == nil {
		return x.examine()
	}
	q := x.question()
	if s, ok := v.recall(q, x.now); ok {
		return s
	}
	s := x.examine()
	if x.lasting() {
		v.keep(q, remembered{s, x.now, x.until()})
	}
	return s
}

func (v *Verifier) recall(q question, now time.Time) (study, bool) {
	v.mu.Lock()
	defer v.mu.Unlock()
	r, ok := v.known[q]
	return r.study, ok && !now.Before(r.from) && now.Before(r.until)
}

// keep makes room by forgetting any other chain.
func (v *Verifier) keep(q question, r remembered) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.known == nil {
		v.known = make(map[question]remembered)
	}
	for other := range v.known {
		if len(v.known) < maxRemembered {
			break
		}
		delete(v.known, other)
	}
	v.known[q] = r
}

func (x *exam) question() question {
	q := question{system: x.system, mozilla: x.cfg.Mozilla}
	if q.good = x.goodName(); !q.good {
		q.name = x.state.ServerName
	}
	h := sha256.New()
	var size [4]byte
	for _, c := range x.state.Chain {
		binary.BigEndian.PutUint32(size[:], uint32(len(c.Raw)))
		h.Write(size[:])
		h.Write(c.Raw)
	}
	binary.BigEndian.PutUint32(size[:], 0) // no certificate is empty
	h.Write(size[:])
	h.Write(x.staple)
	h.Sum(q.shown[:0])
	return q
}

// lasting reports whether the study is good for later. Where no store vouches
// for the chain, what is missing may be fetched or come into force.
func (x *exam) lasting() bool {
	return x.decides.trust == TrustYes && x.decides.current && !(platformVerifies && x.roots == nil)
}

// until returns when the first of the certificates concerned begins or ends
// to be valid.
func (x *exam) until() time.Time {
	until := x.now.Add(maxAge)
	chains := [][]*x509.Certificate{x.sent}
	chains = append(append(chains, x.decides.chains...), x.second.chains...)
	for _, chain := range chains {
		for _, c := range chain {
			for _, change := range []time.Time{c.NotBefore, c.NotAfter.Add(1)} { // valid at both
				if change.After(x.now) && change.Before(until) {
					until = change
				}
			}
		}
	}
	return until
}

// Subjects are the names of the roots of one store, which crypto/x509 gives out
// only as a copy of all of them.
type subjects struct {
	of  *x509.CertPool
	are map[string]bool
}

// subjects returns the names of the roots of a store. A nil Verifier has no
// memory.
func (v *Verifier) subjects(of *x509.CertPool) map[string]bool {
	if v == nil {
		return namesOfRoots(of)
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.names.of != of {
		v.names = subjects{of, namesOfRoots(of)}
	}
	return v.names.are
}

func namesOfRoots(of *x509.CertPool) map[string]bool {
	names := make(map[string]bool)
	//lint:ignore SA1019 it leaves out the system's roots, of which this store has none
	for _, s := range of.Subjects() {
		names[string(s)] = true
	}
	return names
}
