package tlscheck

import (
	"context"
	"errors"
	"slices"
	"strings"

	"mailprobe/internal/tlscheck/rawhello"
)

// maxScan bounds the connections that one Scan makes.
const maxScan = 60

// A Scanned is what one server accepts, as far as it was asked.
type Scanned struct {
	Versions []VersionScan // that it speaks, newest first
	Groups   []uint16      // key exchange groups of the newest version, as the server chose them
	DHBits   int           // the smallest finite-field group seen before TLS 1.3; 0: none

	// What RFC 9325 §3.3 and §3.5 demand, before TLS 1.3.
	NoExtendedMaster bool
	NoRenegotiation  bool
	Compression      bool

	Hellos   int
	Complete bool  // false: the bound or Err ended it early
	Err      error // why no more could be asked; nil: nothing was in the way
}

// A VersionScan is one version with the suites that the server chose of all
// that were offered, each after those before it were taken away.
type VersionScan struct {
	Version     uint16
	Suites      []uint16
	ServerOrder bool // the order is the server's own, not the client's; false if there is one suite alone
	First       bool // only the first suite was asked for: an old version beside a newer one
}

// Scan enumerates what a server accepts with at most 60 ClientHellos, one
// after the other, each on a connection from dial. dial sets the pace.
func Scan(ctx context.Context, dial Dial, serverName string) Scanned {
	s := scanner{asker: asker{ctx: ctx, dial: dial, left: maxScan}, name: strings.TrimSuffix(serverName, ".")}
	for v := uint16(rawhello.TLS13); v >= rawhello.SSL30; v-- {
		s.version(v)
	}
	if len(s.found.Versions) > 0 {
		s.groups(s.found.Versions[0])
		s.compression()
	}
	for i := range s.found.Versions {
		s.suites(&s.found.Versions[i])
	}
	s.found.Hellos = s.asked
	s.found.Complete = s.failed == nil
	if !errors.Is(s.failed, errNoneLeft) {
		s.found.Err = s.failed
	}
	return s.found
}

type scanner struct {
	asker
	name   string
	found  Scanned
	failed error
}

// offer sends a hello and reports whether the server chose its version.
func (s *scanner) offer(h rawhello.Hello) (rawhello.Answer, bool) {
	if s.failed != nil {
		return rawhello.Answer{}, false
	}
	a, err := s.ask(h)
	var undialled *dialError
	switch {
	case err == nil, hungUp(err) && !errors.As(err, &undialled):
	default:
		s.failed = err
		return a, false
	}
	want := h.Version
	if h.TLS13 {
		want = rawhello.TLS13
	}
	return a, err == nil && !a.Refused && a.Version == want && slices.Contains(h.Suites, a.Suite)
}

// hello offers one version alone.
func (s *scanner) hello(v uint16, suites []uint16) rawhello.Hello {
	h := rawhello.Hello{Version: v, Suites: suites, Groups: rawhello.Groups(), ServerName: s.name}
	if v == rawhello.TLS13 {
		h.Version, h.TLS13, h.TLS13Only = rawhello.TLS12, true, true
	}
	h.Bare = v == rawhello.SSL30
	return h
}

// version asks for one version, and keeps the first choice of suite.
func (s *scanner) version(v uint16) {
	a, ok := s.offer(s.hello(v, suitesOf(v)))
	if !ok {
		return
	}
	s.note(v, a)
	first := v < rawhello.TLS12 && len(s.found.Versions) > 0
	s.found.Versions = append(s.found.Versions, VersionScan{Version: v, Suites: []uint16{a.Suite}, First: first})
}

// suites enumerates the suites of one version. Of versions before TLS 1.2
// the first says enough, unless there is no newer one.
func (s *scanner) suites(scan *VersionScan) {
	left := suitesOf(scan.Version)
	for !scan.First {
		left = slices.DeleteFunc(left, func(id uint16) bool { return slices.Contains(scan.Suites, id) })
		if len(left) == 0 {
			break
		}
		a, ok := s.offer(s.hello(scan.Version, left))
		if !ok {
			break
		}
		s.note(scan.Version, a)
		scan.Suites = append(scan.Suites, a.Suite)
	}
	scan.ServerOrder = len(scan.Suites) > 1 && s.ownOrder(scan.Version, scan.Suites)
}

func suitesOf(v uint16) []uint16 {
	if v == rawhello.TLS13 {
		return rawhello.Suites13()
	}
	return rawhello.Suites12()
}

// ownOrder offers the suites the other way round.
func (s *scanner) ownOrder(v uint16, suites []uint16) bool {
	turned := slices.Clone(suites)
	slices.Reverse(turned)
	a, ok := s.offer(s.hello(v, turned))
	return ok && a.Suite == suites[0]
}

func (s *scanner) note(v uint16, a rawhello.Answer) {
	if v == rawhello.TLS13 {
		return
	}
	if a.DHBits > 0 && (s.found.DHBits == 0 || a.DHBits < s.found.DHBits) {
		s.found.DHBits = a.DHBits
	}
	if v == rawhello.TLS12 {
		s.found.NoExtendedMaster = s.found.NoExtendedMaster || !a.ExtendedMaster
		s.found.NoRenegotiation = s.found.NoRenegotiation || !a.Renegotiation
	}
}

// groups enumerates the groups of the newest version.
func (s *scanner) groups(newest VersionScan) {
	offered := suitesOf(newest.Version)
	if newest.Version < rawhello.TLS13 {
		offered = slices.DeleteFunc(offered, func(id uint16) bool { return !rawhello.Elliptic(id) })
	}
	h := s.hello(newest.Version, offered)
	for len(h.Groups) > 0 {
		a, ok := s.offer(h)
		if !ok || a.Group == 0 || !slices.Contains(h.Groups, a.Group) {
			return
		}
		s.found.Groups = append(s.found.Groups, a.Group)
		h.Groups = slices.DeleteFunc(h.Groups, func(id uint16) bool { return id == a.Group })
	}
}

// compression offers DEFLATE to the newest version that knows it.
func (s *scanner) compression() {
	for _, v := range s.found.Versions {
		if v.Version == rawhello.TLS13 {
			continue
		}
		h := s.hello(v.Version, v.Suites)
		h.Deflate = true
		a, ok := s.offer(h)
		s.found.Compression = ok && a.Compression != 0
		return
	}
}
