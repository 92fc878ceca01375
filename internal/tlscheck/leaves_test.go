package tlscheck

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"math/big"
	"slices"
	"testing"
	"time"
)

// A leaf is a certificate that a server shows, and what is to be said of it.
type leaf struct {
	name   string
	host   string
	chain  tls.Certificate
	root   *x509.Certificate
	is     Kind // empty: nothing
	which  string
	public bool     // by an authority of Mozilla's
	only   []string // the modes in which that is said; nil: all
}

// A mode is a way in which a server uses its key.
type mode struct {
	name   string
	config func(tls.Certificate) *tls.Config
}

const static = "RSA key exchange"

func (l leaf) modes() []mode {
	modes := []mode{
		{"TLS 1.3", func(c tls.Certificate) *tls.Config {
			return &tls.Config{Certificates: []tls.Certificate{c}, MinVersion: tls.VersionTLS13}
		}},
		{"TLS 1.2", func(c tls.Certificate) *tls.Config {
			return &tls.Config{Certificates: []tls.Certificate{c}, MaxVersion: tls.VersionTLS12}
		}},
	}
	switch key := l.chain.PrivateKey.(type) {
	case *rsa.PrivateKey:
		modes = append(modes, mode{static, func(c tls.Certificate) *tls.Config {
			return &tls.Config{Certificates: []tls.Certificate{c}, MaxVersion: tls.VersionTLS12, CipherSuites: staticRSA}
		}})
	case *ecdsa.PrivateKey:
		if key.Curve == elliptic.P224() { // TLS 1.3 has no name for it
			modes = modes[1:]
		}
	}
	return modes
}

// tests reports whether the row of the table is about this mode.
func (l leaf) tests(m mode) bool { return l.only == nil || slices.Contains(l.only, m.name) }

// A workshop makes leaves that are valid today.
type workshop struct {
	t                 *testing.T
	root, inter       *minted
	ec, p224, p521    crypto.Signer
	rsa, rsa1024, odd crypto.Signer
	ed                crypto.Signer
	made              []leaf
}

func newWorkshop(t *testing.T) *workshop {
	t.Helper()
	must := func(key crypto.Signer, err error) crypto.Signer {
		if err != nil {
			t.Fatal(err)
		}
		return key
	}
	ellipticKey := func(c elliptic.Curve) crypto.Signer { k, err := ecdsa.GenerateKey(c, rand.Reader); return must(k, err) }
	rsaKey := func(bits int) crypto.Signer { k, err := rsa.GenerateKey(rand.Reader, bits); return must(k, err) }
	_, ed, err := ed25519.GenerateKey(rand.Reader)
	root := mint(t, nil, "Test Root", ca)
	return &workshop{
		t: t, root: root, inter: mint(t, root, "Test Intermediate", ca),
		ec: ellipticKey(elliptic.P256()), p224: ellipticKey(elliptic.P224()), p521: ellipticKey(elliptic.P521()),
		rsa: rsaKey(2048), rsa1024: rsaKey(1024), odd: rsaKey(1536), ed: must(ed, err),
	}
}

func (w *workshop) pool() *x509.CertPool { return poolOf([]*x509.Certificate{w.root.cert}) }

// today makes a leaf valid for a month more.
func today(c *x509.Certificate) {
	c.NotBefore, c.NotAfter = time.Now().Add(-30*day), time.Now().Add(60*day)
}

// leaf makes one for host by the intermediate.
func (w *workshop) leaf(name string, key crypto.Signer, is Kind, which string, alter ...alteration) *leaf {
	return w.by(w.inter, name, key, is, which, alter...)
}

func (w *workshop) by(issuer *minted, name string, key crypto.Signer, is Kind, which string, alter ...alteration) *leaf {
	w.t.Helper()
	m := mintKey(w.t, issuer, key, host, append([]alteration{server, today}, alter...)...)
	return w.keep(leaf{name: name, host: host, chain: chained(m, issuer), root: w.root.cert, is: is, which: which})
}

func (w *workshop) keep(l leaf) *leaf {
	w.made = append(w.made, l)
	return &w.made[len(w.made)-1]
}

func usage(u x509.KeyUsage) alteration { return func(c *x509.Certificate) { c.KeyUsage = u } }

func extended(u ...x509.ExtKeyUsage) alteration {
	return func(c *x509.Certificate) { c.ExtKeyUsage = u }
}

func plain(value []byte, id ...int) alteration {
	return extension(pkix.Extension{Id: id, Value: value})
}

func critical(value []byte, id ...int) alteration {
	return extension(pkix.Extension{Id: id, Value: value, Critical: true})
}

// wrapped is a DER value of less than 128 octets.
func wrapped(tag byte, parts ...[]byte) []byte {
	body := slices.Concat(parts...)
	return append([]byte{tag, byte(len(body))}, body...)
}

func directory(t *testing.T, name pkix.Name) []byte {
	t.Helper()
	der, err := asn1.Marshal(name.ToRDNSequence())
	if err != nil {
		t.Fatal(err)
	}
	return wrapped(0xa4, der)
}

// leaves are all that are shown to other verifiers.
func leaves(t *testing.T) []leaf {
	t.Helper()
	w := newWorkshop(t)
	w.sound()
	w.names()
	w.authorities()
	w.usages()
	w.extendedUsages()
	w.constraints()
	w.extensions()
	w.strengths()
	return w.made
}

func (w *workshop) sound() {
	w.leaf("sound", w.ec, "", "")
	w.leaf("sound RSA", w.rsa, "", "", usage(x509.KeyUsageDigitalSignature|x509.KeyUsageKeyEncipherment))
	w.leaf("RSA without key usage", w.rsa, "", "")
	w.leaf("P-521", w.p521, "", "")
	w.leaf("empty subject", w.ec, "", "", func(c *x509.Certificate) { c.Subject = pkix.Name{} })
	w.leaf("long serial number", w.ec, "", "", func(c *x509.Certificate) { c.SerialNumber = new(big.Int).Lsh(big.NewInt(1), 158) })
	w.leaf("a private key's period that is over", w.ec, "", "", plain(wrapped(0x30, wrapped(0x81, []byte("20200101000000Z"))), 2, 5, 29, 16))
	rsaInter := mintKey(w.t, w.root, w.rsa, "RSA Intermediate", ca)
	w.by(rsaInter, "signed with RSA-PSS", w.ec, "", "", func(c *x509.Certificate) { c.SignatureAlgorithm = x509.SHA256WithRSAPSS })
	self := mint(w.t, nil, host, server, today)
	w.keep(leaf{name: "trusted itself", host: host, chain: chained(self), root: self.cert})
}

func (w *workshop) names() {
	star := func(name, for_ string, is Kind, which string, alter ...alteration) {
		w.leaf(name, w.ec, is, which, alter...).host = for_
	}
	star("a star", host, "", "", named("*.example.net"))
	star("a star before a label of IDNA", "xn--mller-kva.example.net", "", "", named("*.example.net"))
	star("a star before a private suffix", "mail.github.io", "", "", named("*.github.io"))
	star("a star before one label", "mail.red", WildcardTooBroad, CaseLabel, named("*.red"))
	star("a star before one label in capitals", "MAIL.RED", WildcardTooBroad, CaseLabel, named("*.Red"))
	star("a star before one label beside another star", "mail.red", WildcardTooBroad, CaseLabel, named("*.red", "*.example.org", "red"))
	star("a star before one label beside the name with a dot", "mail.red", WildcardTooBroad, CaseLabel, named("mail.red.", "*.red"))
	star("a star before a suffix", "mail.co.uk", WildcardTooBroad, CaseSuffix, named("*.co.uk"))
	star("a star before a suffix beside the name", "mail.co.uk", "", "", named("*.co.uk", "mail.co.uk"))
	star("a star before one label and a suffix", "mail.red", "", "", named("*.red", "*.co.uk", "mail.red"))
	star("a star alone", "mail", NameMismatch, "", named("*"))
	star("a star within the label", host, NameMismatch, "", named("im*.example.net"))
	w.made[len(w.made)-1].only = []string{} // OpenSSL takes that
	star("a star in the middle", host, NameMismatch, "", named("imap.*.net"))
	star("two stars", host, NameMismatch, "", named("*.*.net"))
	star("a star for two labels", "a.imap.example.net", NameMismatch, "", named("*.example.net"))
	star("another name", host, NameMismatch, "", named("imap.example.org"))
	star("a name of one label", "localhost", "", "", named("localhost"))
	star("the Common Name alone", host, NoSAN, "", named())
	w.leaf("expired", w.ec, Expired, "", func(c *x509.Certificate) { c.NotAfter = time.Now().Add(-day) })
	w.leaf("not yet valid", w.ec, NotYetValid, "", func(c *x509.Certificate) { c.NotBefore = time.Now().Add(day) })
	w.leaf("for a year and a half", w.ec, LifetimeTooLong, CasePublic, func(c *x509.Certificate) { c.NotAfter = time.Now().Add(500 * day) }).public = true
	w.leaf("for nine years", w.ec, LifetimeTooLong, CasePrivate, func(c *x509.Certificate) { c.NotAfter = time.Now().Add(3000 * day) })
}

func (w *workshop) authorities() {
	old := mint(w.t, w.root, "Old Intermediate", ca, func(c *x509.Certificate) { c.NotAfter = time.Now().Add(-day) })
	w.by(old, "intermediate expired", w.ec, ChainCertExpired, "")
	self := mint(w.t, nil, host, server, today)
	w.keep(leaf{name: "self-signed", host: host, chain: chained(self), root: w.root.cert, is: SelfSigned})
	stranger := newPKI(w.t)
	w.by(stranger.inter, "by a stranger", w.ec, UnknownCA, "")
	missing := w.leaf("without the intermediate", w.ec, MissingIntermediate, "", plain([]byte{4, 0}, oidSCTs...))
	missing.chain.Certificate = missing.chain.Certificate[:1]
	w.leaf("another key of the issuer", w.ec, IssuerMismatch, CaseKeyID, plain(wrapped(0x30, wrapped(0x80, []byte{1, 2, 3})), oidAuthorityKey...))
	rootName := directory(w.t, pkix.Name{CommonName: "Test Root"})
	w.leaf("the issuer's serial number", w.ec, "", "", plain(wrapped(0x30, wrapped(0xa1, rootName), wrapped(0x82, serialOf(w.inter))), oidAuthorityKey...))
	w.leaf("another serial number of the issuer", w.ec, IssuerMismatch, CaseSerial, plain(wrapped(0x30, wrapped(0xa1, rootName), []byte{0x82, 1, 5}), oidAuthorityKey...))
	other := directory(w.t, pkix.Name{CommonName: "Other Root"})
	w.leaf("another issuer of the issuer", w.ec, IssuerMismatch, CaseSerial, plain(wrapped(0x30, wrapped(0xa1, other), wrapped(0x82, serialOf(w.inter))), oidAuthorityKey...))
	w.leaf("a broken mark of the issuer", w.ec, IssuerMismatch, CaseSerial, plain(wrapped(0x30, []byte{0x84, 1, 9}), oidAuthorityKey...))
	w.leaf("its own name as the issuer's", w.ec, IssuerMismatch, CaseOwnName, func(c *x509.Certificate) { c.Subject = w.inter.cert.Subject })
	w.by(mint(w.t, w.root, "Mute", ca, usage(0), plain([]byte{3, 1, 0}, oidKeyUsage...)), "by a mute authority", w.ec, NotACA, CaseEmpty)
	limited := mint(w.t, w.root, "Short", ca, func(c *x509.Certificate) { c.MaxPathLenZero = true })
	below := mint(w.t, limited, "Below", ca)
	long := w.by(below, "too many authorities", w.ec, PathLen, "")
	long.chain.Certificate = append(long.chain.Certificate, limited.cert.Raw)
	none := mint(w.t, w.inter, "Not A CA", server, today)
	by := w.by(none, "by no authority", w.ec, NotACA, "")
	by.chain.Certificate = append(by.chain.Certificate, w.inter.cert.Raw)
}

func serialOf(m *minted) []byte {
	der, err := asn1.Marshal(m.cert.SerialNumber)
	if err != nil {
		panic(err)
	}
	return der[2:]
}

func (w *workshop) usages() {
	for name, u := range map[string]x509.KeyUsage{
		"certSign": x509.KeyUsageCertSign, "nonRepudiation": x509.KeyUsageContentCommitment,
		"dataEncipherment": x509.KeyUsageDataEncipherment, "cRLSign and decipherOnly": x509.KeyUsageCRLSign | x509.KeyUsageDecipherOnly,
	} {
		w.leaf("ECDSA for "+name, w.ec, KeyUsage, CaseUnfit, usage(u))
		w.leaf("RSA for "+name, w.rsa, KeyUsage, CaseUnfit, usage(u))
	}
	w.leaf("for nothing", w.ec, KeyUsage, CaseEmpty, plain([]byte{3, 1, 0}, oidKeyUsage...))
	w.leaf("ECDSA for digitalSignature", w.ec, "", "", usage(x509.KeyUsageDigitalSignature))
	signed := []string{"TLS 1.3", "TLS 1.2"}
	w.leaf("RSA for keyEncipherment", w.rsa, KeyUsageExchange, CaseSigned, usage(x509.KeyUsageKeyEncipherment)).only = signed
	w.leaf("RSA for keyAgreement", w.rsa, KeyUsageExchange, CaseSigned, usage(x509.KeyUsageKeyAgreement)).only = signed
	w.leaf("ECDSA for keyAgreement", w.ec, KeyUsageExchange, CaseSigned, usage(x509.KeyUsageKeyAgreement)).only = signed[:1]
	w.leaf("ECDSA for keyEncipherment", w.ec, KeyUsageExchange, CaseSigned, usage(x509.KeyUsageKeyEncipherment)).only = signed[:1]
	w.leaf("RSA for digitalSignature", w.rsa, KeyUsageExchange, CaseEncrypted, usage(x509.KeyUsageDigitalSignature)).only = []string{static}
	w.leaf("an authority's", w.ec, CALeaf, "", func(c *x509.Certificate) { c.IsCA, c.BasicConstraintsValid = true, true })
}

func (w *workshop) extendedUsages() {
	w.leaf("for clients", w.ec, EKU, CaseOtherUse, extended(x509.ExtKeyUsageClientAuth))
	w.leaf("for any use", w.ec, EKU, CaseAnyUse, extended(x509.ExtKeyUsageAny))
	w.leaf("for servers and any use", w.ec, "", "", extended(x509.ExtKeyUsageAny, x509.ExtKeyUsageServerAuth))
	w.leaf("for no said use", w.ec, NoEKU, "", extended())
	w.leaf("for no said use, old", w.ec, LifetimeTooLong, CasePrivate, extended(), func(c *x509.Certificate) { c.NotBefore = useFrom.Add(-time.Second) }).only = []string{}
	w.by(mint(w.t, w.root, "Any", ca, extended(x509.ExtKeyUsageAny)), "issuer for any use", w.ec, EKU, CaseAnyUse).only = []string{} // GnuTLS refuses that, too
	w.leaf("Netscape's client", w.ec, EKU, CaseNetscape, plain([]byte{3, 2, 7, 0x80}, oidNetscape...))
	w.leaf("Netscape's server", w.ec, "", "", plain([]byte{3, 2, 6, 0x40}, oidNetscape...))
	w.by(mint(w.t, w.root, "Netscape", ca, plain([]byte{3, 2, 0, 1}, oidNetscape...)), "Netscape's authority of objects", w.ec, "", "")
	w.leaf("a proxy", w.ec, EKU, CaseForeign, plain(wrapped(0x30, wrapped(0x30, []byte{6, 8, 0x2b, 6, 1, 5, 5, 7, 21, 1})), foreignUses[0].id...))
	w.leaf("for addresses", w.ec, EKU, CaseForeign, plain(wrapped(0x30, wrapped(0x30, []byte{4, 2, 0, 1}, wrapped(0x30, []byte{3, 4, 0, 10, 0, 0}))), foreignUses[1].id...))
	w.leaf("for networks", w.ec, EKU, CaseForeign, plain(wrapped(0x30, wrapped(0xa0, wrapped(0x30, []byte{2, 1, 5}))), foreignUses[2].id...))
}

func (w *workshop) constraints() {
	limited := mint(w.t, w.root, "Limited", ca, func(c *x509.Certificate) {
		c.PermittedDNSDomainsCritical, c.PermittedDNSDomains = true, []string{"example.org"}
	})
	w.by(limited, "a name outside", w.ec, NameConstraint, "")
	subtree := func(side byte, names ...[]byte) alteration {
		return plain(wrapped(0x30, wrapped(side, wrapped(0x30, names...))), oidConstraints...)
	}
	organisation := directory(w.t, pkix.Name{Organization: []string{"Good  Mail"}})
	const permitted, excluded = 0xa0, 0xa1
	of := func(name string) alteration {
		return func(c *x509.Certificate) { c.Subject = pkix.Name{Organization: []string{name}, CommonName: host} }
	}
	only := mint(w.t, w.root, "Permitted", ca, subtree(permitted, organisation))
	w.by(only, "a subject outside", w.ec, NameConstraint, CaseSubject)
	w.by(only, "a subject inside", w.ec, "", "", of("good mail"))
	w.by(only, "an empty subject", w.ec, "", "", func(c *x509.Certificate) { c.Subject = pkix.Name{} })
	not := mint(w.t, w.root, "Excluded", ca, subtree(excluded, organisation))
	w.by(only, "an alternative name outside", w.ec, NameConstraint, CaseSubject, of("Good Mail"), func(c *x509.Certificate) { c.DNSNames = nil },
		plain(wrapped(0x30, wrapped(0x82, []byte(host)), directory(w.t, pkix.Name{CommonName: "x"})), oidSAN...))
	w.by(mint(w.t, w.root, "Sized", ca, subtree(permitted, wrapped(0x82, []byte("example.net")), []byte{0x80, 1, 1})), "a limit with a minimum", w.ec, NameConstraint, CaseSized)
	w.by(not, "a subject that is excluded", w.ec, NameConstraint, CaseStrange, of("Good Mail")).only = []string{} // OpenSSL refuses, too
	w.by(not, "a subject that is not excluded", w.ec, NameConstraint, CaseStrange, of("Better Mail"))
	other := wrapped(0xa0, []byte{6, 2, 0x2a, 3}, wrapped(0xa0, []byte{5, 0}))
	w.by(mint(w.t, w.root, "Not Other", ca, subtree(excluded, other)), "another kind of name is excluded", w.ec, NameConstraint, CaseStrange)
	w.by(mint(w.t, w.root, "Only Other", ca, subtree(permitted, other)), "another kind of name is permitted", w.ec, NameConstraint, CaseStrange)
	w.by(mint(w.t, w.root, "Not Number", ca, subtree(excluded, []byte{0x88, 2, 0x2a, 3})), "a number is excluded", w.ec, NameConstraint, CaseStrange)
	w.by(mint(w.t, w.root, "Not Address", ca, subtree(excluded, wrapped(0x86, []byte("example.org")))), "an address of the web is excluded", w.ec, "", "")
	w.by(mint(w.t, w.root, "Not IP", ca, subtree(excluded, wrapped(0x87, make([]byte, 8)))), "all IP addresses are excluded", w.ec, "", "")
	mail := mint(w.t, w.root, "Mail", ca, func(c *x509.Certificate) { c.PermittedEmailAddresses = []string{"example.org"} })
	address := func(a string) alteration {
		return func(c *x509.Certificate) {
			c.Subject.ExtraNames = []pkix.AttributeTypeAndValue{{Type: oidEmail, Value: asn1.RawValue{Tag: asn1.TagIA5String, Bytes: []byte(a)}}}
		}
	}
	w.by(mail, "an address outside", w.ec, NameConstraint, CaseSubject, address("root@example.net")).only = []string{}
	w.by(mail, "an address inside", w.ec, "", "", address("root@example.org"))
}

func (w *workshop) extensions() {
	w.leaf("an unknown demand", w.ec, UnhandledCritical, CaseUnknown, critical([]byte{5, 0}, 1, 2, 3, 4))
	w.leaf("policy mappings", w.ec, UnhandledCritical, CasePolicies, critical(wrapped(0x30, wrapped(0x30, []byte{6, 2, 0x2a, 3, 6, 2, 0x2a, 4})), 2, 5, 29, 33))
	w.leaf("policy constraints", w.ec, UnhandledCritical, CasePolicies, critical([]byte{0x30, 3, 0x80, 1, 5}, 2, 5, 29, 36))
	w.leaf("policy mappings that are no demand", w.ec, "", "", plain(wrapped(0x30, wrapped(0x30, []byte{6, 2, 0x2a, 3, 6, 2, 0x2a, 4})), 2, 5, 29, 33))
	w.leaf("inhibit any policy", w.ec, "", "", critical([]byte{2, 1, 0}, 2, 5, 29, 54))
	w.leaf("a critical place of revocations", w.ec, "", "", critical(wrapped(0x30, wrapped(0x30, wrapped(0xa0, wrapped(0xa0, wrapped(0x86, []byte("http://a.b")))))), 2, 5, 29, 31))
	w.leaf("critical limits on names", w.ec, "", "", critical(wrapped(0x30, wrapped(0xa0, wrapped(0x30, wrapped(0x82, []byte("other.org"))))), oidConstraints...))
	w.leaf("an entry that was never logged", w.ec, UnhandledCritical, CaseUnknown, critical([]byte{5, 0}, 1, 3, 6, 1, 4, 1, 11129, 2, 4, 3))
	w.by(mint(w.t, w.root, "Stapling", ca, plain([]byte{0x30, 3, 2, 1, 5}, oidFeatures...)), "must staple, says the issuer", w.ec, MustStapleMissing, CaseAbove)
	w.by(mint(w.t, w.root, "Mapping", ca, critical(wrapped(0x30, wrapped(0x30, []byte{6, 2, 0x2a, 3, 6, 2, 0x2a, 4})), 2, 5, 29, 33)), "policy mappings above", w.ec, UnhandledCritical, CasePolicies)
	w.leaf("must staple", w.ec, MustStapleMissing, "", plain([]byte{0x30, 3, 2, 1, 5}, oidFeatures...))
}

func (w *workshop) strengths() {
	w.leaf("RSA 1024", w.rsa1024, KeyWeak, "")
	w.leaf("RSA 1536", w.odd, KeyWeak, "")
	w.by(mintKey(w.t, w.root, w.rsa1024, "Weak Intermediate", ca), "issuer with RSA 1024", w.ec, KeyWeak, "")
	w.leaf("P-224", w.p224, KeyUnsupported, "")
	w.by(mintKey(w.t, w.root, w.p224, "P-224 Intermediate", ca), "issuer with P-224", w.ec, KeyRare, CaseP224)
	w.leaf("Ed25519", w.ed, KeyRare, CaseEd25519)
	w.by(mintKey(w.t, w.root, w.ed, "Ed25519 Intermediate", ca), "issuer with Ed25519", w.ec, KeyRare, CaseEd25519)
	rsaInter := mintKey(w.t, w.root, w.rsa, "RSA Intermediate", ca)
	w.by(rsaInter, "SHA-1", w.ec, SigWeak, "", func(c *x509.Certificate) { c.SignatureAlgorithm = x509.SHA1WithRSA })
}
