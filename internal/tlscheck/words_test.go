package tlscheck

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"math/big"
	"strings"
	"testing"
)

func TestTitle(t *testing.T) {
	for want, name := range map[string]pkix.Name{
		"R3":            {CommonName: "R3", Organization: []string{"Example"}},
		"Example":       {Organization: []string{"Example", "Other"}, Country: []string{"XX"}},
		"OU=Roots,C=XX": {OrganizationalUnit: []string{"Roots"}, Country: []string{"XX"}},
	} {
		if got := title(&x509.Certificate{Subject: name}); got != want {
			t.Errorf("got  %q\nwant %q", got, want)
		}
	}
}

func TestKeyBits(t *testing.T) {
	for want, key := range map[int]any{
		1024: &rsa.PublicKey{N: new(big.Int).Lsh(big.NewInt(1), 1023)},
		224:  &ecdsa.PublicKey{Curve: elliptic.P224()},
		0:    "unknown",
	} {
		if got := keyBits(&x509.Certificate{PublicKey: key}); got != want {
			t.Errorf("got  %d\nwant %d", got, want)
		}
	}
}

// What a certificate may be used for is the peer's text: ten of them are
// enough.
func TestUsagesAreBounded(t *testing.T) {
	c := &x509.Certificate{}
	for i := range 12 {
		c.ExtKeyUsage = append(c.ExtKeyUsage, x509.ExtKeyUsage(100+i))
	}
	if got, want := len(strings.Split(usages(c), ", ")), 10; got != want {
		t.Errorf("got  %d usages\nwant %d", got, want)
	}
}
