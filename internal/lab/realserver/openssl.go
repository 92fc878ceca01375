package realserver

import (
	"context"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"slices"
	"testing"

	"mailprobe/internal/settings"
)

// OpenSSLOptions says what `openssl s_server` does.
type OpenSSLOptions struct {
	HostNames []string // in the certificate, beside the address; nil: mail.test and localhost
	RSA       bool     // the key is an RSA key; false: ECDSA P-256
	Greeting  string   // sent to the first client, such as "* OK ready\r\n"; empty: nothing
	Args      []string // such as -tls1 -cipher DEFAULT@SECLEVEL=0
}

// OpenSSL starts `openssl s_server`, for TLS versions and ciphers that no
// other server here speaks. It ends with the test. It speaks no protocol
// beyond its greeting, and has one endpoint: IMAP with implicit TLS.
func OpenSSL(t testing.TB, o OpenSSLOptions) *Server {
	t.Helper()
	path, err := program("openssl")
	require(t, err)
	s := &Server{}
	if err := s.startOpenSSL(t.Context(), path, o); err != nil {
		t.Fatal(errors.Join(err, s.Close()))
	}
	return owned(t, s, nil)
}

func (s *Server) startOpenSSL(ctx context.Context, path string, o OpenSSLOptions) (err error) {
	if s.dir, err = makeDir(); err != nil {
		return err
	}
	if s.authority, err = newAuthority(); err != nil {
		return err
	}
	address := newAddress()
	names := DovecotOptions{HostNames: o.HostNames}.filled().HostNames
	var key crypto.Signer
	if o.RSA {
		if key, err = rsa.GenerateKey(rand.Reader, 2048); err != nil {
			return err
		}
	}
	if err := s.authority.write(s.dir, append(slices.Clone(names), address.String()), key); err != nil {
		return err
	}
	ports, err := freePorts(address, 1)
	if err != nil {
		return err
	}
	e := settings.Endpoint{Protocol: settings.IMAP, Host: address.String(), Port: ports[0], Security: settings.TLS}
	s.endpoints = []settings.Endpoint{e}
	args := []string{"s_server", "-accept", e.Address(), "-cert", "server.pem", "-key", "server.key"}
	return s.converse(ctx, exec.Command(path, append(args, o.Args...)...), o.Greeting)
}

// converse starts the command and writes greeting to it; it reaches the first
// client. The command must not see the end of its input: it would end then.
func (s *Server) converse(ctx context.Context, cmd *exec.Cmd, greeting string) error {
	input, err := cmd.StdinPipe()
	if err != nil {
		return err
	}
	if s.process, err = startProcess(cmd, s.dir); err != nil {
		return err
	}
	s.logFile = s.process.out
	if _, err := io.WriteString(input, greeting); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, startLimit)
	defer cancel()
	if err := s.process.await(ctx, func() bool { return s.logHas("ACCEPT") }); err != nil {
		return fmt.Errorf("openssl does not listen: %w\n%s", err, s.process.output())
	}
	return nil
}
