package tlscheck

import (
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"golang.org/x/crypto/ocsp"

	"mailprobe/internal/lab/detector"
)

// A sight is one chain, seen under one name at one moment.
type sight struct {
	chain tls.Certificate
	name  string
	sys   system
	cfg   Config // Now may be nil: noon
}

func (s sight) at(now time.Time) sight {
	s.cfg.Now = at(now)
	return s
}

func (s sight) config() Config {
	if s.cfg.Now == nil {
		s.cfg.Now = at(noon)
	}
	return s.cfg
}

// see examines with the memory of v.
func (s sight) see(t *testing.T, v *Verifier) *State {
	t.Helper()
	cfg := s.config()
	cfg.Verifier = v
	return examine(t, s.chain, s.name, s.sys, cfg)
}

// described is all of a State that a memory could falsify.
func described(s *State) string {
	_, permit := s.Permit()
	text := fmt.Sprintln(s.Trusted(), permit, s.Store, s.SystemTrust, s.MozillaTrust)
	for _, c := range s.Causes {
		cert := ""
		if c.Cert != nil {
			cert = c.Cert.SerialNumber.String()
		}
		c.Cert = nil
		text += fmt.Sprintf("%+v %s\n", c, cert)
	}
	return text
}

// knows reports whether v answers s from memory.
func (v *Verifier) knows(t *testing.T, s sight) bool {
	t.Helper()
	x := newExam(t.Context(), &State{ServerName: s.name, Chain: certsOf(s.chain)}, s.chain.OCSPStaple, s.config())
	x.system = s.sys
	_, ok := v.recall(x.question(), x.now)
	return ok
}

// TestVerifier shows one sight after another to one Verifier. The second is
// judged as by a Verifier that has seen nothing, and answered from memory
// only where nothing can have changed.
func TestVerifier(t *testing.T) {
	p, other := newPKI(t), newPKI(t)
	brief := period(-60*day, 30*time.Minute)
	briefRoot, briefInter := mint(t, nil, "Brief Root", ca, brief), mint(t, p.root, "Brief Intermediate", ca, brief)
	leaf := func(alter ...alteration) *minted {
		return mint(t, p.inter, host, append([]alteration{server}, alter...)...)
	}
	seen := func(leaf *minted, above ...*minted) sight {
		return sight{chain: chained(leaf, above...), name: host, sys: system{pool: p.roots()}}
	}
	sound, ending, coming := leaf(named(host, "smtp.example.net")), leaf(period(-30*day, 30*time.Minute)), leaf(period(30*time.Minute, 60*day))
	end, begin, later := ending.cert.NotAfter, coming.cert.NotBefore, noon.Add(40*time.Minute)
	good, short, early := seen(sound, p.inter), seen(ending, p.inter), seen(coming, p.inter)
	old := seen(leaf(period(-90*day, -2*day-23*time.Hour-30*time.Minute)), p.inter)
	underBrief := seen(mint(t, briefInter, host, server), briefInter)
	underBriefRoot := seen(mint(t, briefRoot, host, server))
	underBriefRoot.sys = system{pool: poolOf([]*x509.Certificate{briefRoot.cert})}
	unknown := good
	unknown.sys = system{pool: other.roots()}
	with := func(s sight, alter func(*sight)) sight {
		alter(&s)
		return s
	}
	name := func(n string) sight { return with(good, func(s *sight) { s.name = n }) }
	warned := func(d time.Duration) sight { return with(good, func(s *sight) { s.cfg.ExpiryWarning = d }) }
	stapled := func(r ocsp.Response) sight {
		r.SerialNumber, r.ThisUpdate = sound.cert.SerialNumber, noon.Add(-day)
		staple, err := ocsp.CreateResponse(p.inter.cert, p.inter.cert, r, p.inter.key)
		if err != nil {
			t.Fatal(err)
		}
		return with(good, func(s *sight) { s.chain.OCSPStaple = staple })
	}
	notRevoked := stapled(ocsp.Response{Status: ocsp.Good, NextUpdate: noon.Add(30 * time.Minute)})
	revoked := stapled(ocsp.Response{Status: ocsp.Revoked, RevokedAt: noon.Add(-day)})
	list := func(k ...Kind) []Kind { return k }

	for _, r := range []struct {
		name          string
		first, second sight
		recalled      bool
		want          []Kind
	}{
		{"the same", good, good, true, nil},
		{"the same, later", good, good.at(later), true, nil},
		{"the same, an hour later", good, good.at(noon.Add(time.Hour)), false, nil},
		{"the same, earlier", good, good.at(noon.Add(-time.Second)), false, nil},
		{"another good name", good, name("smtp.example.net"), true, nil},
		{"another bad name", good, name("x.org"), false, list(NameMismatch)},
		{"a good name after a bad one", name("x.org"), good, false, nil},
		{"the same bad name", name("x.org"), name("x.org"), true, list(NameMismatch)},
		{"no name", good, name(""), false, list(NameMismatch)},
		{"another store", good, unknown, false, list(UnknownCA)},
		{"a store that vouches", unknown, good, false, nil},
		{"a store that does not vouch, again", unknown, unknown, false, list(UnknownCA)},
		{"given by hand", good, with(good, func(s *sight) { s.sys.given = true }), false, nil},
		{"no store", good, with(good, func(s *sight) { s.sys = system{empty: true} }), false, list(NoSystemRoots)},
		{"another second opinion", good, with(good, func(s *sight) { s.cfg.Mozilla = other.roots() }), false, list(PrivateCALocally)},
		{"without the intermediate", good, seen(sound), false, list(UnknownCA)},
		{"with one certificate more", good, seen(sound, p.inter, other.inter), false, list(ChainExtra)},
		{"in another order", seen(sound, p.inter, p.root), seen(sound, p.root, p.inter), false, list(ChainOrder, RootSent)},
		{"another leaf", good, seen(leaf(named("x.org")), p.inter), false, list(NameMismatch)},
		{"at its last moment", short, short.at(end), true, list(ExpiresSoon)},
		{"expired meanwhile", short, short.at(end.Add(1)), false, list(Expired)},
		{"issuer expired meanwhile", underBrief, underBrief.at(later), false, list(ChainCertExpired)},
		{"root expired meanwhile", underBriefRoot, underBriefRoot.at(later), false, list(ChainCertExpired)},
		{"not yet valid before", early.at(begin), early.at(begin.Add(-1)), false, list(NotYetValid)},
		{"valid meanwhile", early, early.at(begin), false, nil},
		{"the time of warning begins", warned(60*day - 30*time.Minute), warned(60*day - 30*time.Minute).at(later), true, list(ExpiresSoon)},
		{"another time of warning", good, warned(90 * day), true, list(ExpiresSoon)},
		{"the usual time of warning", warned(90 * day), good, true, nil},
		{"a day more", old, old.at(later), true, list(Expired)},
		{"revoked meanwhile", good, revoked, false, list(OCSPRevoked)},
		{"revoked, again", revoked, revoked, true, list(OCSPRevoked)},
		{"not revoked any more", revoked, notRevoked, false, nil},
		{"the staple ends meanwhile", notRevoked, notRevoked.at(later), true, list(OCSPStale)},
	} {
		t.Run(r.name, func(t *testing.T) {
			v := new(Verifier)
			r.first.see(t, v)
			if got, want := v.knows(t, r.second), r.recalled; got != want {
				t.Errorf("recalled: got  %v\n\twant %v", got, want)
			}
			s := r.second.see(t, v)
			if got, want := described(s), described(r.second.see(t, nil)); got != want {
				t.Errorf("got  %s\nwant %s", got, want)
			}
			if got, want := append(kinds(s.Causes, true), kinds(s.Causes, false)...), r.want; !slices.Equal(got, want) {
				t.Errorf("got  %v\nwant %v", got, want)
			}
		})
	}
}

// TestVerifierIsNoOther holds the answers of one Verifier that sees
// everything at several moments, against those of none.
func TestVerifierIsNoOther(t *testing.T) {
	detector.Spare(t)
	p := newPKI(t)
	v := new(Verifier)
	for _, r := range rows(t, p) {
		for _, w := range vouchings(p, certsOf(r.chain)) {
			for _, name := range []string{host, "x.org"} {
				for _, now := range []time.Time{noon, noon.Add(time.Minute), noon.Add(60 * day)} {
					s := sight{r.chain, name, w.system, Config{Mozilla: w.mozilla}}.at(now)
					if got, want := described(s.see(t, v)), described(s.see(t, nil)); got != want {
						t.Errorf("%s, %s, name %q, %s: got  %s\nwant %s", r.name, w.name, name, now, got, want)
					}
				}
			}
		}
	}
	if got, most := len(v.known), maxRemembered; got > most || got == 0 {
		t.Errorf("got  %d remembered\nwant at most %d", got, most)
	}
}

// TestVerifierForgets: the newest is known, whatever had to go.
func TestVerifierForgets(t *testing.T) {
	p := newPKI(t)
	v, s := new(Verifier), sight{chain: chained(mint(t, p.inter, host, server), p.inter), sys: system{pool: p.roots()}}
	for i := range maxRemembered + 10 {
		s.name = fmt.Sprintf("n%d.example.net", i)
		s.see(t, v)
		if !v.knows(t, s) {
			t.Fatalf("%s is not remembered", s.name)
		}
	}
	if got, want := len(v.known), maxRemembered; got != want {
		t.Errorf("got  %d remembered\nwant %d", got, want)
	}
}

// TestVerifierTogether lets many sessions ask at once; the race detector
// watches.
func TestVerifierTogether(t *testing.T) {
	p, other := newPKI(t), newPKI(t)
	v := new(Verifier)
	var sights []sight
	for _, names := range [][]string{{host}, {"x.org"}, {host, "x.org"}} {
		for _, roots := range []*x509.CertPool{p.roots(), other.roots()} {
			sights = append(sights, sight{chained(mint(t, p.inter, host, server, named(names...)), p.inter), host, system{pool: roots}, Config{Mozilla: p.roots()}})
		}
	}
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for range 4 {
				for _, s := range sights {
					if got, want := described(s.see(t, v)), described(s.see(t, nil)); got != want {
						t.Errorf("got  %s\nwant %s", got, want)
					}
				}
			}
		})
	}
	all.Wait()
}
