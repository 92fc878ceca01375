package tlscheck

import (
	"bytes"
	"crypto/x509"
	"encoding/asn1"
	"math/big"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"
)

var oidAuthorityKey = asn1.ObjectIdentifier{2, 5, 29, 35}

// An issuerMark is how a certificate says which certificate its issuer has
// (RFC 5280 §4.2.1.1).
type issuerMark struct {
	keyID  []byte
	names  [][]byte // DER of the directory names
	serial *big.Int
	broken bool // it cannot be read to its end
}

// misissued tells of the first certificate in a chain whose mark does not fit
// the issuer by whose key it is signed. crypto/x509 only prefers those that
// fit.
func misissued(chain []*x509.Certificate) Cause {
	for i, c := range chain[:len(chain)-1] {
		issuer := chain[i+1]
		switch mark := issuerMarkOf(c); {
		case i == 0 && bytes.Equal(c.RawSubject, c.RawIssuer):
			return Cause{Kind: IssuerMismatch, Case: CaseOwnName, Cert: c, Detail: title(issuer)}
		case len(mark.keyID) > 0 && len(issuer.SubjectKeyId) > 0 && !bytes.Equal(mark.keyID, issuer.SubjectKeyId):
			return Cause{Kind: IssuerMismatch, Case: CaseKeyID, Cert: c, Detail: title(issuer)}
		case !mark.fits(issuer):
			return Cause{Kind: IssuerMismatch, Case: CaseSerial, Cert: c, Detail: title(issuer)}
		}
	}
	return Cause{}
}

// fits compares the issuer's own issuer and serial number, where they are
// marked. A mark that cannot be read fits nothing.
func (m issuerMark) fits(issuer *x509.Certificate) bool {
	if m.broken || m.serial != nil && m.serial.Cmp(issuer.SerialNumber) != 0 {
		return false
	}
	return len(m.names) == 0 || sameName(m.names[0], issuer.RawIssuer)
}

// issuerMarkOf reads the extension as far as it can be read.
func issuerMarkOf(c *x509.Certificate) issuerMark {
	if !hasExtension(c, oidAuthorityKey) {
		return issuerMark{}
	}
	m := issuerMark{keyID: c.AuthorityKeyId, broken: true}
	var body, names, serial cryptobyte.String
	var hasNames, hasSerial bool
	value := cryptobyte.String(extensionOf(c, oidAuthorityKey))
	if !value.ReadASN1(&body, cbasn1.SEQUENCE) || !body.SkipOptionalASN1(contextTag(0, false)) ||
		!body.ReadOptionalASN1(&names, &hasNames, contextTag(1, true)) ||
		!body.ReadOptionalASN1(&serial, &hasSerial, contextTag(2, false)) || !body.Empty() {
		return m
	}
	for !names.Empty() {
		var name cryptobyte.String
		var tag cbasn1.Tag
		if !names.ReadAnyASN1(&name, &tag) {
			return m
		}
		if tag == directoryName {
			m.names = append(m.names, name)
		}
	}
	if hasSerial {
		m.serial = new(big.Int).SetBytes(serial)
	}
	m.broken = false
	return m
}

// contextTag is one of a structure's own tags.
func contextTag(n uint8, constructed bool) cbasn1.Tag {
	tag := cbasn1.Tag(n).ContextSpecific()
	if constructed {
		tag = tag.Constructed()
	}
	return tag
}

// directoryName is a form of a general name (RFC 5280 §4.2.1.6).
var directoryName = contextTag(4, true)
