package tlscheck

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"slices"
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

const maxExplain = 4

// Explain finds out why the handshake that ended with e failed, with at most
// four ClientHellos on connections of their own, one after the other. No
// session comes about and nothing is sent over one.
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
		switch {
		case err == nil && !a.Refused && usable(a):
			if r := x.whichIsLost(); r != "" {
				x.settle(r, a)
			}
			return
		case errors.Is(err, context.DeadlineExceeded):
			x.explainSilence()
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

// whichIsLost tells, where a small hello is answered and a usual one was not,
// whether the server does not bear the long hello, or its own answer of full
// size is lost on the way (RFC 2923 §2.1). The small hello's first answer can
// be a short one: it asks for another key (RFC 8446 §4.1.4). "": neither, the
// server was only slow before.
func (x *explainer) whichIsLost() Reason {
	switch {
	case !x.handshakes([]tls.CurveID{tls.X25519, tls.CurveP256}):
		return LargeAnswer
	case x.handshakes(nil):
		return ""
	}
	return LargeHello
}

// handshakes reports whether a hello with keys of these groups, or of the usual
// ones, is answered in full. No connection at all is no loss.
func (x *explainer) handshakes(groups []tls.CurveID) bool {
	ctx, cancel := x.turn()
	defer cancel()
	conn, err := x.dial(ctx)
	if err != nil {
		return true
	}
	defer conn.Close()
	x.asked++
	client := tls.Client(conn, &tls.Config{
		ServerName: x.name, CurvePreferences: groups,
		InsecureSkipVerify: true, // nothing is sent over it: that the answer comes is all
	})
	return client.HandshakeContext(ctx) == nil || ctx.Err() == nil
}

// explainSilence looks why even a small hello is not answered: mostly nobody
// is there. But one that every server refuses is answered in a few bytes,
// which arrive where large packets are lost.
func (x *explainer) explainSilence() {
	a, err := x.ask(rawhello.Hello{Version: rawhello.TLS12, Suites: []uint16{rawhello.EmptyRenegotiation}, ServerName: x.name})
	if err == nil && a.Refused {
		x.settle(LargeAnswer, a)
		return
	}
	x.left = min(x.left, 1)
	x.tryOld()
}

const alertProtocolVersion = 70

// judge says what a server's choice from the full offer has in it that the
// usual offer lacks.
func (x *explainer) judge(h rawhello.Hello, a rawhello.Answer) {
	switch {
	case a.Version < rawhello.TLS12:
		x.settle(LegacyVersion, a)
	case !slices.Contains(usualSuites(), a.Suite):
		x.settle(NoCommonCipher, a)
	case a.Group != 0 && !slices.Contains(usualGroups, a.Group):
		x.settle(NoCommonGroup, a)
	case a.Version >= rawhello.TLS13:
		x.judgeCertificate(h)
	case x.alerted && slices.Contains(rareSignatures, a.Signature):
		x.settle(RareKey, a)
	default:
		h.Signatures = modernSignatures()
		if again, err := x.ask(h); err == nil && again.Refused {
			x.settle(SHA1Signatures, a)
		}
	}
}

// judgeCertificate asks once more without TLS 1.3, where some servers look
// for a certificate only after the answer that is read here.
func (x *explainer) judgeCertificate(h rawhello.Hello) {
	modern := h
	h.TLS13, h.Suites = false, rawhello.Suites12()
	a, err := x.ask(h)
	switch {
	case err != nil:
	case !a.Refused:
		x.judge(h, a)
	case a.Alert == alertProtocolVersion:
		if x.alerted {
			x.judgeRareKey(modern)
		}
	case x.name != "":
		h.ServerName = ""
		x.tryNameless(h)
	}
}

// rareSignatures are those that take a key of a kind that crypto/tls does not
// know: Ed448, and RSA keys that are for RSA-PSS alone.
var rareSignatures = []uint16{0x0808, 0x0809, 0x080a, 0x080b}

// judgeRareKey asks a server of TLS 1.3 alone whether it can sign with a key of
// a rare kind.
func (x *explainer) judgeRareKey(h rawhello.Hello) {
	h.TLS13Only, h.Share, h.Suites = true, true, rawhello.Suites13()
	for _, schemes := range [][]uint16{rareSignatures[:1], rareSignatures[1:]} {
		h.Signatures = schemes
		if a, err := x.ask(h); err == nil && !a.Refused && !a.Retry {
			a.Signature = schemes[0]
			x.settle(RareKey, a)
			return
		}
	}
}

// tryNameless sends a hello that was refused with the name without it.
func (x *explainer) tryNameless(h rawhello.Hello) bool {
	a, err := x.ask(h)
	if err != nil || a.Refused {
		return false
	}
	x.settle(NameRefused, a)
	return true
}

// tryOld offers one old version after the other, for servers that do not
// know how to choose a lower one than is offered.
func (x *explainer) tryOld() {
	for _, h := range []rawhello.Hello{
		{Version: rawhello.TLS10, Suites: legacySuites(), Groups: usualGroups, ServerName: x.name},
		{Version: rawhello.SSL30, Suites: legacySuites(), Bare: true},
	} {
		if a, err := x.ask(h); err == nil && !a.Refused {
			x.settle(LegacyVersion, a)
			return
		}
	}
}

func (x *explainer) settle(r Reason, a rawhello.Answer) {
	x.found = Explanation{Reason: r, Version: a.Version, Suite: a.Suite, Group: a.Group, DHBits: a.DHBits}
	if r == RareKey {
		x.found.Signature = a.Signature
	}
}
