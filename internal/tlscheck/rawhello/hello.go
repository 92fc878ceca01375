// Package rawhello writes ClientHellos and reads the answer up to where keys
// would be needed. It knows no cryptography, so it can offer what crypto/tls
// cannot speak: SSL 3.0, finite-field groups, forgotten cipher suites.
package rawhello

import (
	"crypto/rand"
	"net"

	"golang.org/x/crypto/cryptobyte"
)

// Versions of the protocol (RFC 8446 §4.2.1; SSL 3.0: RFC 6101).
const (
	SSL30 = 0x0300
	TLS10 = 0x0301
	TLS11 = 0x0302
	TLS12 = 0x0303
	TLS13 = 0x0304
)

// EmptyRenegotiation is a signal in the place of a cipher suite (RFC 5746 §3.3).
const EmptyRenegotiation = 0x00ff

const (
	recordAlert     = 21
	recordHandshake = 22

	typeClientHello        = 1
	typeServerHello        = 2
	typeCertificate        = 11
	typeServerKeyExchange  = 12
	typeCertificateRequest = 13
	typeServerHelloDone    = 14

	extServerName        = 0
	extGroups            = 10
	extPointFormats      = 11
	extSignatures        = 13
	extExtendedMaster    = 23
	extSupportedVersions = 43
	extPSKModes          = 45
	extKeyShare          = 51
	extRenegotiation     = 0xff01
)

// A Hello is what a ClientHello offers. Zero fields are left out.
type Hello struct {
	Version    uint16   // the highest up to TLS 1.2; TLS12 if 1.3 is offered as well
	TLS13      bool     // offer TLS 1.3 in supported_versions
	TLS13Only  bool     // and nothing before it
	Suites     []uint16 // in order of preference
	Groups     []uint16
	Signatures []uint16 // nil: those of Signatures; left out below TLS 1.2
	ServerName string   // SNI; empty or an IP address: none (RFC 6066 §3)
	Deflate    bool     // offer compression (RFC 3749)
	Bare       bool     // no extensions at all, as SSL 3.0 knows none
	Share      bool     // with TLS13: a key for X25519, so that the server goes on to choose how it signs
}

// Marshal returns the hello as one TLS record. The error tells of fields
// that do not fit.
func (h Hello) Marshal() ([]byte, error) {
	var random [64]byte
	if _, err := rand.Read(random[:]); err != nil {
		return nil, err
	}
	b := cryptobyte.NewBuilder(nil)
	b.AddUint8(recordHandshake)
	b.AddUint16(min(h.Version, TLS10)) // RFC 8446 §5.1: 0x0301 for old servers' sake
	b.AddUint16LengthPrefixed(func(b *cryptobyte.Builder) {
		b.AddUint8(typeClientHello)
		b.AddUint24LengthPrefixed(func(b *cryptobyte.Builder) { h.body(b, random) })
	})
	return b.Bytes()
}

func (h Hello) body(b *cryptobyte.Builder, random [64]byte) {
	b.AddUint16(h.Version)
	b.AddBytes(random[:32])
	b.AddUint8LengthPrefixed(func(b *cryptobyte.Builder) {
		if h.TLS13 {
			b.AddBytes(random[32:]) // RFC 8446 appendix D.4
		}
	})
	b.AddUint16LengthPrefixed(func(b *cryptobyte.Builder) { addAll(b, h.Suites) })
	b.AddUint8LengthPrefixed(func(b *cryptobyte.Builder) {
		if h.Deflate {
			b.AddUint8(1)
		}
		b.AddUint8(0)
	})
	if !h.Bare {
		b.AddUint16LengthPrefixed(h.extensions)
	}
}

func (h Hello) extensions(b *cryptobyte.Builder) {
	if h.ServerName != "" && net.ParseIP(h.ServerName) == nil {
		h.serverName(b)
	}
	add(b, extExtendedMaster, func(*cryptobyte.Builder) {})
	add(b, extRenegotiation, func(b *cryptobyte.Builder) { b.AddUint8(0) })
	if len(h.Groups) > 0 {
		add(b, extGroups, func(b *cryptobyte.Builder) {
			b.AddUint16LengthPrefixed(func(b *cryptobyte.Builder) { addAll(b, h.Groups) })
		})
		add(b, extPointFormats, func(b *cryptobyte.Builder) { b.AddBytes([]byte{1, 0}) })
	}
	if h.Version >= TLS12 {
		add(b, extSignatures, func(b *cryptobyte.Builder) {
			b.AddUint16LengthPrefixed(func(b *cryptobyte.Builder) { addAll(b, h.signatures()) })
		})
	}
	if h.TLS13 {
		h.extensions13(b)
	}
}

func (h Hello) serverName(b *cryptobyte.Builder) {
	add(b, extServerName, func(b *cryptobyte.Builder) {
		b.AddUint16LengthPrefixed(func(b *cryptobyte.Builder) {
			b.AddUint8(0)
			b.AddUint16LengthPrefixed(func(b *cryptobyte.Builder) { b.AddBytes([]byte(h.ServerName)) })
		})
	})
}

// extensions13 offers TLS 1.3 without a key share, unless one is wanted: the
// server names the group it wants in a HelloRetryRequest (RFC 8446 §4.2.8).
func (h Hello) extensions13(b *cryptobyte.Builder) {
	add(b, extSupportedVersions, func(b *cryptobyte.Builder) {
		b.AddUint8LengthPrefixed(func(b *cryptobyte.Builder) {
			b.AddUint16(TLS13)
			for v := h.Version; !h.TLS13Only && v >= TLS10; v-- {
				b.AddUint16(v)
			}
		})
	})
	add(b, extPSKModes, func(b *cryptobyte.Builder) { b.AddBytes([]byte{1, 1}) })
	add(b, extKeyShare, func(b *cryptobyte.Builder) {
		b.AddUint16LengthPrefixed(func(b *cryptobyte.Builder) {
			if h.Share {
				b.AddUint16(x25519)
				b.AddUint16LengthPrefixed(func(b *cryptobyte.Builder) { b.AddBytes(anyKey[:]) })
			}
		})
	})
}

const x25519 = 29

// anyKey stands for a public key of X25519, as any 32 bytes do (RFC 7748 §5).
// Nobody has the private one, so no session can come about.
var anyKey = [32]byte{9, 4, 1}

func (h Hello) signatures() []uint16 {
	if h.Signatures != nil {
		return h.Signatures
	}
	return Signatures()
}

func add(b *cryptobyte.Builder, ext uint16, body cryptobyte.BuilderContinuation) {
	b.AddUint16(ext)
	b.AddUint16LengthPrefixed(body)
}

func addAll(b *cryptobyte.Builder, values []uint16) {
	for _, v := range values {
		b.AddUint16(v)
	}
}
