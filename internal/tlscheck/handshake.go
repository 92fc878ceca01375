package tlscheck

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"net"
	"strings"
)

// Client performs the client's side of a handshake over conn for serverName
// and describes it. A bad certificate is no error: it stands in the State.
// The error is a *HandshakeError. The caller owns conn in every case.
//
// It offers what crypto/tls offers by default and RSA key exchange behind it,
// as mail programs do; serverName as SNI unless that is an IP address, no ALPN (Dovecot 2.4 aborts on a name it does not know)
// and no session tickets (a resumed session hides the certificate).
func Client(ctx context.Context, conn net.Conn, serverName string, cfg Config) (*tls.Conn, *State, error) {
	h := newHandshake(conn, serverName, cfg)
	if err := h.tls.HandshakeContext(ctx); err != nil {
		return nil, nil, h.failure(err)
	}
	cs := h.tls.ConnectionState()
	s := describe(ctx, cs, h.name, cfg)
	seen := h.tee.seen()
	s.CertAsked, s.Got, s.Sent = h.certAsked, seen.got, seen.sent
	s.Unique, s.export = cs.TLSUnique, cs.ExportKeyingMaterial
	return h.tls, s, nil
}

// A handshake is one that is under way.
type handshake struct {
	name      string
	tee       *tee
	tls       *tls.Conn
	certAsked bool
	chain     []*x509.Certificate
}

func newHandshake(conn net.Conn, serverName string, cfg Config) *handshake {
	h := &handshake{name: strings.TrimSuffix(serverName, "."), tee: &tee{Conn: conn}}
	h.tls = tls.Client(h.tee, &tls.Config{
		ServerName:   h.name,
		CipherSuites: usualSuites(), // of TLS 1.2; crypto/tls puts them in order
		// The chain is verified after the handshake, in describe, so that every
		// cause can be named; without a verified chain there is no Permit.
		InsecureSkipVerify:     true,
		SessionTicketsDisabled: true,
		VerifyConnection:       h.keepChain,
		GetClientCertificate: func(*tls.CertificateRequestInfo) (*tls.Certificate, error) {
			h.certAsked = true
			if cfg.ClientCert == nil {
				return new(tls.Certificate), nil
			}
			return cfg.ClientCert, nil
		},
	})
	return h
}

// keepChain keeps the certificates for the error of a handshake that fails
// later. They prove nothing here: the server has not signed yet.
func (h *handshake) keepChain(cs tls.ConnectionState) error {
	h.chain = cs.PeerCertificates[:min(len(cs.PeerCertificates), maxChain)]
	return nil
}

func (h *handshake) failure(err error) *HandshakeError {
	seen := h.tee.seen()
	e := &HandshakeError{
		First: seen.first, Got: seen.got, Sent: seen.sent,
		ServerName: h.name, CertAsked: h.certAsked, Chain: h.chain, Err: err,
	}
	e.classify(seen.alert)
	return e
}
