package lab

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/tls"
	"crypto/x509"
	"time"

	"mailprobe/internal/lab/pki"
)

// otherHost is the name in the certificates that are for another host. The
// top-level domain can never be registered (RFC 2606 §2).
const otherHost = "server.hosting.example"

// leaves makes the certificates of a lab: one for each host and fault.
type leaves struct {
	ca   *pki.CA
	made map[leafKey]tls.Certificate
}

type leafKey struct {
	host  string
	fault Fault
}

func newLeaves(ca *pki.CA) *leaves {
	return &leaves{ca: ca, made: make(map[leafKey]tls.Certificate)}
}

// config returns the TLS side of a server. A fault that is none of TLS gives
// a sound one.
func (l *leaves) config(host string, fault Fault) (*tls.Config, error) {
	cert, err := l.leaf(host, fault)
	if err != nil {
		return nil, err
	}
	config := &tls.Config{Certificates: []tls.Certificate{cert}, MinVersion: tls.VersionTLS12}
	if fault == LegacyTLS {
		config.MinVersion, config.MaxVersion = tls.VersionTLS10, tls.VersionTLS11
	}
	if fault == StaticRSA {
		config.MaxVersion = tls.VersionTLS12
		config.CipherSuites = []uint16{tls.TLS_RSA_WITH_AES_128_GCM_SHA256, tls.TLS_RSA_WITH_AES_256_GCM_SHA384}
	}
	return config, nil
}

func (l *leaves) leaf(host string, fault Fault) (tls.Certificate, error) {
	if !ofCertificate(fault) {
		fault = None
	}
	key := leafKey{host, fault}
	if cert, ok := l.made[key]; ok {
		return cert, nil
	}
	cert, err := l.make(host, fault)
	if err != nil {
		return tls.Certificate{}, err
	}
	l.made[key] = cert
	return cert, nil
}

func (l *leaves) make(host string, fault Fault) (tls.Certificate, error) {
	o := pki.LeafOptions{Names: []string{host}}
	now := time.Now()
	switch fault {
	case WrongName, ExpiredWrongName:
		o.Names = []string{otherHost}
	case NotYetValid:
		o.NotBefore = now.AddDate(0, 0, 3)
	case ExpiresSoon:
		o.NotAfter = now.AddDate(0, 0, 1)
	}
	if fault == Expired || fault == ExpiredWrongName {
		o.NotBefore, o.NotAfter = now.AddDate(0, 0, -100), now.AddDate(0, 0, -10)
	}
	if err := keyOf(fault, &o); err != nil {
		return tls.Certificate{}, err
	}
	switch fault {
	case SelfSigned:
		return pki.SelfSigned(o)
	case UnknownCA:
		return leafOfStranger(o)
	case NoIntermediate:
		return leafWithoutIntermediate(l.ca, o)
	}
	return l.ca.Leaf(o)
}

// keyOf puts the key of a fault into o, and what it may be used for.
func keyOf(fault Fault, o *pki.LeafOptions) (err error) {
	bits := 0
	switch fault {
	case UnfitKey:
		o.Edit = func(c *x509.Certificate) { c.KeyUsage = x509.KeyUsageCertSign }
	case WeakKey:
		bits = 1024
	case StaticRSA:
		bits = 2048
		o.Edit = func(c *x509.Certificate) { c.KeyUsage |= x509.KeyUsageKeyEncipherment }
	}
	if bits > 0 {
		o.Key, err = rsa.GenerateKey(rand.Reader, bits)
	}
	return err
}

func leafOfStranger(o pki.LeafOptions) (tls.Certificate, error) {
	stranger, err := pki.NewCA("an authority that nobody knows")
	if err != nil {
		return tls.Certificate{}, err
	}
	return stranger.Leaf(o)
}

func leafWithoutIntermediate(ca *pki.CA, o pki.LeafOptions) (tls.Certificate, error) {
	sub, err := ca.Intermediate("mailprobe lab intermediate", nil)
	if err != nil {
		return tls.Certificate{}, err
	}
	o.OmitChain = true
	return sub.Leaf(o)
}

func ofCertificate(f Fault) bool {
	switch f {
	case Expired, WrongName, ExpiredWrongName, NotYetValid, ExpiresSoon, SelfSigned, UnknownCA, NoIntermediate,
		UnfitKey, WeakKey, StaticRSA:
		return true
	}
	return false
}
