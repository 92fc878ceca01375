package main

import (
	"crypto/x509"
	"encoding/pem"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"mailprobe/internal/lab/realserver"
	"mailprobe/internal/oauth/idptest"
	"mailprobe/internal/settings"
)

// write puts text into a file of a new folder.
func write(t *testing.T, name string, text []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, text, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// pair writes a client certificate for user and its key.
func pair(t *testing.T, s *realserver.Server, user string) (certificate, key string) {
	t.Helper()
	c, err := s.ClientCertificate(user)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.MarshalPKCS8PrivateKey(c.PrivateKey)
	if err != nil {
		t.Fatal(err)
	}
	return write(t, "cert.pem", pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: c.Certificate[0]})),
		write(t, "key.pem", pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}))
}

func TestExternal(t *testing.T) {
	s := realserver.Dovecot(t, realserver.DovecotOptions{Mechanisms: []string{"PLAIN", "EXTERNAL"}})
	ca := write(t, "ca.pem", s.CAPEM())
	const alice = "alice@example.org"
	aliceCert, aliceKey := pair(t, s, alice)
	daveCert, daveKey := pair(t, s, "dave@example.org")
	for _, row := range []struct {
		name      string
		cert, key string
		args      []string
		want      string
	}{
		{"own certificate", aliceCert, aliceKey, nil, "accepted EXTERNAL"},
		{"another's certificate", daveCert, daveKey, nil, "rejected EXTERNAL"},
		{"a password is the secret", aliceCert, aliceKey, []string{"--password-file", write(t, "password", []byte(s.Accounts()[0].Password))}, "accepted PLAIN"},
	} {
		for _, p := range settings.Protocols() {
			t.Run(row.name+", "+string(p), func(t *testing.T) {
				e := s.Endpoint(p, settings.TLS)
				scheme := map[settings.Protocol]string{settings.IMAP: "imaps", settings.POP3: "pop3s", settings.SMTP: "submissions"}[p]
				args := append([]string{scheme + "://" + e.Address(), "--user", alice, "--cert", row.cert, "--key", row.key, "--cacert", ca, "--json", "--no-prompt"}, row.args...)
				_, stdout, stderr := newCommand(t, idptest.Options{}).run(args...)
				if got := statuses(t, stdout); got != row.want {
					t.Errorf("got  %q %s\nwant %q", got, stderr, row.want)
				}
			})
		}
	}
}

func TestCertificateFiles(t *testing.T) {
	s := realserver.Dovecot(t, realserver.DovecotOptions{})
	one, oneKey := pair(t, s, "one")
	_, otherKey := pair(t, s, "other")
	for _, row := range []struct {
		name string
		args []string
		want string
	}{
		{"no such file", []string{"--cert", "/nowhere/cert.pem", "--key", oneKey}, "--cert: cannot read /nowhere/cert.pem: no such file"},
		{"no such key", []string{"--cert", one, "--key", "/nowhere/key.pem"}, "--key: cannot read /nowhere/key.pem: no such file"},
		{"no key", []string{"--cert", one}, "--cert needs its private key; add --key FILE"},
		{"no certificate", []string{"--key", oneKey}, "add --cert FILE"},
		{"another's key", []string{"--cert", one, "--key", otherKey}, "do not go together"},
		{"mixed up", []string{"--cert", oneKey, "--key", one}, "do not go together"},
		{"a folder", []string{"--cert", "/", "--key", oneKey}, "--cert: / is not a PEM file"},
	} {
		t.Run(row.name, func(t *testing.T) {
			status, _, stderr := newCommand(t, idptest.Options{}).run(append(row.args, "imaps://localhost:1", "--user", "me@example.com")...)
			if status != exitUsage || !strings.Contains(stderr, row.want) || strings.Count(stderr, "\nmailprobe: ") > 1 {
				t.Errorf("got  %d %q\nwant %d %q", status, stderr, exitUsage, row.want)
			}
		})
	}
}
