package tlscheck

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"net"
)

// Client performs the client's side of a handshake over conn for serverName
// and describes it. A bad certificate is no error: it stands in the State.
// The error is a *HandshakeError. The caller owns conn in every case.
func Client(ctx context.Context, conn net.Conn, serverName string, cfg Config) (*tls.Conn, *State, error) {
	c := tls.Client(conn, &tls.Config{
		ServerName:             serverName,
		InsecureSkipVerify:     true, // verified below, so that every cause can be named
		SessionTicketsDisabled: true,
	})
	if err := c.HandshakeContext(ctx); err != nil {
		return nil, nil, &HandshakeError{Err: err}
	}
	return c, describe(c.ConnectionState(), serverName, cfg), nil
}

func describe(cs tls.ConnectionState, serverName string, cfg Config) *State {
	s := &State{
		ServerName:  serverName,
		Version:     cs.Version,
		CipherSuite: cs.CipherSuite,
		Group:       cs.CurveID,
		HelloRetry:  cs.HelloRetryRequest,
		Chain:       cs.PeerCertificates,
		SystemTrust: TrustNo, MozillaTrust: TrustUnknown,
	}
	inter := x509.NewCertPool()
	for _, c := range s.Chain[1:] {
		inter.AddCert(c)
	}
	_, err := s.Chain[0].Verify(x509.VerifyOptions{DNSName: serverName, Roots: cfg.System, Intermediates: inter, CurrentTime: cfg.now()})
	if err == nil {
		s.SystemTrust = TrustYes
	}
	return s
}
