package tlscheck

import (
	"context"
	"errors"
	"net"
	"strings"

	"mailprobe/internal/tlscheck/rawhello"
)

// A Reason says why a handshake failed, where raw hellos could tell.
type Reason string

const (
	LegacyVersion  Reason = "legacy_version"   // nothing newer than Version, which is before TLS 1.2
	NoCommonCipher Reason = "no_common_cipher" // the server chooses only suites such as Suite
	NoCommonGroup  Reason = "no_common_group"  // the server chooses only groups such as Group
	SHA1Signatures Reason = "sha1_signatures"  // the server signs the handshake with SHA-1 only
	NameRefused    Reason = "name_refused"     // the server answers only without the name
	CertWanted     Reason = "cert_wanted"      // the server demands a client certificate
	RareKey        Reason = "rare_key"         // the server signs only as Signature says, with a key of a rare kind
	Unreadable     Reason = "unreadable"       // the certificate breaks the rules so that it cannot be read here: Case, Detail
	LargeHello     Reason = "large_hello"      // the server answers a small hello, not a usual one
	LargeAnswer    Reason = "large_answer"     // small answers arrive, those of full size do not
)

// An Explanation is what a few raw hellos showed after a failed handshake.
// The zero Reason means that they could not tell.
type Explanation struct {
	Reason  Reason
	Version uint16 // what the server chose; 0: it chose nothing
	Suite   uint16
	Group   uint16
	DHBits  int // size of the finite-field group before TLS 1.3; 0: none

	Signature uint16 // with RareKey; RFC 8446 §4.2.3
	Case      string // with Unreadable: as in Unread
	Detail    string // with Unreadable: what the library says

	Hellos int // how many were sent
}

// A Dial makes a fresh connection to the same server, up to where TLS
// begins: after STARTTLS, where that is used.
type Dial func(ctx context.Context) (net.Conn, error)

const maxExplain = 4 // beside those of whole handshakes

// Explain finds out why the handshake that ended with e failed, with at most
// five ClientHellos on connections of their own, one after the other. No
// session is used and nothing is sent over one. That something is lost is said
// only if it was seen twice, each time beside an answer that came much sooner.
func Explain(ctx context.Context, dial Dial, serverName string, e *HandshakeError) Explanation {
	if e == nil || e.Failure == Plaintext || e.Failure == Canceled {
		return Explanation{}
	}
	if e.CertDemanded() {
		return Explanation{Reason: CertWanted}
	}
	if e.FirstUse {
		return Explanation{}
	}
	x := explainer{asker: asker{ctx: ctx, dial: dial, left: maxExplain}, name: strings.TrimSuffix(serverName, ".")}
	x.alerted = e.Failure == Alert && !e.Local
	x.explain(e)
	x.found.Hellos = x.asked
	return x.found
}

// CertDemanded reports whether the server's alert, after it asked for a
// client certificate, refuses the lack of one or the one that was shown.
func (e *HandshakeError) CertDemanded() bool {
	if e.Failure != Alert || e.Local {
		return false
	}
	const handshakeFailure, badCertificate, unknownCA, accessDenied, required = 40, 42, 48, 49, 116
	switch {
	case e.Alert == required:
		return true
	case e.Alert == handshakeFailure, e.Alert == accessDenied:
		return e.CertAsked
	}
	return e.CertAsked && e.Alert >= badCertificate && e.Alert <= unknownCA
}

type explainer struct {
	asker
	name    string
	alerted bool // the server refused the usual offer, and was not only slow or cut off
	found   Explanation
}

func (x *explainer) explain(e *HandshakeError) {
	const unrecognizedName = 112
	if e.Got == 0 && e.Failure != Alert {
		a, err := x.ask(smallHello(x.name))
		small := x.tried(err)
		switch {
		case err == nil && !a.Refused && usable(a):
			if r := x.whichIsLost(small); r != "" {
				x.settle(r, a)
			}
			return
		case errors.Is(err, context.DeadlineExceeded):
			x.explainSilence(small)
			return
		}
	}
	if e.afterAnswer() && x.unreadable() {
		return
	}
	if e.Failure == Alert && !e.Local && e.Alert == unrecognizedName {
		x.found.Reason = NameRefused
		return
	}
	all := fullHello(x.name)
	a, err := x.ask(all)
	switch {
	case err == nil && !a.Refused:
		x.judge(all, a)
	case err == nil && a.Alert != alertProtocolVersion && x.name != "" && x.tryNameless(fullHello("")):
	default:
		x.tryOld()
	}
}

func (x *explainer) settle(r Reason, a rawhello.Answer) {
	x.found = Explanation{Reason: r, Version: a.Version, Suite: a.Suite, Group: a.Group, DHBits: a.DHBits}
	if r == RareKey {
		x.found.Signature = a.Signature
	}
}
