package tlscheck

import (
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"math/big"
	"testing"
)

// TestOnEveryWay: what one chain to a root is free of, nobody need stumble
// over.
func TestOnEveryWay(t *testing.T) {
	key := func(bits uint) *x509.Certificate {
		return &x509.Certificate{PublicKey: &rsa.PublicKey{N: new(big.Int).Lsh(big.NewInt(1), bits-1)}}
	}
	leaf, weak, weaker, strong := key(2048), key(2047), key(1024), key(2048)
	for _, r := range []struct {
		name  string
		ways  [][]*x509.Certificate
		first *x509.Certificate
	}{
		{"one way, strong", [][]*x509.Certificate{{leaf, strong}}, nil},
		{"one way, weak", [][]*x509.Certificate{{leaf, weak}}, weak},
		{"the first is weak", [][]*x509.Certificate{{leaf, weak}, {leaf, strong}}, nil},
		{"the second is weak", [][]*x509.Certificate{{leaf, strong}, {leaf, weak}}, nil},
		{"both are weak", [][]*x509.Certificate{{leaf, weak}, {leaf, weaker}}, weak},
	} {
		x := &exam{state: new(State), study: study{decides: opinion{chains: r.ways}}}
		x.onEveryWay(weakKey)
		switch causes := x.state.Causes; {
		case r.first == nil && len(causes) > 0, r.first != nil && (len(causes) != 1 || causes[0].Cert != r.first || !causes[0].Fatal):
			t.Errorf("%s: got  %v\n\twant the first weak certificate, where each way has one", r.name, causes)
		}
	}
	x := &exam{state: new(State), study: study{path: []*x509.Certificate{weak}}}
	if x.onEveryWay(weakKey); len(x.state.Causes) != 1 {
		t.Errorf("no way to a root: got  %v\nwant what was sent to be judged", x.state.Causes)
	}
}

func titled(t *testing.T, subject, issuer string) *x509.Certificate {
	t.Helper()
	der := func(cn string) []byte {
		raw, err := asn1.Marshal(pkix.Name{CommonName: cn}.ToRDNSequence())
		if err != nil {
			t.Fatal(err)
		}
		return raw
	}
	return &x509.Certificate{RawSubject: der(subject), RawIssuer: der(issuer), SerialNumber: big.NewInt(7)}
}

// TestMisissued has the marks that crypto/x509 does not let a test make.
func TestMisissued(t *testing.T) {
	marked := func(keyID []byte) *x509.Certificate {
		c := titled(t, "leaf", "ca")
		c.AuthorityKeyId = keyID
		c.Extensions = []pkix.Extension{{Id: oidAuthorityKey, Value: wrapped(0x30, wrapped(0x80, keyID))}}
		return c
	}
	ca := func(keyID []byte) *x509.Certificate {
		c := titled(t, "ca", "root")
		c.SubjectKeyId = keyID
		return c
	}
	byAddress := titled(t, "leaf", "ca")
	byAddress.Extensions = []pkix.Extension{{Id: oidAuthorityKey, Value: wrapped(0x30, wrapped(0xa1, wrapped(0x86, []byte("http://a.b"))), []byte{0x82, 1, 7})}}
	numbered := func(n byte) *x509.Certificate {
		c := titled(t, "leaf", "ca")
		c.Extensions = []pkix.Extension{{Id: oidAuthorityKey, Value: wrapped(0x30, []byte{0x82, 1, n})}}
		return c
	}
	one, two := []byte{1}, []byte{2}
	leaf, bare := titled(t, "leaf", "ca"), titled(t, "leaf", "ca")
	bare.Extensions = []pkix.Extension{{Id: oidAuthorityKey, Value: []byte{0x30, 0}}}
	for _, r := range []struct {
		name  string
		chain []*x509.Certificate
		want  string
	}{
		{"no mark", []*x509.Certificate{leaf, ca(one)}, ""},
		{"an empty mark", []*x509.Certificate{bare, ca(one)}, ""},
		{"an address of the issuer's issuer", []*x509.Certificate{byAddress, ca(one)}, ""},
		{"a smaller serial number", []*x509.Certificate{numbered(5), ca(one)}, CaseSerial},
		{"a larger serial number", []*x509.Certificate{numbered(9), ca(one)}, CaseSerial},
		{"the serial number", []*x509.Certificate{numbered(7), ca(one)}, ""},
		{"the same key", []*x509.Certificate{marked(one), ca(one)}, ""},
		{"another key", []*x509.Certificate{marked(one), ca(two)}, CaseKeyID},
		{"the issuer names no key", []*x509.Certificate{marked(one), ca(nil)}, ""},
		{"alone", []*x509.Certificate{marked(one)}, ""},
		{"its own name", []*x509.Certificate{titled(t, "ca", "ca"), ca(one)}, CaseOwnName},
		{"an authority with its own name", []*x509.Certificate{leaf, titled(t, "ca", "ca"), ca(one)}, ""},
		{"another key above", []*x509.Certificate{leaf, marked(one), ca(two)}, CaseKeyID},
	} {
		if got := misissued(r.chain); got.Case != r.want || (got.Kind == IssuerMismatch) != (r.want != "") {
			t.Errorf("%s: got  %q %q\n\twant %q", r.name, got.Kind, got.Case, r.want)
		}
	}
}

func TestMailWithin(t *testing.T) {
	for _, r := range []struct {
		address, limit string
		want           bool
	}{
		{"a@example.org", "example.org", true},
		{"A@Example.ORG", "example.org", true},
		{"a@example.org", "EXAMPLE.org", true},
		{"a@mail.example.org", "example.org", false},
		{"a@mail.example.org", ".example.org", true},
		{"a@example.org", ".example.org", false},
		{"a@example.org", "a@example.org", true},
		{"b@example.org", "a@example.org", false},
		{"a@badexample.org", "example.org", false},
	} {
		if got := mailWithin(r.address, r.limit); got != r.want {
			t.Errorf("%s within %s: got  %v\n\twant %v", r.address, r.limit, got, r.want)
		}
	}
}

func TestSameName(t *testing.T) {
	der := func(set ...pkix.AttributeTypeAndValue) []byte {
		raw, err := asn1.Marshal(pkix.RDNSequence{pkix.RelativeDistinguishedNameSET(set)})
		if err != nil {
			t.Fatal(err)
		}
		return raw
	}
	part := func(last int, value string) pkix.AttributeTypeAndValue {
		return pkix.AttributeTypeAndValue{Type: asn1.ObjectIdentifier{2, 5, 4, last}, Value: value}
	}
	o, cn := part(10, "Good Mail"), part(3, "x")
	for _, r := range []struct {
		name string
		a, b []byte
		want bool
	}{
		{"the same", der(o), der(o), true},
		{"case and blanks", der(o), der(part(10, "good  MAIL")), true},
		{"another kind", der(o), der(part(11, "Good Mail")), false},
		{"another value", der(o), der(part(10, "Goodmail")), false},
		{"the order of one part", der(o, cn), der(cn, o), true},
		{"more", der(o, cn), der(o), false},
		{"no names", []byte{5, 0}, []byte{5, 0}, true},
		{"other than no names", []byte{5, 0}, []byte{4, 0}, false},
		{"the order of one part, against DER", wrapped(0x30, wrapped(0x31, attribute("a"), attribute("b"))), wrapped(0x30, wrapped(0x31, attribute("b"), attribute("a"))), true},
	} {
		if got := sameName(r.a, r.b); got != r.want {
			t.Errorf("%s: got  %v\n\twant %v", r.name, got, r.want)
		}
	}
}

// TestUnmet: a demand above is met by the same demand in the leaf.
func TestUnmet(t *testing.T) {
	demanding := func(features ...byte) *x509.Certificate {
		var list []byte
		for _, f := range features {
			list = append(list, 2, 1, f)
		}
		return &x509.Certificate{Extensions: []pkix.Extension{{Id: oidFeatures, Value: wrapped(0x30, list)}}}
	}
	none := new(x509.Certificate)
	for _, r := range []struct {
		name  string
		chain []*x509.Certificate
		want  bool
	}{
		{"no demand", []*x509.Certificate{none, none}, false},
		{"met", []*x509.Certificate{demanding(5), demanding(5)}, false},
		{"met in another order", []*x509.Certificate{demanding(17, 5), demanding(5, 17)}, false},
		{"met in part", []*x509.Certificate{demanding(5), demanding(5, 17)}, true},
		{"not met", []*x509.Certificate{none, none, demanding(5)}, true},
		{"the leaf's own", []*x509.Certificate{demanding(5), none}, false},
	} {
		if got := unmet(r.chain); (got.Kind == MustStapleMissing && got.Case == CaseAbove) != r.want {
			t.Errorf("%s: got  %v\n\twant %v", r.name, got, r.want)
		}
	}
	broken := &x509.Certificate{Extensions: []pkix.Extension{{Id: oidFeatures, Value: []byte{0x30, 3, 2, 1, 5, 0}}}}
	if got := featuresOf(broken); got != nil {
		t.Errorf("got  %v\nwant nothing of what cannot be read", got)
	}
}

// TestNetscape: what cannot be read allows nothing.
func TestNetscape(t *testing.T) {
	for value, want := range map[string]bool{"\x03\x02\x06\x40": false, "\x03\x02\x07\x80": true, "\x05\x00": true, "\x03\x02\x06\x40\x00": true} {
		c := &x509.Certificate{Extensions: []pkix.Extension{{Id: oidNetscape, Value: []byte(value)}}}
		if got := netscapeForbids(c); got != want {
			t.Errorf("%x: got  %v\n\twant %v", value, got, want)
		}
	}
	if netscapeForbids(new(x509.Certificate)) {
		t.Error("got  a limit\nwant none without the extension")
	}
}

// TestBoundsHold has limits and subjects of different lengths.
func TestBoundsHold(t *testing.T) {
	subject := func(parts ...string) *x509.Certificate {
		var names pkix.RDNSequence
		for _, p := range parts {
			names = append(names, pkix.RelativeDistinguishedNameSET{{Type: asn1.ObjectIdentifier{2, 5, 4, 10}, Value: p}})
		}
		der, err := asn1.Marshal(names)
		if err != nil {
			t.Fatal(err)
		}
		return &x509.Certificate{RawSubject: der}
	}
	limit := func(lists ...*x509.Certificate) bounds {
		b := bounds{authority: new(x509.Certificate)}
		for _, c := range lists {
			b.permitted = append(b.permitted, relativeNames(c.RawSubject))
		}
		return b
	}
	for _, r := range []struct {
		name  string
		limit bounds
		leaf  *x509.Certificate
		want  bool
	}{
		{"no limit", limit(), subject("a"), true},
		{"the same", limit(subject("a")), subject("a"), true},
		{"longer than the limit", limit(subject("a")), subject("a", "b"), true},
		{"shorter than the limit", limit(subject("a", "b")), subject("a"), false},
		{"another", limit(subject("a")), subject("b", "a"), false},
		{"the second of two limits", limit(subject("b"), subject("a")), subject("a"), true},
		{"an empty subject", limit(subject("a")), subject(), true},
	} {
		if got := r.limit.hold(r.leaf); got != r.want {
			t.Errorf("%s: got  %v\n\twant %v", r.name, got, r.want)
		}
	}
}

func attribute(value string) []byte {
	return wrapped(0x30, []byte{6, 3, 0x55, 4, 10}, wrapped(0x0c, []byte(value)))
}

func TestKeyUsages(t *testing.T) {
	for u, want := range map[x509.KeyUsage]string{
		0:                              "nothing",
		x509.KeyUsageDigitalSignature:  "digitalSignature",
		x509.KeyUsageContentCommitment: "nonRepudiation",
		x509.KeyUsageKeyEncipherment:   "keyEncipherment",
		x509.KeyUsageDataEncipherment:  "dataEncipherment",
		x509.KeyUsageKeyAgreement:      "keyAgreement",
		x509.KeyUsageCertSign:          "keyCertSign",
		x509.KeyUsageEncipherOnly:      "encipherOnly",
		x509.KeyUsageCRLSign | x509.KeyUsageDecipherOnly: "cRLSign, decipherOnly",
	} {
		if got := keyUsages(u); got != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
	}
}

// TestNoUse: Apple demands an extended key usage since a day of issue.
func TestNoUse(t *testing.T) {
	for _, r := range []struct {
		name string
		leaf *x509.Certificate
		want int
	}{
		{"issued before", &x509.Certificate{NotBefore: useFrom.Add(-1)}, 0},
		{"issued then", &x509.Certificate{NotBefore: useFrom}, 1},
	} {
		x := &exam{state: new(State), leaf: r.leaf}
		if x.checkNoUse(); len(x.state.Causes) != r.want {
			t.Errorf("%s: got  %v\n\twant %d", r.name, x.state.Causes, r.want)
		}
	}
}

// TestBoundsHoldAddresses has limits on the mail addresses in a subject.
func TestBoundsHoldAddresses(t *testing.T) {
	leaf := &x509.Certificate{RawSubject: []byte{0x30, 0}, Subject: pkix.Name{Names: []pkix.AttributeTypeAndValue{
		{Type: oidEmail, Value: "a@example.org"}, {Type: asn1.ObjectIdentifier{2, 5, 4, 3}, Value: "b@example.net"},
	}}}
	for _, r := range []struct {
		name                string
		permitted, excluded []string
		want                bool
	}{
		{"no limit", nil, nil, true},
		{"permitted", []string{"example.net", "example.org"}, nil, true},
		{"not permitted", []string{"example.net"}, nil, false},
		{"excluded", nil, []string{"example.net", "example.org"}, false},
		{"not excluded", nil, []string{"example.net"}, true},
		{"permitted and excluded", []string{"example.org"}, []string{"example.org"}, false},
	} {
		b := bounds{authority: &x509.Certificate{PermittedEmailAddresses: r.permitted, ExcludedEmailAddresses: r.excluded}}
		if got := b.hold(leaf); got != r.want {
			t.Errorf("%s: got  %v\n\twant %v", r.name, got, r.want)
		}
	}
}
