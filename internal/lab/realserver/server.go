// Package realserver starts Dovecot and Postfix for integration tests. Every
// server listens on a loopback address of its own, with its own
// configuration, certificates and folder, and ends with the test. No system
// service is used, no file outside that folder is changed, and no mail leaves
// the computer.
//
// The address is never 127.0.0.1: Dovecot calls a connection between two
// equal addresses secured, and would not show LOGINDISABLED.
package realserver

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"os"
	"sync"
	"time"

	"mailprobe/internal/settings"
)

// ErrUnavailable says that a server cannot run here: a program is not
// installed, has an unknown version or needs other rights.
var ErrUnavailable = errors.New("real mail server not available")

// A Server is one running Dovecot or Postfix.
type Server struct {
	endpoints []settings.Endpoint
	authority authority
	key       []byte // signs tokens
	accounts  []Account
	dovecot   *Server // judges the sign-ins: a Dovecot is its own
	dir       string
	logFile   string
	process   *process
	relay     *relay
	markers   sync.Mutex
	marker    int
}

// Endpoint returns where the server offers a protocol, or the zero Endpoint
// if it does not. Plain and StartTLS are the same port, but for Postfix,
// whose Plain endpoint is its port for other mail servers.
func (s *Server) Endpoint(p settings.Protocol, security settings.Security) settings.Endpoint {
	for _, e := range s.endpoints {
		if e.Protocol == p && e.Security == security {
			return e
		}
	}
	return settings.Endpoint{}
}

// Accounts returns the accounts that can sign in.
func (s *Server) Accounts() []Account { return s.accounts }

// CAPool returns the authority that signed the server's certificate.
func (s *Server) CAPool() *x509.CertPool { return s.authority.Pool() }

// CAPEM returns the certificate of the authority, as --cacert wants it.
func (s *Server) CAPEM() []byte { return s.authority.PEM() }

// ClientCertificate returns a certificate for the EXTERNAL mechanism
// (RFC 4422 appendix A) that names user.
func (s *Server) ClientCertificate(user string) (tls.Certificate, error) {
	return s.authority.client(user)
}

// Token returns an OAuth2 access token for user that expires after lifetime.
// A negative lifetime makes an expired one.
func (s *Server) Token(user string, lifetime time.Duration) string {
	return token(s.key, user, time.Now().Add(lifetime))
}

// Dir returns the server's folder, with its configuration and its log. Close
// removes it.
func (s *Server) Dir() string { return s.dir }

// Close ends the server with all its processes and removes its folder.
func (s *Server) Close() error {
	var errs []error
	if s.process != nil {
		errs = append(errs, s.process.stop())
	}
	if s.relay != nil {
		errs = append(errs, s.relay.Close())
	}
	return errors.Join(append(errs, os.RemoveAll(s.dir))...)
}

// ready waits until every endpoint and every Unix socket takes connections.
func (s *Server) ready(ctx context.Context, sockets ...string) error {
	ctx, cancel := context.WithTimeout(ctx, startLimit)
	defer cancel()
	for _, e := range s.endpoints {
		if err := s.process.awaitAnswer(ctx, "tcp", e.Address()); err != nil {
			return s.silent(e.String(), err)
		}
	}
	for _, socket := range sockets {
		if err := s.process.awaitAnswer(ctx, "unix", socket); err != nil {
			return s.silent(socket, err)
		}
	}
	return nil
}

// silent says that the server did not start, with all that it said itself.
func (s *Server) silent(where string, err error) error {
	log, _ := os.ReadFile(s.logFile)
	return fmt.Errorf("%s does not answer: %w\n%s%s", where, err, s.process.output(), log)
}
