package rawhello

import (
	"bytes"

	"golang.org/x/crypto/cryptobyte"
)

// retryRandom marks a ServerHello as a HelloRetryRequest (RFC 8446 §4.1.3).
var retryRandom = []byte{
	0xcf, 0x21, 0xad, 0x74, 0xe5, 0x9a, 0x61, 0x11, 0xbe, 0x1d, 0x8c, 0x02, 0x1e, 0x65, 0xb8, 0x91,
	0xc2, 0xa2, 0x11, 0x16, 0x7a, 0xbb, 0x8c, 0x5e, 0x07, 0x9e, 0x09, 0xe2, 0xc8, 0xa8, 0x33, 0x9c,
}

func (a *Answer) message(typ uint8, body cryptobyte.String) (done bool, err error) {
	switch {
	case a.Version == 0 && typ != typeServerHello:
		return true, ErrMalformed
	case typ == typeServerHello:
		if a.Version != 0 || !a.serverHello(body) {
			return true, ErrMalformed
		}
		return a.Version >= TLS13, nil
	case typ == typeCertificate:
		a.certificates(body)
	case typ == typeServerKeyExchange:
		a.keyExchange(body)
	case typ == typeCertificateRequest:
		a.CertAsked = true
	}
	return typ == typeServerHelloDone, nil
}

// serverHello reads RFC 8446 §4.1.3 and RFC 5246 §7.4.1.3. Extensions may be
// missing. Nothing is noted unless all of it is well formed.
func (a *Answer) serverHello(s cryptobyte.String) bool {
	var got Answer
	var random []byte
	var session, extensions cryptobyte.String
	if !s.ReadUint16(&got.Version) || !s.ReadBytes(&random, 32) || !s.ReadUint8LengthPrefixed(&session) ||
		!s.ReadUint16(&got.Suite) || !s.ReadUint8(&got.Compression) {
		return false
	}
	got.Retry = bytes.Equal(random, retryRandom)
	if !s.Empty() && (!s.ReadUint16LengthPrefixed(&extensions) || !s.Empty()) {
		return false
	}
	for !extensions.Empty() {
		var id uint16
		var body cryptobyte.String
		if !extensions.ReadUint16(&id) || !extensions.ReadUint16LengthPrefixed(&body) || !got.extension(id, body) {
			return false
		}
	}
	if got.Version < SSL30 || got.Version > TLS13 {
		return false
	}
	*a = got
	return true
}

func (a *Answer) extension(id uint16, body cryptobyte.String) bool {
	switch id {
	case extSupportedVersions:
		return body.ReadUint16(&a.Version)
	case extKeyShare:
		return body.ReadUint16(&a.Group)
	case extExtendedMaster:
		a.ExtendedMaster = true
	case extRenegotiation:
		a.Renegotiation = true
	}
	return true
}

// keyExchange reads the group of an ephemeral key exchange: RFC 8422 §5.4
// for curves, RFC 5246 §7.4.3 for finite fields.
func (a *Answer) keyExchange(s cryptobyte.String) {
	const namedCurve = 3
	var curve uint8
	var group uint16
	var p, g, key cryptobyte.String
	switch {
	case Elliptic(a.Suite):
		if !s.ReadUint8(&curve) || curve != namedCurve || !s.ReadUint16(&group) {
			return
		}
		a.Group = group
		if !s.ReadUint8LengthPrefixed(&key) {
			return
		}
	case s.ReadUint16LengthPrefixed(&p):
		a.DHBits = 8 * len(bytes.TrimLeft(p, "\x00"))
		if !s.ReadUint16LengthPrefixed(&g) || !s.ReadUint16LengthPrefixed(&key) {
			return
		}
	}
	var scheme uint16
	if a.Version == TLS12 && s.ReadUint16(&scheme) {
		a.Signature = scheme
	}
}

// certificates reads what the server shows of itself (RFC 5246 §7.4.2).
func (a *Answer) certificates(s cryptobyte.String) {
	var list, one cryptobyte.String
	if !s.ReadUint24LengthPrefixed(&list) {
		return
	}
	for len(a.Certificates) < maxCertificates && list.ReadUint24LengthPrefixed(&one) {
		a.Certificates = append(a.Certificates, bytes.Clone(one))
	}
}
