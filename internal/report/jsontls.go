package report

import (
	"crypto/tls"
	"crypto/x509"
	"net"

	"mailprobe/internal/tlscheck"
)

type tlsView struct {
	Version         text        `json:"version"`
	Cipher          text        `json:"cipher"`
	Group           *text       `json:"group"`
	HelloRetry      bool        `json:"hello_retry"`
	ServerName      text        `json:"server_name"`
	Trusted         bool        `json:"trusted"`
	Store           text        `json:"store"`
	SystemTrust     text        `json:"system_trust"`
	MozillaTrust    text        `json:"mozilla_trust"`
	ClientCertAsked bool        `json:"client_certificate_asked"`
	Causes          []causeView `json:"causes"`
	Chain           []certView  `json:"chain"`
}

type causeView struct {
	Kind   text `json:"kind"`
	Fatal  bool `json:"fatal"`
	Detail text `json:"detail"`
}

type certView struct {
	Subject     text   `json:"subject"`
	Issuer      text   `json:"issuer"`
	Serial      text   `json:"serial"`
	NotBefore   text   `json:"not_before"`
	NotAfter    text   `json:"not_after"`
	DNSNames    []text `json:"dns_names"`
	IPAddresses []text `json:"ip_addresses"`
	Key         text   `json:"key"`
	Signature   text   `json:"signature"`
	SHA256      text   `json:"sha256"`
}

func viewTLS(s *tlscheck.State) *tlsView {
	if s == nil {
		return nil
	}
	return &tlsView{
		Version:         text(tls.VersionName(s.Version)),
		Cipher:          text(tls.CipherSuiteName(s.CipherSuite)),
		Group:           orNull(groupName(s.Group)),
		HelloRetry:      s.HelloRetry,
		ServerName:      text(s.ServerName),
		Trusted:         s.Trusted(),
		Store:           text(storeOf(s)),
		SystemTrust:     text(s.SystemTrust),
		MozillaTrust:    text(s.MozillaTrust),
		ClientCertAsked: s.CertAsked,
		Causes:          each(s.Causes, viewCause),
		Chain:           each(s.Chain, viewCertificate),
	}
}

// storeOf returns which set of authorities decided.
func storeOf(s *tlscheck.State) tlscheck.Store {
	if s.Store == "" {
		return tlscheck.StoreSystem
	}
	return s.Store
}

func viewCause(c tlscheck.Cause) causeView {
	return causeView{text(c.Kind), c.Fatal, text(c.Detail)}
}

func viewCertificate(c *x509.Certificate) certView {
	return certView{
		Subject:     text(c.Subject.String()),
		Issuer:      text(c.Issuer.String()),
		Serial:      text(serial(c)),
		NotBefore:   moment(c.NotBefore),
		NotAfter:    moment(c.NotAfter),
		DNSNames:    texts(c.DNSNames),
		IPAddresses: each(c.IPAddresses, func(ip net.IP) text { return text(ip.String()) }),
		Key:         text(keyName(c)),
		Signature:   text(c.SignatureAlgorithm.String()),
		SHA256:      text(fingerprint(c)),
	}
}
