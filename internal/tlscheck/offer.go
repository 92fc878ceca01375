package tlscheck

import (
	"crypto/tls"
	"slices"

	"mailprobe/internal/tlscheck/rawhello"
)

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
