package tlscheck

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"slices"
	"syscall"
	"time"

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
	CertDemanded   Reason = "cert_demanded"    // the server demands a client certificate
	LargeHello     Reason = "large_hello"      // the server answers a small hello, not a usual one
)

// An Explanation is what a few raw hellos showed after a failed handshake.
// The zero Reason means that they could not tell.
type Explanation struct {
	Reason  Reason
	Version uint16 // what the server chose; 0: it chose nothing
	Suite   uint16
	Group   uint16
	Hellos  int // how many were sent
}

// A Dial makes a fresh connection to the same server, up to where TLS
// begins: after STARTTLS, where that is used.
type Dial func(ctx context.Context) (net.Conn, error)

const (
	maxExplain = 3
	helloTime  = 10 * time.Second
)

// Explain finds out why the handshake that ended with e failed, with at most
// three ClientHellos on connections of their own, one after the other. No
// session comes about and nothing is sent over one.
func Explain(ctx context.Context, dial Dial, serverName string, e *HandshakeError) Explanation {
	if e == nil || e.Failure == Plaintext || e.Failure == Canceled {
		return Explanation{}
	}
	if e.demandsCert() {
		return Explanation{Reason: CertDemanded}
	}
	if e.FirstUse {
		return Explanation{}
	}
	x := explainer{asker: asker{ctx: ctx, dial: dial, left: maxExplain}, name: serverName}
	x.explain(e)
	x.found.Hellos = maxExplain - x.left
	return x.found
}

// demandsCert reports whether the server's alert, after it asked for a
// client certificate, refuses the lack of one or the one that was shown.
func (e *HandshakeError) demandsCert() bool {
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
	name  string
	found Explanation
}

func (x *explainer) explain(e *HandshakeError) {
	const unrecognizedName = 112
	if e.Got == 0 && e.Failure != Alert {
		if a, err := x.ask(smallHello(x.name)); err == nil && !a.Refused && usable(a) {
			x.settle(LargeHello, a)
			return
		}
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
	case err == nil && a.Alert != alertProtocolVersion && x.name != "" && x.tryWithout():
	default:
		x.tryOld()
	}
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
	default:
		h.Signatures = modernSignatures()
		if again, err := x.ask(h); err == nil && again.Refused {
			x.settle(SHA1Signatures, a)
		}
	}
}

// tryWithout offers everything without a name.
func (x *explainer) tryWithout() bool {
	a, err := x.ask(fullHello(""))
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
	x.found = Explanation{Reason: r, Version: a.Version, Suite: a.Suite, Group: a.Group}
}

// usable reports whether the usual client could go on from an answer.
func usable(a rawhello.Answer) bool {
	return a.Version >= rawhello.TLS12 && slices.Contains(usualSuites(), a.Suite)
}

// usualGroups are those that crypto/tls offers.
var usualGroups = []uint16{uint16(tls.X25519MLKEM768), uint16(tls.SecP256r1MLKEM768), uint16(tls.SecP384r1MLKEM1024), uint16(tls.X25519), uint16(tls.CurveP256), uint16(tls.CurveP384), uint16(tls.CurveP521)}

// usualSuites returns those that crypto/tls offers by default.
func usualSuites() []uint16 {
	var ids []uint16
	for _, s := range tls.CipherSuites() {
		ids = append(ids, s.ID)
	}
	return ids
}

// modernSignatures leaves out SHA-1.
func modernSignatures() []uint16 {
	return slices.DeleteFunc(rawhello.Signatures(), func(a uint16) bool { return a>>8 == 2 || a>>8 == 3 || a&0xff == 2 })
}

// smallHello offers what crypto/tls offers in a fifth of the size.
func smallHello(name string) rawhello.Hello {
	return rawhello.Hello{
		Version: rawhello.TLS12, TLS13: true, Suites: usualSuites(), ServerName: name,
		Groups: []uint16{uint16(tls.X25519), uint16(tls.CurveP256)}, Signatures: modernSignatures(),
	}
}

// fullHello offers all that is known.
func fullHello(name string) rawhello.Hello {
	return rawhello.Hello{
		Version: rawhello.TLS12, TLS13: true, Groups: rawhello.Groups(), ServerName: name,
		Suites: append(rawhello.Suites13(), rawhello.Suites12()...),
	}
}

func legacySuites() []uint16 {
	return append(rawhello.Suites12(), rawhello.EmptyRenegotiation)
}

// An asker sends single hellos, each on its own connection.
type asker struct {
	ctx  context.Context
	dial Dial
	left int
}

var errNoneLeft = errors.New("enough hellos were sent")

// A dialError says that there was no connection to ask on.
type dialError struct{ err error }

func (e *dialError) Error() string { return e.err.Error() }
func (e *dialError) Unwrap() error { return e.err }

func (a *asker) ask(h rawhello.Hello) (rawhello.Answer, error) {
	if a.left == 0 {
		return rawhello.Answer{}, errNoneLeft
	}
	a.left--
	hello, err := h.Marshal()
	if err != nil {
		return rawhello.Answer{}, err
	}
	ctx, cancel := context.WithTimeout(a.ctx, helloTime)
	defer cancel()
	conn, err := a.dial(ctx)
	if err != nil {
		return rawhello.Answer{}, &dialError{err}
	}
	defer conn.Close()
	defer context.AfterFunc(ctx, func() { conn.Close() })()
	if _, err := conn.Write(hello); err != nil {
		return rawhello.Answer{}, err
	}
	return rawhello.Read(conn)
}

// hungUp reports whether a server ended the connection without an alert,
// which some do instead of one.
func hungUp(err error) bool {
	return errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, syscall.ECONNRESET) || errors.Is(err, syscall.EPIPE)
}
