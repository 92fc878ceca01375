package diagnose

import (
	"crypto/tls"
	"crypto/x509"
	"net"
	"os"
	"strings"
	"testing"
	"time"

	"mailprobe/internal/tlscheck"
)

// TestKeptCertificates reads testdata/certificates: a handshake with each, and
// what is found then.
func TestKeptCertificates(t *testing.T) {
	const folder = "../../testdata/certificates/"
	root, err := os.ReadFile(folder + "root.pem")
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(root)
	table, err := os.ReadFile(folder + "certificates.tsv")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(table)) {
		part := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		file := folder + part[0] + ".pem"
		cert, err := tls.LoadX509KeyPair(file, file)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, f := range certFindings(imaps(shaken(t, cert, roots)), Context{}) {
			got = append(got, f.Code+" "+string(f.Severity))
		}
		if got, want := strings.Join(got, ", "), strings.TrimPrefix(part[2], "-"); got != want {
			t.Errorf("%s\ngot  %s\nwant %s", part[0], got, want)
		}
	}
}

// shaken returns what is seen of a server with a certificate on the day of the
// kept ones.
func shaken(t *testing.T, cert tls.Certificate, roots *x509.CertPool) *tlscheck.State {
	t.Helper()
	client, server := net.Pipe()
	defer client.Close()
	go func() {
		defer server.Close()
		_ = tls.Server(server, &tls.Config{Certificates: []tls.Certificate{cert}}).HandshakeContext(t.Context())
	}()
	day := func() time.Time { return time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC) }
	_, s, err := tlscheck.Client(t.Context(), client, "imap.example.net", tlscheck.Config{System: roots, Now: day})
	if err != nil {
		t.Fatal(err)
	}
	return s
}
