package tlscheck

import (
	"slices"

	"mailprobe/internal/tlscheck/rawhello"
)

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
