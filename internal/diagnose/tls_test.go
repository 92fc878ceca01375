package diagnose

import (
	"crypto/rsa"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"math/big"
	"slices"
	"strings"
	"testing"
	"time"

	"mailprobe/internal/finding"
	"mailprobe/internal/probe"
	"mailprobe/internal/tlscheck"
)

func failedTLS(err error) *probe.Result {
	r := imaps(nil)
	r.Steps = []probe.Step{{Phase: probe.Connect, Status: probe.OK}, {Phase: probe.TLS, Limit: 45 * time.Second, Status: probe.Failed, Err: err}}
	return r
}

func TestHandshakeFindings(t *testing.T) {
	weak := []*x509.Certificate{{PublicKey: &rsa.PublicKey{N: new(big.Int).Lsh(big.NewInt(1), 511), E: 3}}}
	because := func(x tlscheck.Explanation) *tlscheck.HandshakeError {
		return &tlscheck.HandshakeError{Failure: tlscheck.Alert, Alert: 40, ServerName: "imap.example.net", Explained: &x}
	}
	alerted := func(code uint8) *tlscheck.HandshakeError {
		return &tlscheck.HandshakeError{Failure: tlscheck.Alert, Alert: code, ServerName: "imap.example.net"}
	}
	for _, r := range []struct {
		name  string
		err   *tlscheck.HandshakeError
		code  string
		blame finding.Blame
		part  string // of the message
	}{
		{"old version", because(tlscheck.Explanation{Reason: tlscheck.LegacyVersion, Version: 0x0301}), "tls.version_legacy_only", finding.Provider, "nothing newer than TLS 1.0"},
		{"SSL", because(tlscheck.Explanation{Reason: tlscheck.LegacyVersion, Version: 0x0300}), "tls.version_legacy_only", finding.Provider, "SSL 3.0"},
		{"cipher", because(tlscheck.Explanation{Reason: tlscheck.NoCommonCipher, Suite: 0x0005}), "tls.no_common_cipher", finding.Provider, "TLS_RSA_WITH_RC4_128_SHA"},
		{"short DHE", because(tlscheck.Explanation{Reason: tlscheck.NoCommonCipher, Suite: 0x009e, DHBits: 1024}), "tls.no_common_cipher", finding.Provider, "TLS_DHE_RSA_WITH_AES_128_GCM_SHA256 with a Diffie-Hellman group of 1024 bits"},
		{"DHE", because(tlscheck.Explanation{Reason: tlscheck.NoCommonCipher, Suite: 0x009f, DHBits: 2048}), "tls.method_uncommon", finding.Provider, "(TLS_DHE_RSA_WITH_AES_256_GCM_SHA384) that not every mail program has. Programs with OpenSSL and GnuTLS connect, those with Thunderbird, Windows, Apple and Go do not."},
		{"group", because(tlscheck.Explanation{Reason: tlscheck.NoCommonGroup, Group: 31}), "tls.no_common_group", finding.Provider, "brainpoolP256r1tls13"},
		{"group of some", because(tlscheck.Explanation{Reason: tlscheck.NoCommonGroup, Suite: 0x1301, Group: 256}), "tls.method_uncommon", finding.Provider, "(ffdhe2048) that not every mail program has. Programs with OpenSSL and GnuTLS connect, those with Go do not."},
		{"signature", because(tlscheck.Explanation{Reason: tlscheck.SHA1Signatures}), "tls.sigalg_sha1", finding.Provider, "SHA-1"},
		{"name", because(tlscheck.Explanation{Reason: tlscheck.NameRefused}), "tls.sni_rejected", finding.Catalogue, `"imap.example.net"`},
		{"large hello", because(tlscheck.Explanation{Reason: tlscheck.LargeHello}), "tls.large_hello_intolerant", finding.Provider, "short one"},
		{"not explained", because(tlscheck.Explanation{}), "tls.alert_handshake_failure", finding.Provider, "alert 40"},
		{"client certificate, TLS 1.3", &tlscheck.HandshakeError{Failure: tlscheck.Alert, Alert: 116, FirstUse: true, CertAsked: true}, "tls.client_cert_required", finding.Account, "demands a client certificate"},
		{"client certificate, TLS 1.2", &tlscheck.HandshakeError{Failure: tlscheck.Alert, Alert: 40, CertAsked: true}, "tls.client_cert_required", finding.Account, "demands a client certificate"},
		{"alert 40", alerted(40), "tls.alert_handshake_failure", finding.Provider, "no method of encryption in common"},
		{"alert 70", alerted(70), "tls.alert_protocol_version", finding.Provider, "no version"},
		{"alert 112", alerted(112), "tls.sni_rejected", finding.Catalogue, "refuses the name"},
		{"alert 120", alerted(120), "tls.alpn_required", finding.Provider, "ALPN"},
		{"alert 200", alerted(200), "tls.alert_200", finding.Provider, "alert 200"},
		{"alert 20", alerted(20), "tls.corrupted", finding.LocalNetwork, "damaged"},
		{"alert 86", alerted(86), "tls.downgrade_detected", finding.LocalNetwork, "older version"},
		{"local 70", &tlscheck.HandshakeError{Failure: tlscheck.Alert, Alert: 70, Local: true}, "tls.version_legacy_only", finding.Provider, "before 1.2"},
		{"local 20", &tlscheck.HandshakeError{Failure: tlscheck.Alert, Alert: 20, Local: true}, "tls.corrupted", finding.LocalNetwork, "damaged"},
		{"local 47", &tlscheck.HandshakeError{Failure: tlscheck.Alert, Alert: 47, Local: true}, "tls.failed", finding.Provider, "not acceptable"},
		{"tiny key", &tlscheck.HandshakeError{Failure: tlscheck.Other, Chain: weak}, "cert.key_weak", finding.Provider, "512 bits"},
		{"closed", &tlscheck.HandshakeError{Failure: tlscheck.Closed}, "tls.handshake_closed", finding.Provider, "hangs up"},
		{"reset", &tlscheck.HandshakeError{Failure: tlscheck.Reset}, "tls.handshake_reset", finding.LocalNetwork, "is cut"},
		{"other", &tlscheck.HandshakeError{Failure: tlscheck.Other}, "tls.failed", finding.Tool, "cannot complete the handshake"},
		{"a rare key", because(tlscheck.Explanation{Reason: tlscheck.RareKey, Signature: 0x0808}), "tls.method_uncommon", finding.Provider, "(ed448) that not every mail program takes. Programs with OpenSSL and GnuTLS connect, those with Thunderbird and Go"},
		{"RSA-PSS", because(tlscheck.Explanation{Reason: tlscheck.RareKey, Signature: 0x0809}), "tls.method_uncommon", finding.Provider, "(rsa_pss_pss_sha256)"},
		{"unreadable", &tlscheck.HandshakeError{Failure: tlscheck.Other, Explained: &tlscheck.Explanation{Reason: tlscheck.Unreadable, Case: tlscheck.CaseNegative, Detail: "x509: negative serial number"}}, "cert.unreadable", finding.Provider, "negative serial number\". So what is behind it was not judged. Programs with OpenSSL, GnuTLS and Thunderbird take it, those with Go do not"},
		{"unreadable, of a kind that has no row", &tlscheck.HandshakeError{Failure: tlscheck.Other, Explained: &tlscheck.Explanation{Reason: tlscheck.Unreadable, Detail: "x509: odd"}}, "cert.unreadable", finding.Provider, "odd\". So what is behind it was not judged."},
	} {
		r.err.Err = errors.New("what Go says")
		got := tlsFindings(failedTLS(r.err), Context{})
		sound(t, got)
		if len(got) != 1 {
			t.Fatalf("%s: got  %v\n\twant one finding", r.name, got)
		}
		f := got[0]
		weight := finding.Error
		if r.code == "tls.method_uncommon" || r.code == "cert.unreadable" || r.name == "other" {
			weight = finding.Warning
		}
		if f.Code != r.code || f.Blame != r.blame || f.Severity != weight || f.Phase != probe.TLS {
			t.Errorf("%s: got  %s %s %s %s\n\twant %s %s", r.name, f.Code, f.Blame, f.Severity, f.Phase, r.code, r.blame)
		}
		if !strings.Contains(f.Says(), r.part) || !strings.Contains(f.Says(), "imap.example.net:993") || f.Advises() == "" {
			t.Errorf("%s: got  %q, %q\n\twant %q", r.name, f.Says(), f.Advises(), r.part)
		}
	}
}

// A handshake that this program did not wait for any longer proves nothing.
func TestHandshakeTimeout(t *testing.T) {
	got := tlsFindings(failedTLS(&tlscheck.HandshakeError{Failure: tlscheck.Timeout, Got: 7, Err: errors.New("what Go says")}), Context{})
	if want := "tls.handshake_timeout warning tool"; codesOf(t, got) != want || !strings.Contains(got[0].Says(), "within 45 s (TLS handshake, 7 bytes came)") {
		t.Errorf("got  %v\nwant %s", got, want)
	}
}

// TestNotTLS: what other rules explain is left to them.
func TestNotTLS(t *testing.T) {
	alert := &tlscheck.HandshakeError{Failure: tlscheck.Alert, Alert: 40, Err: errors.New("x")}
	for _, err := range []error{
		&tlscheck.HandshakeError{Failure: tlscheck.Plaintext, Err: errors.New("x")},
		&tlscheck.HandshakeError{Failure: tlscheck.Canceled, Err: errors.New("x")},
		&probe.ProtocolError{Fault: probe.SpeaksTLS, Err: alert},
		errors.New("something else"),
	} {
		if got := tlsFindings(failedTLS(err), Context{}); got != nil {
			t.Errorf("%v: got  %v\n\twant none", err, got)
		}
	}
}

func codes(findings []finding.Finding) []string {
	var list []string
	for _, f := range findings {
		list = append(list, f.Code)
	}
	return list
}

func TestSessionFindings(t *testing.T) {
	static := "tls.cipher_no_fs"
	for _, r := range []struct {
		name  string
		state tlscheck.State
		want  []string
	}{
		{"RSA key exchange", tlscheck.State{Version: tls.VersionTLS12, CipherSuite: tls.TLS_RSA_WITH_AES_128_GCM_SHA256}, []string{"tls.no_tls13", static}},
		{"RSA key exchange and CBC", tlscheck.State{Version: tls.VersionTLS12, CipherSuite: tls.TLS_RSA_WITH_AES_256_CBC_SHA}, []string{"tls.no_tls13", "tls.cipher_cbc", static}},
		{"modern", tlscheck.State{Version: tls.VersionTLS13, CipherSuite: tls.TLS_AES_128_GCM_SHA256}, nil},
		{"TLS 1.2", tlscheck.State{Version: tls.VersionTLS12, CipherSuite: tls.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256}, []string{"tls.no_tls13"}},
		{"CBC", tlscheck.State{Version: tls.VersionTLS12, CipherSuite: tls.TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA}, []string{"tls.no_tls13", "tls.cipher_cbc"}},
		{"asks", tlscheck.State{Version: tls.VersionTLS13, CertAsked: true}, []string{"tls.client_cert_requested"}},
	} {
		got := tlsFindings(imaps(&r.state), Context{})
		sound(t, got)
		if !slices.Equal(codes(got), r.want) {
			t.Errorf("%s: got  %v\n\twant %v", r.name, codes(got), r.want)
		}
		if slices.ContainsFunc(got, func(f finding.Finding) bool { return (f.Severity != finding.Info) != (f.Code == static) }) {
			t.Errorf("%s: got  %v\n\twant facts, and a warning of %s", r.name, got, static)
		}
	}
}

func TestScan(t *testing.T) {
	modern := tlscheck.VersionScan{Version: 0x0304, Suites: []uint16{0x1301}}
	for _, r := range []struct {
		name string
		scan tlscheck.Scanned
		want []string
	}{
		{"modern", tlscheck.Scanned{Versions: []tlscheck.VersionScan{modern}}, nil},
		{"old versions", tlscheck.Scanned{Versions: []tlscheck.VersionScan{modern, {Version: 0x0301, Suites: []uint16{0xc013}}}}, []string{"tls.version_legacy_enabled"}},
		{"weak suites", tlscheck.Scanned{Versions: []tlscheck.VersionScan{{Version: 0x0303, Suites: []uint16{0xc012}}}}, []string{"tls.cipher_weak"}},
		{"fixed keys", tlscheck.Scanned{Versions: []tlscheck.VersionScan{{Version: 0x0303, Suites: []uint16{0x2f}}}}, []string{"tls.cipher_no_fs"}},
		{"small group", tlscheck.Scanned{DHBits: 1024}, []string{"tls.dh_weak"}},
		{"the rest", tlscheck.Scanned{NoExtendedMaster: true, NoRenegotiation: true, Compression: true}, []string{"tls.no_ems", "tls.no_secure_renegotiation", "tls.compression"}},
	} {
		got := Scan(imaps(nil).Endpoint, &r.scan)
		sound(t, got)
		if !slices.Equal(codes(got), r.want) {
			t.Errorf("%s: got  %v\n\twant %v", r.name, codes(got), r.want)
		}
		for _, f := range got {
			if f.Severity != finding.Warning || !strings.Contains(f.Says(), "imap.example.net:993") {
				t.Errorf("%s: got  %+v", r.name, f)
			}
		}
	}
}
