package tlscheck

import (
	"crypto/x509"

	"golang.org/x/crypto/cryptobyte"
	der "golang.org/x/crypto/cryptobyte/asn1"
)

// Unread is the table of certificates, by case, that crypto/x509 cannot read:
// nothing is known of the server behind one, and no secret is sent to it.
var Unread = []Practice{
	{"", CaseNegative, "a negative serial number, in it or above it", [6]Cell{ranTakes, ranTakes, takes(mozSerial), unknown, unknown, ranRefuses}, false},
	{"", CaseRawName, "a host name in letters beyond ASCII, as they are", [6]Cell{ranTakes, ranTakes, unknown, unknown, unknown, ranRefuses}, false},
}

// UnreadBy returns the row for what an Explanation says of a certificate, and
// whether there is one.
func UnreadBy(x Explanation) (Practice, bool) {
	for _, p := range Unread {
		if x.Reason == Unreadable && p.Case == x.Case {
			return p, true
		}
	}
	return Practice{}, false
}

// afterAnswer reports whether the handshake was given up on this side once the
// server had answered, and before a certificate was read.
func (e *HandshakeError) afterAnswer() bool {
	return len(e.Chain) == 0 && e.Got > 0 && (e.Failure == Other || e.Failure == Alert && e.Local)
}

// unreadable looks at the certificates that the server shows before TLS 1.3,
// and settles it if one of them cannot be read.
func (x *explainer) unreadable() bool {
	a, err := x.ask(plainHello(x.name))
	if err != nil || a.Refused {
		return false
	}
	for _, c := range a.Certificates {
		if _, err := x509.ParseCertificate(c); err != nil {
			x.settle(Unreadable, a)
			x.found.Case, x.found.Detail = unreadCase(c), err.Error()
			return true
		}
	}
	return false
}

// unreadCase tells what is wrong with a certificate that cannot be read; "": it
// is something without a name here.
func unreadCase(c []byte) string {
	var cert, tbs, number cryptobyte.String
	s := cryptobyte.String(c)
	if !s.ReadASN1(&cert, der.SEQUENCE) || !cert.ReadASN1(&tbs, der.SEQUENCE) || !tbs.SkipOptionalASN1(der.Tag(0).ContextSpecific().Constructed()) {
		return ""
	}
	if !tbs.ReadASN1(&number, der.INTEGER) {
		return ""
	}
	switch {
	case len(number) > 0 && number[0] >= 0x80:
		return CaseNegative
	case rawName(tbs):
		return CaseRawName
	}
	return ""
}

// rawName reports whether a host name has bytes beyond ASCII (RFC 5280
// §4.2.1.6 wants an IA5String). tbs stands behind the serial number.
func rawName(tbs cryptobyte.String) bool {
	var extensions, one, id, value, names, name cryptobyte.String
	for range 5 { // the signature, the issuer, the validity, the subject and the key
		if !tbs.SkipASN1(der.SEQUENCE) {
			return false
		}
	}
	if !tbs.SkipOptionalASN1(der.Tag(1).ContextSpecific()) || !tbs.SkipOptionalASN1(der.Tag(2).ContextSpecific()) ||
		!tbs.ReadASN1(&extensions, der.Tag(3).ContextSpecific().Constructed()) || !extensions.ReadASN1(&extensions, der.SEQUENCE) {
		return false
	}
	for extensions.ReadASN1(&one, der.SEQUENCE) {
		if !one.ReadASN1(&id, der.OBJECT_IDENTIFIER) || string(id) != "\x55\x1d\x11" || !one.SkipOptionalASN1(der.BOOLEAN) ||
			!one.ReadASN1(&value, der.OCTET_STRING) || !value.ReadASN1(&names, der.SEQUENCE) {
			continue
		}
		var tag der.Tag
		for names.ReadAnyASN1(&name, &tag) {
			if tag == der.Tag(2).ContextSpecific() && beyondASCII(name) {
				return true
			}
		}
	}
	return false
}

func beyondASCII(b []byte) bool {
	for _, c := range b {
		if c >= 0x80 {
			return true
		}
	}
	return false
}
