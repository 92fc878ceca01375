package document

import "mailprobe/internal/auth"

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
