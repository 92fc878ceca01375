package tlscheck

import (
	"crypto/rand"
	"crypto/rsa"
	"errors"
	"testing"

	"mailprobe/internal/tlscheck/rawhello"
)

// handshakeError makes the main handshake and returns why it failed.
func handshakeError(t *testing.T, dial Dial, name string) *HandshakeError {
	t.Helper()
	conn, err := dial(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	c, s, err := Client(t.Context(), conn, name, Config{})
	var e *HandshakeError
	if errors.As(err, &e) {
		return e
	}
	if err != nil {
		t.Fatal(err)
	}
	_, err = c.Read(make([]byte, 1))
	return ReadFailure(s, err)
}

func TestExplainOpenSSL(t *testing.T) {
	for _, r := range []struct {
		name string
		args []string
		want Explanation
	}{
		{"TLS 1.0 only", []string{"-tls1", "-cipher", "ALL:@SECLEVEL=0"}, Explanation{Reason: LegacyVersion, Version: rawhello.TLS10}},
		{"TLS 1.1 only", []string{"-tls1_1", "-cipher", "ALL:@SECLEVEL=0"}, Explanation{Reason: LegacyVersion, Version: rawhello.TLS11}},
		{"DHE only", []string{"-tls1_2", "-cipher", "DHE-RSA-AES128-GCM-SHA256"}, Explanation{Reason: NoCommonCipher, Version: rawhello.TLS12, Suite: 0x009e}},
		{"CAMELLIA only", []string{"-tls1_2", "-cipher", "CAMELLIA128-SHA"}, Explanation{Reason: NoCommonCipher, Version: rawhello.TLS12, Suite: 0x0041}},
		{"CCM only", []string{"-tls1_2", "-cipher", "ECDHE-ECDSA-AES128-CCM:AES128-CCM8"}, Explanation{Reason: NoCommonCipher, Version: rawhello.TLS12, Suite: 0xc0a0}},
		{"finite-field group only", []string{"-tls1_3", "-groups", "ffdhe2048"}, Explanation{Reason: NoCommonGroup, Version: rawhello.TLS13, Suite: 0x1301, Group: 256}},
		{"SHA-1 signatures only", []string{"-tls1_2", "-cipher", "ECDHE-RSA-AES128-GCM-SHA256:@SECLEVEL=0", "-sigalgs", "RSA+SHA1"}, Explanation{Reason: SHA1Signatures, Version: rawhello.TLS12, Suite: 0xc02f}},
		{"client certificate, TLS 1.2", []string{"-tls1_2", "-Verify", "1"}, Explanation{Reason: CertWanted}},
		{"client certificate, TLS 1.3", []string{"-tls1_3", "-Verify", "1"}, Explanation{Reason: CertWanted}},
	} {
		t.Run(r.name, func(t *testing.T) {
			dial := openssl(t, r.args...)
			e := handshakeError(t, dial, host)
			if e == nil {
				t.Fatal("the handshake succeeded")
			}
			got := Explain(t.Context(), dial, host, e)
			if got.Hellos > maxExplain {
				t.Errorf("got  %d hellos\nwant at most %d", got.Hellos, maxExplain)
			}
			got.Hellos = 0
			if got.Suite == 0x009e && got.DHBits < leastDH {
				t.Errorf("got  %d bits\nwant the size of the group", got.DHBits)
			}
			got.DHBits = 0
			if r.want.Suite == 0 {
				got.Suite, got.Group = 0, 0
			}
			if r.want.Reason != NoCommonGroup {
				got.Group = 0
			}
			if r.want.Reason == NoCommonGroup {
				got.Suite = r.want.Suite
			}
			if got != r.want {
				t.Errorf("got  %+v (%v)\nwant %+v", got, e, r.want)
			}
		})
	}
}

// TestWeakKeyOpenSSL: crypto/tls refuses such a key without a type; the
// chain is kept to say why.
func TestWeakKeyOpenSSL(t *testing.T) {
	t.Setenv("GODEBUG", "rsa1024min=0")
	key, err := rsa.GenerateKey(rand.Reader, 768)
	if err != nil {
		t.Fatal(err)
	}
	dial := opensslWith(t, mintKey(t, nil, key, host, server), "-tls1_2", "-cipher", "ALL:@SECLEVEL=0")
	t.Setenv("GODEBUG", "")
	e := handshakeError(t, dial, host)
	if e == nil || len(e.Chain) != 1 || keyBits(e.Chain[0]) != 768 {
		t.Errorf("got  %+v\nwant the chain", e)
	}
}
