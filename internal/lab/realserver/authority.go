package realserver

import (
	"crypto"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"os"
	"path/filepath"

	"mailprobe/internal/lab/pki"
)

// An authority signs the certificates of one server.
type authority struct{ *pki.CA }

func newAuthority() (authority, error) {
	ca, err := pki.NewCA("mailprobe test CA")
	return authority{ca}, err
}

// client makes the certificate by which a user signs in.
func (a authority) client(user string) (tls.Certificate, error) {
	return a.Leaf(pki.LeafOptions{Edit: func(c *x509.Certificate) {
		c.Subject.CommonName = user
		c.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}
	}})
}

// write stores ca.pem, server.pem and server.key in dir. hosts are host names
// and addresses. Without a key there is a new one, ECDSA P-256.
func (a authority) write(dir string, hosts []string, key crypto.Signer) error {
	leaf, err := a.Leaf(pki.LeafOptions{Names: hosts, Key: key})
	if err != nil {
		return err
	}
	der, err := x509.MarshalPKCS8PrivateKey(leaf.PrivateKey)
	if err != nil {
		return err
	}
	return writeAll(dir, map[string][]byte{
		"ca.pem":     a.PEM(),
		"server.pem": pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: leaf.Certificate[0]}),
		"server.key": pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}),
	})
}

// writeAll stores files below dir. They are readable by the servers' own
// users; their secrets are worth nothing outside the test.
func writeAll(dir string, files map[string][]byte) error {
	for name, text := range files {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(path, text, 0o644); err != nil {
			return err
		}
	}
	return nil
}
