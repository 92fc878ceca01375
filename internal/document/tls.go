package document

import (
	"cmp"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"net"
	"time"

	"mailprobe/internal/auth"
	"mailprobe/internal/tlscheck"
)

// A TLS is what a handshake agreed on.
type TLS struct {
	Version         Text          `json:"version"`
	Cipher          Text          `json:"cipher"`
	Group           Maybe         `json:"group"`
	HelloRetry      bool          `json:"hello_retry"`
	ServerName      Text          `json:"server_name"`
	Trusted         bool          `json:"trusted"`
	Store           Text          `json:"store"`
	SystemTrust     Text          `json:"system_trust"`
	MozillaTrust    Text          `json:"mozilla_trust"`
	ClientCertAsked bool          `json:"client_certificate_asked"`
	Causes          []Cause       `json:"causes"`
	Chain           []Certificate `json:"chain"`
}

// A Cause is a fact for which a certificate is not to be trusted, or is odd.
type Cause struct {
	Kind   Text `json:"kind"`
	Fatal  bool `json:"fatal"`
	Detail Text `json:"detail"`
}

// A Certificate is one of a chain.
type Certificate struct {
	Subject Text `json:"subject"`
	Issuer  Text `json:"issuer"`
	ShortCertificate
	DNSNames    []Text `json:"dns_names"`
	IPAddresses []Text `json:"ip_addresses"`
	Key         Text   `json:"key"`
	Signature   Text   `json:"signature"`
	SHA256      Text   `json:"sha256"`
}

func tlsOf(s *tlscheck.State) *TLS {
	if s == nil {
		return nil
	}
	return &TLS{
		Version:         Text(tls.VersionName(s.Version)),
		Cipher:          Text(tls.CipherSuiteName(s.CipherSuite)),
		Group:           groupName(s.Group),
		HelloRetry:      s.HelloRetry,
		ServerName:      Text(s.ServerName),
		Trusted:         s.Trusted(),
		Store:           Text(cmp.Or(s.Store, tlscheck.StoreSystem)),
		SystemTrust:     Text(s.SystemTrust),
		MozillaTrust:    Text(s.MozillaTrust),
		ClientCertAsked: s.CertAsked,
		Causes:          Each(s.Causes, func(c tlscheck.Cause) Cause { return Cause{Text(c.Kind), c.Fatal, Text(c.Detail)} }),
		Chain:           Each(s.Chain, certificate),
	}
}

// groupName returns the name of a key exchange group; empty: there was none.
func groupName(id tls.CurveID) Maybe {
	switch id {
	case 0:
		return ""
	case tls.CurveP256:
		return "P-256"
	case tls.CurveP384:
		return "P-384"
	case tls.CurveP521:
		return "P-521"
	default:
		return Maybe(id.String())
	}
}

func certificate(c *x509.Certificate) Certificate {
	return Certificate{
		Subject:          Text(c.Subject.String()),
		Issuer:           Text(c.Issuer.String()),
		ShortCertificate: ShortCertificate{Serial: Text(fmt.Sprintf("%x", c.SerialNumber)), NotBefore: moment(c.NotBefore), NotAfter: moment(c.NotAfter)},
		DNSNames:         Texts(c.DNSNames),
		IPAddresses:      Each(c.IPAddresses, func(ip net.IP) Text { return Text(ip.String()) }),
		Key:              keyName(c),
		Signature:        Text(c.SignatureAlgorithm.String()),
		SHA256:           Text(fmt.Sprintf("%x", sha256.Sum256(c.Raw))),
	}
}

// countDays says how long each certificate was still good when a run started,
// in whole days, as the findings do.
func (d *Document) countDays(started time.Time) {
	days := func(until time.Time) int { return int(until.Sub(started) / (24 * time.Hour)) }
	for _, e := range d.Endpoints {
		if e.TLS != nil {
			for i := range e.TLS.Chain {
				e.TLS.Chain[i].DaysLeft = days(e.TLS.Chain[i].NotAfter)
			}
		}
		for _, a := range e.Addresses {
			if a.Certificate != nil {
				a.Certificate.DaysLeft = days(a.Certificate.NotAfter)
			}
		}
	}
}

// keyName returns a certificate's kind and size of key: "RSA 2048".
func keyName(c *x509.Certificate) Text {
	switch k := c.PublicKey.(type) {
	case *rsa.PublicKey:
		return Text(fmt.Sprintf("RSA %d", k.N.BitLen()))
	case *ecdsa.PublicKey:
		return Text("ECDSA " + k.Params().Name)
	case ed25519.PublicKey:
		return "Ed25519"
	default:
		return Text(c.PublicKeyAlgorithm.String())
	}
}

// scrub takes secrets out of what a certificate says. The rest of a report has
// none; a certificate cannot be changed before it is read.
func (t *TLS) scrub(s *auth.Scrubber) {
	if t == nil {
		return
	}
	for i := range t.Causes {
		t.Causes[i].Detail = scrubbed(s, t.Causes[i].Detail)
	}
	for i := range t.Chain {
		c := &t.Chain[i]
		c.Subject, c.Issuer = scrubbed(s, c.Subject), scrubbed(s, c.Issuer)
		for j := range c.DNSNames {
			c.DNSNames[j] = scrubbed(s, c.DNSNames[j])
		}
	}
}

func scrubbed(s *auth.Scrubber, t Text) Text { return Text(s.Scrub(string(t))) }
