package tlscheck

import (
	"bufio"
	"context"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"mailprobe/internal/tlscheck/rawhello"
)

// needOpenSSL skips where there is no openssl, unless the run demands all
// real servers.
func needOpenSSL(t *testing.T) string {
	t.Helper()
	path, err := exec.LookPath("openssl")
	if err == nil {
		return path
	}
	if os.Getenv("MAILPROBE_REQUIRE_SERVERS") == "1" {
		t.Fatal("openssl is not installed, and MAILPROBE_REQUIRE_SERVERS=1")
	}
	t.Skip("SKIPPED: openssl is not installed: nothing is held against a real server")
	return ""
}

// openssl runs `openssl s_server` with an RSA certificate for host.
func openssl(t *testing.T, args ...string) Dial {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	return opensslWith(t, mintKey(t, nil, key, host, server), args...)
}

func opensslWith(t *testing.T, m *minted, args ...string) Dial {
	t.Helper()
	file := filepath.Join(t.TempDir(), "server.pem")
	if err := os.WriteFile(file, pemOf(t, m), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), needOpenSSL(t), append([]string{"s_server", "-accept", "127.0.0.1:0", "-cert", file, "-key", file}, args...)...)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	var stderr strings.Builder
	cmd.Stderr = &stderr
	stdin, err := cmd.StdinPipe() // s_server ends with its input
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		stdin.Close()
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
	address := ""
	lines := bufio.NewScanner(out)
	for address == "" && lines.Scan() {
		address = strings.TrimPrefix(lines.Text(), "ACCEPT ")
		if address == lines.Text() {
			address = ""
		}
	}
	if address == "" {
		t.Fatalf("openssl s_server %q does not start: %s", args, stderr.String())
	}
	go func() {
		for lines.Scan() { // an unread pipe would stop it
		}
	}()
	return func(ctx context.Context) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, "tcp", address)
	}
}

func pemOf(t *testing.T, m *minted) []byte {
	t.Helper()
	der, err := x509.MarshalPKCS8PrivateKey(m.key.(crypto.PrivateKey))
	if err != nil {
		t.Fatal(err)
	}
	return append(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: m.cert.Raw}),
		pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})...)
}

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
		{"RSA key exchange only", []string{"-tls1_2", "-cipher", "AES128-SHA"}, Explanation{Reason: NoCommonCipher, Version: rawhello.TLS12, Suite: 0x002f}},
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

func TestScanOpenSSL(t *testing.T) {
	for _, r := range []struct {
		name     string
		args     []string
		versions []uint16
	}{
		{"1.2 and 1.3", nil, []uint16{rawhello.TLS13, rawhello.TLS12}},
		{"1.3 only", []string{"-tls1_3"}, []uint16{rawhello.TLS13}},
		{"1.2 only", []string{"-tls1_2"}, []uint16{rawhello.TLS12}},
		{"old", []string{"-cipher", "ALL:@SECLEVEL=0", "-no_tls1_3"}, []uint16{rawhello.TLS12, rawhello.TLS11, rawhello.TLS10}},
		{"1.0 only", []string{"-tls1", "-cipher", "DEFAULT:@SECLEVEL=0"}, []uint16{rawhello.TLS10}},
	} {
		t.Run(r.name, func(t *testing.T) {
			got := Scan(t.Context(), openssl(t, r.args...), host)
			var versions []uint16
			for _, v := range got.Versions {
				versions = append(versions, v.Version)
			}
			if !slices.Equal(versions, r.versions) || got.Err != nil {
				t.Errorf("got  %x, %v\nwant %x", versions, got.Err, r.versions)
			}
			if got.Hellos > maxScan {
				t.Errorf("got  %d hellos\nwant at most %d", got.Hellos, maxScan)
			}
			if len(got.Groups) == 0 || got.Compression || got.NoRenegotiation {
				t.Errorf("got  %+v", got)
			}
		})
	}
}

// TestScanSuitesOpenSSL holds the enumeration against the server's own list.
func TestScanSuitesOpenSSL(t *testing.T) {
	const list = "ECDHE-RSA-AES128-GCM-SHA256:DHE-RSA-AES256-SHA256:AES128-SHA:CAMELLIA256-SHA:ECDHE-RSA-CHACHA20-POLY1305:AES256-CCM8"
	want := opensslSuites(t, list)
	got := Scan(t.Context(), openssl(t, "-tls1_2", "-serverpref", "-cipher", list), host)
	if len(got.Versions) != 1 || !got.Complete || !got.Versions[0].ServerOrder {
		t.Fatalf("got  %+v\nwant TLS 1.2 alone, complete, in the server's order", got)
	}
	if !slices.Equal(got.Versions[0].Suites, want) {
		t.Errorf("got  %x\nwant %x", got.Versions[0].Suites, want)
	}
	if got.DHBits < 2048 {
		t.Errorf("got  %d bits\nwant the size of the group", got.DHBits)
	}
}

// TestSuiteNamesOpenSSL holds the table against that of OpenSSL.
func TestSuiteNamesOpenSSL(t *testing.T) {
	for _, m := range opensslTable(t, "ALL:COMPLEMENTOFALL:@SECLEVEL=0") {
		if strings.Contains(m.name, "PSK") || strings.Contains(m.name, "SRP") {
			continue
		}
		if got, want := rawhello.SuiteName(m.id), m.name; got != want {
			t.Errorf("%04x: got  %s\n\twant %s", m.id, got, want)
		}
	}
}

type opensslSuite struct {
	id   uint16
	name string
}

var suiteLine = regexp.MustCompile(`0x(..),0x(..) - (\S+)`)

func opensslTable(t *testing.T, list string) []opensslSuite {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), needOpenSSL(t), "ciphers", "-V", "-stdname", list).Output()
	if err != nil {
		t.Fatal(err)
	}
	var table []opensslSuite
	for _, m := range suiteLine.FindAllStringSubmatch(string(out), -1) {
		id, err := strconv.ParseUint(m[1]+m[2], 16, 16)
		if err != nil {
			t.Fatal(err)
		}
		table = append(table, opensslSuite{uint16(id), m[3]})
	}
	return table
}

func opensslSuites(t *testing.T, list string) []uint16 {
	t.Helper()
	var ids []uint16
	for _, s := range opensslTable(t, list) {
		if s.id>>8 != tls.TLS_AES_128_GCM_SHA256>>8 {
			ids = append(ids, s.id)
		}
	}
	return ids
}
