package report

import (
	"crypto/sha256"
	"crypto/x509"
	"fmt"
	"strings"
	"time"

	"mailprobe/internal/safe"
	"mailprobe/internal/tlscheck"
)

// Names of a certificate that the text shows; the JSON has them all.
const maxNames = 8

// chain adds the certificates as the server sent them.
func (b block) chain(s *tlscheck.State, now time.Time) {
	if s == nil {
		return
	}
	for i, c := range s.Chain {
		label := fmt.Sprintf("Certificate %d", i+1)
		b.field(label, safe.Clip(c.Subject.String(), 300))
		b.field("", "issued by "+safe.Clip(c.Issuer.String(), 300))
		b.field("", fmt.Sprintf("good from %s to %s (%s)", day(c.NotBefore), day(c.NotAfter), remaining(c, now)))
		b.field("", namesOf(c))
		b.field("", fmt.Sprintf("%s, signed with %s", keyName(c), c.SignatureAlgorithm))
		b.line(b.margin, b.dim.Sprint("SHA-256"), "  ", fingerprint(c))
	}
}

func day(t time.Time) string { return t.UTC().Format(time.DateOnly) }

func namesOf(c *x509.Certificate) string {
	names := certificateNames(c)
	if len(names) == 0 {
		return ""
	}
	more := ""
	if n := len(names) - maxNames; n > 0 {
		names, more = names[:maxNames], fmt.Sprintf(" and %d more", n)
	}
	return "for " + safe.Clip(strings.Join(names, " "), 1000) + more
}

// certificateNames lists the host names and addresses that c is good for.
func certificateNames(c *x509.Certificate) []string {
	names := append([]string{}, c.DNSNames...)
	for _, ip := range c.IPAddresses {
		names = append(names, ip.String())
	}
	return names
}

func fingerprint(c *x509.Certificate) string {
	return fmt.Sprintf("%x", sha256.Sum256(c.Raw))
}
