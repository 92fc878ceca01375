package tlscheck

import (
	"crypto/tls"
	"slices"
	"strings"
	"sync"

	"mailprobe/internal/tlscheck/rawhello"
)

// usable reports whether the usual client could go on from an answer.
func usable(a rawhello.Answer) bool {
	return a.Version >= rawhello.TLS12 && slices.Contains(usualSuites(), a.Suite)
}

// usualGroups are those that crypto/tls offers.
var usualGroups = []uint16{uint16(tls.X25519MLKEM768), uint16(tls.SecP256r1MLKEM768), uint16(tls.SecP384r1MLKEM1024), uint16(tls.X25519), uint16(tls.CurveP256), uint16(tls.CurveP384), uint16(tls.CurveP521)}

// staticRSA are the suites without forward secrecy that Thunderbird offers
// and crypto/tls knows. What chooses only such is no use to crypto/tls as it
// comes, but to nearly all mail programs.
var staticRSA = []uint16{
	tls.TLS_RSA_WITH_AES_128_GCM_SHA256, tls.TLS_RSA_WITH_AES_256_GCM_SHA384,
	tls.TLS_RSA_WITH_AES_128_CBC_SHA, tls.TLS_RSA_WITH_AES_256_CBC_SHA,
}

// usualSuites returns those that Client offers.
func usualSuites() []uint16 { return suitesOfClient() }

var suitesOfClient = sync.OnceValue(func() []uint16 {
	ids := slices.Clone(staticRSA)
	for _, s := range tls.CipherSuites() {
		ids = append(ids, s.ID)
	}
	return slices.Clip(ids)
})

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

// plainHello offers what crypto/tls offers before TLS 1.3: there the server
// shows its certificate in clear.
func plainHello(name string) rawhello.Hello {
	h := smallHello(name)
	h.TLS13 = false
	return h
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

// StaticRSA reports whether a cipher suite exchanges keys by RSA encryption
// (RFC 5246 §7.4.7.1): without forward secrecy.
func StaticRSA(suite uint16) bool {
	return strings.HasPrefix(rawhello.SuiteName(suite), "TLS_RSA_WITH_")
}
