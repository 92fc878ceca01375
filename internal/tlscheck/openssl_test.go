package tlscheck

import (
	"bufio"
	"context"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

func needOpenSSL(t *testing.T) string {
	t.Helper()
	return needProgram(t, "openssl")
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
	return opensslFile(t, file, args...)
}

// opensslFile runs `openssl s_server` with the key and the certificate of a
// file.
func opensslFile(t *testing.T, file string, args ...string) Dial {
	t.Helper()
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
