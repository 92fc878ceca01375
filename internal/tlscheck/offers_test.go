package tlscheck

import (
	"crypto/tls"
	"crypto/x509"
	"os/exec"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"mailprobe/internal/tlscheck/rawhello"
)

// offeredBy returns the suites before TLS 1.3 that a family offers, as its
// own program lists them.
func offeredBy(t *testing.T, f Family) []uint16 {
	t.Helper()
	var list []uint16
	switch f {
	case OpenSSL:
		for _, s := range opensslTable(t, "-s", "-tls1_2", "DEFAULT@SECLEVEL=2") {
			list = append(list, s.id)
		}
	case GnuTLS:
		out, err := exec.CommandContext(t.Context(), needProgram(t, "gnutls-cli"), "--list", "--priority", "NORMAL").Output()
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range regexp.MustCompile(`0x(..), 0x(..)\s+TLS`).FindAllStringSubmatch(string(out), -1) {
			id, err := strconv.ParseUint(m[1]+m[2], 16, 16)
			if err != nil {
				t.Fatal(err)
			}
			list = append(list, uint16(id))
		}
	case Go:
		for _, s := range tls.CipherSuites() {
			list = append(list, s.ID)
		}
	}
	return slices.DeleteFunc(list, func(id uint16) bool { return id>>8 == 0x13 })
}

// TestOffers holds the table against the lists of those that are run: what a
// family offers stands in its rows, or is offered by all three.
func TestOffers(t *testing.T) {
	ran := []Family{OpenSSL, GnuTLS, Go}
	lists := map[Family][]uint16{}
	for _, f := range ran {
		if lists[f] = offeredBy(t, f); len(lists[f]) < 10 {
			t.Fatalf("%s: got  %x", f, lists[f])
		}
	}
	for _, f := range ran {
		for _, id := range rawhello.Suites12() {
			o, listed := OfferOf(id)
			offers := slices.Contains(lists[f], id)
			switch {
			case listed && o.Cells[slices.Index(Families, f)].Source != Run:
				t.Errorf("%s: %q is not run", f, o.About)
			case listed && slices.Contains(o.Those(Takes), f) != offers:
				t.Errorf("%s, %s: offered %v\nwant %v, says the table", f, rawhello.SuiteName(id), offers, !offers)
			case !listed && offers && !(slices.Contains(lists[OpenSSL], id) && slices.Contains(lists[GnuTLS], id) && slices.Contains(lists[Go], id)):
				t.Errorf("%s offers %s, not all do, and no row says so", f, rawhello.SuiteName(id))
			}
		}
	}
}

// TestOffersRun connects OpenSSL and GnuTLS with servers that have one method
// alone, and holds what Explain finds of them against the table.
func TestOffersRun(t *testing.T) {
	for _, r := range []struct {
		name string
		args []string
		any  bool // somebody connects
	}{
		{"DHE, GCM", []string{"-tls1_2", "-cipher", "DHE-RSA-AES256-GCM-SHA384"}, true},
		{"DHE, CBC and SHA-1", []string{"-tls1_2", "-cipher", "DHE-RSA-AES128-SHA"}, true},
		{"DHE, CBC and SHA-256", []string{"-tls1_2", "-cipher", "DHE-RSA-AES128-SHA256"}, true},
		{"DHE, CCM", []string{"-tls1_2", "-cipher", "DHE-RSA-AES256-CCM"}, true},
		{"RSA, CBC and SHA-256", []string{"-tls1_2", "-cipher", "AES128-SHA256"}, true},
		{"RSA, CCM", []string{"-tls1_2", "-cipher", "AES128-CCM"}, true},
		{"ECDHE, CBC and SHA-384", []string{"-tls1_2", "-cipher", "ECDHE-RSA-AES256-SHA384"}, true},
		{"ffdhe2048", []string{"-tls1_3", "-groups", "ffdhe2048"}, true},
		{"ffdhe3072", []string{"-tls1_3", "-groups", "ffdhe3072"}, true},
		{"X448", []string{"-tls1_3", "-groups", "X448"}, true},
		{"CAMELLIA", []string{"-tls1_2", "-cipher", "CAMELLIA128-SHA"}, false},
		{"ARIA", []string{"-tls1_2", "-cipher", "ECDHE-ARIA128-GCM-SHA256"}, false},
		{"CCM of 8 octets", []string{"-tls1_2", "-cipher", "AES128-CCM8:@SECLEVEL=0"}, false},
	} {
		t.Run(r.name, func(t *testing.T) {
			t.Parallel()
			s := soleMethod(t, r.args...)
			e := handshakeError(t, s.dial, host)
			if e == nil {
				t.Fatal("the handshake succeeded")
			}
			o, any := OfferFor(Explain(t.Context(), s.dial, host, e))
			if any != r.any {
				t.Fatalf("got  %v, %q\nwant %v", any, o.About, r.any)
			}
			for _, f := range []Family{OpenSSL, GnuTLS} {
				want := Refuses
				if any && slices.Contains(o.Those(Takes), f) {
					want = Takes
				}
				if got, text := s.ask(t, f); got != want {
					t.Errorf("%s: got  %s\nwant %s, says the table\n%s", f, got, want, text)
				}
			}
		})
	}
}

// TestRareKeys connects them with servers that have a key of a rare kind alone.
func TestRareKeys(t *testing.T) {
	for _, name := range []string{"ed448", "rsa-pss"} {
		for _, version := range []string{"-tls1_2", "-tls1_3"} {
			t.Run(name+" "+version, func(t *testing.T) {
				t.Parallel()
				s := standOfKept(t, name, version)
				e := handshakeError(t, s.dial, host)
				if e == nil {
					t.Fatal("the handshake succeeded")
				}
				x := Explain(t.Context(), s.dial, host, e)
				o, ok := OfferFor(x)
				if x.Reason != RareKey || !ok || !strings.Contains(strings.ToLower(o.About), name) {
					t.Fatalf("got  %+v, %q (%v)\nwant a key of the kind %s", x, o.About, e, name)
				}
				s.holds(t, o.Cells)
			})
		}
	}
	// A server that has a usual key as well is none of these.
	s := soleMethod(t)
	if x := Explain(t.Context(), s.dial, host, &HandshakeError{Failure: Alert, Alert: 40}); x.Reason == RareKey {
		t.Errorf("got  %+v\nwant no rare key", x)
	}
}

// TestUnread shows the certificates that cannot be read here to those that are
// run, and holds what Explain says of them against the table.
func TestUnread(t *testing.T) {
	for name, row := range map[string]string{"negative-serial": CaseNegative, "raw-name": CaseRawName} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := standOfKept(t, name)
			e := handshakeError(t, s.dial, host)
			if e == nil {
				t.Fatal("the handshake succeeded")
			}
			x := Explain(t.Context(), s.dial, host, e)
			p, ok := UnreadBy(x)
			if !ok || x.Case != row || x.Detail == "" {
				t.Fatalf("got  %+v (%v)\nwant %s", x, e, row)
			}
			s.holds(t, p.Cells)
		})
	}
	// Before TLS 1.3 the certificate is seen in clear; behind it nothing is said.
	s := standOfKept(t, "raw-name", "-tls1_3")
	if x := Explain(t.Context(), s.dial, host, handshakeError(t, s.dial, host)); x.Reason != "" {
		t.Errorf("got  %+v\nwant no reason", x)
	}
}

// standOfKept runs `openssl s_server` with a file of testdata/certificates.
func standOfKept(t *testing.T, name string, args ...string) stand {
	t.Helper()
	file := "../../testdata/certificates/" + name + ".pem"
	root, err := x509.ParseCertificate(kept(t, "root").Certificate[0])
	if err != nil {
		t.Fatal(err)
	}
	return standOf(t, opensslFile(t, file, args...), host, root)
}

// holds asks those that are run, and compares.
func (s stand) holds(t *testing.T, cells [6]Cell) {
	t.Helper()
	for _, f := range []Family{OpenSSL, GnuTLS} {
		if got, text := s.ask(t, f); cells[slices.Index(Families, f)] != (Cell{got, Run}) {
			t.Errorf("%s: got  %s\nwant %v\n%s", f, got, cells[slices.Index(Families, f)], text)
		}
	}
	if own := cells[slices.Index(Families, Go)]; own != ranRefuses {
		t.Errorf("Go: got  %v\nwant what was seen", own)
	}
}

// soleMethod runs `openssl s_server` with a certificate that is valid today.
func soleMethod(t *testing.T, args ...string) stand {
	t.Helper()
	w := newWorkshop(t)
	m := mintKey(t, w.root, w.rsa, host, server, today)
	s := standOf(t, opensslWith(t, m, args...), host, w.root.cert)
	return s
}

// TestShortGroup: a group of 1024 bits is none that a program should take,
// whoever still does.
func TestShortGroup(t *testing.T) {
	dhe := Explanation{Reason: NoCommonCipher, Suite: 0x009e}
	for bits, want := range map[int]bool{1024: false, 2047: false, 2048: true, 4096: true} {
		dhe.DHBits = bits
		if _, got := OfferFor(dhe); got != want {
			t.Errorf("%d bits: got  %v\nwant %v", bits, got, want)
		}
	}
	for _, x := range []Explanation{
		{Reason: LegacyVersion, Suite: 0x009e},
		{Reason: NoCommonCipher, Suite: 0x0005, Group: 256},
		{Reason: NoCommonGroup, Suite: 0x009e, Group: 31},
		{},
	} {
		if o, ok := OfferFor(x); ok {
			t.Errorf("%+v: got  %q\nwant no row", x, o.About)
		}
	}
}

// TestStaticRSA: a server without forward secrecy is talked to, and its
// certificate looked at.
func TestStaticRSA(t *testing.T) {
	for _, cipher := range []string{"AES128-GCM-SHA256", "AES256-GCM-SHA384", "AES128-SHA", "AES256-SHA"} {
		t.Run(cipher, func(t *testing.T) {
			t.Parallel()
			w := newWorkshop(t)
			m := mintKey(t, w.root, w.rsa, host, server, today)
			s := standOf(t, opensslWith(t, m, "-tls1_2", "-cipher", cipher), host, w.root.cert)
			state := s.examined(t, Config{System: w.pool()})
			if _, ok := state.Permit(); !ok || !StaticRSA(state.CipherSuite) || state.Group != 0 {
				t.Errorf("got  %+v, permit %v\nwant a permit over RSA key exchange", state, ok)
			}
			if state := s.examined(t, Config{System: newPKI(t).roots()}); state.Trusted() {
				t.Error("a stranger is trusted")
			}
		})
	}
	for suite, want := range map[uint16]bool{tls.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256: false, tls.TLS_AES_128_GCM_SHA256: false, 0x009e: false, 0x003c: true} {
		if got := StaticRSA(suite); got != want {
			t.Errorf("%04x: got  %v\nwant %v", suite, got, want)
		}
	}
}
