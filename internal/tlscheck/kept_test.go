package tlscheck

import (
	"crypto/tls"
	"encoding/pem"
	"os"
	"strings"
	"testing"
)

// TestKeptCertificates reads testdata/certificates: what is said of each file,
// where its root is trusted.
func TestKeptCertificates(t *testing.T) {
	roots := poolOf(certsOf(kept(t, "root")))
	table, err := os.ReadFile("../../testdata/certificates/certificates.tsv")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(table)) {
		part := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		s := examine(t, kept(t, part[0]), host, system{pool: roots}, Config{Now: at(noon)})
		var got []string
		for _, k := range kinds(s.Causes, true) {
			got = append(got, string(k)+"!")
		}
		for _, k := range kinds(s.Causes, false) {
			got = append(got, string(k))
		}
		if got, want := strings.Join(got, " "), strings.TrimPrefix(part[1], "-"); got != want {
			t.Errorf("%s\ngot  %s %v\nwant %s", part[0], got, s.Causes, want)
		}
	}
}

// kept reads a chain of testdata/certificates.
func kept(t *testing.T, name string) (c tls.Certificate) {
	t.Helper()
	file, err := os.ReadFile("../../testdata/certificates/" + name + ".pem")
	if err != nil {
		t.Fatal(err)
	}
	for block, rest := pem.Decode(file); block != nil; block, rest = pem.Decode(rest) {
		if block.Type == "CERTIFICATE" {
			c.Certificate = append(c.Certificate, block.Bytes)
		}
	}
	return c
}
