package tlscheck

import (
	"crypto/tls"
	"crypto/x509"
	"slices"
	"testing"
)

// FuzzTrustedIsVerify: whatever certificates a server sends, the verdict is
// that of crypto/x509 or stricter by the table, and a refusal has a reason. The last certificate is
// taken for the root.
func FuzzTrustedIsVerify(f *testing.F) {
	p := newPKI(f)
	for _, r := range rows(f, p) {
		f.Add(append(slices.Concat(r.chain.Certificate...), p.root.cert.Raw...))
	}
	f.Fuzz(func(t *testing.T, der []byte) {
		certs, err := x509.ParseCertificates(der)
		if err != nil || len(certs) < 2 || len(certs) > maxChain || slices.ContainsFunc(certs, func(c *x509.Certificate) bool { return keyBits(c) > maxRSABit }) {
			return
		}
		root := poolOf(certs[len(certs)-1:])
		var chain tls.Certificate
		for _, c := range certs[:len(certs)-1] {
			chain.Certificate = append(chain.Certificate, c.Raw)
		}
		s := examine(t, chain, host, system{pool: root}, Config{Now: at(noon), Mozilla: root})
		verr := plainVerify(certs[:len(certs)-1], host, root, noon)
		if got, want := s.Trusted(), verr == nil && !stricter(s); got != want {
			t.Errorf("got  %v %v\nwant %v (%v)", got, s.Causes, want, verr)
		}
		if len(kinds(s.Causes, true)) == 0 && verr != nil {
			t.Errorf("refused without a reason: %v", verr)
		}
	})
}
