package diagnose

import (
	"bytes"
	"crypto/x509"
	"fmt"
	"slices"
	"strings"

	"mailprobe/internal/finding"
	"mailprobe/internal/tlscheck"
)

// differentCertificates names the addresses with another certificate: the one
// server that was forgotten at the last renewal. Where one certificate is
// refused and another is not, mail programs that meet the first must refuse; one
// that is about to end is a warning.
func differentCertificates(nodes []node) []finding.Finding {
	_, shown := split(nodes, func(n node) bool { return n.leaf() == nil }, none)
	if len(shown) < 2 {
		return nil
	}
	accepted, refused := split(shown, func(n node) bool { return refusedFor(n) == "" }, none)
	if len(accepted) == 0 {
		return nil
	}
	if len(refused) > 0 {
		f := oddCertificate(refused, accepted, refusedFor)
		f.Severity = finding.Error // a mail program that meets this address refuses
		return []finding.Finding{f}
	}
	lasting, ending := split(shown, func(n node) bool { return endsSoon(n) == "" }, none)
	if len(lasting) > 0 && len(ending) > 0 {
		return []finding.Finding{oddCertificate(ending, lasting, endsSoon)}
	}
	first := shown[0]
	_, other := split(shown, func(n node) bool { return sameCertificate(n.leaf(), first.leaf()) }, none)
	if len(other) == 0 {
		return nil
	}
	return []finding.Finding{{Code: "cert.inconsistent_across_addresses", Severity: finding.Info, Phase: securePhase(first.Result), // all are accepted
		Message:  "The addresses of {server} show different certificates, all of them good: {others} another one than {first}.",
		Args:     finding.Args{"others": list(other), "first": first.String()},
		Evidence: leaves(append([]node{first}, other...))}}
}

// oddCertificate names the nodes whose certificate has a fault that others
// have not.
func oddCertificate(bad, good []node, fault func(node) string) finding.Finding {
	var what []string
	for _, n := range bad {
		what = append(what, n.String()+" "+fault(n))
	}
	return finding.Finding{Code: "cert.inconsistent_across_addresses", Phase: securePhase(bad[0].Result),
		Message:  "The addresses of {server} show different certificates: the one at {faults}; no fault at {good}.",
		Args:     finding.Args{"faults": strings.Join(what, ", the one at "), "good": list(good)},
		Remedy:   "Mail programs that meet this server refuse it, or soon will. The provider must install the right certificate there as well.",
		Evidence: leaves(slices.Concat(bad, good))}
}

func (n node) leaf() *x509.Certificate {
	if n.TLS == nil || len(n.TLS.Chain) == 0 {
		return nil
	}
	return n.TLS.Chain[0]
}

// refusedFor says why a mail program refuses the certificate of a node; empty:
// it does not.
func refusedFor(n node) string {
	var why []string
	for _, c := range n.TLS.Causes {
		if !c.Fatal {
			continue
		}
		switch c.Kind {
		case tlscheck.Expired:
			why = append(why, "has expired on "+day(c.At))
		case tlscheck.NotYetValid:
			why = append(why, "is valid only from "+day(c.At)+" on")
		case tlscheck.NameMismatch, tlscheck.NoSAN:
			why = append(why, "is for another host name")
		case tlscheck.SelfSigned:
			why = append(why, "is signed by itself")
		case tlscheck.MissingIntermediate:
			why = append(why, "comes without its intermediate certificate")
		case tlscheck.OCSPRevoked:
			why = append(why, "is revoked")
		default:
			why = append(why, "is not trusted")
		}
	}
	return strings.Join(slices.Compact(why), " and ")
}

func endsSoon(n node) string {
	for _, c := range n.TLS.Causes {
		if c.Kind == tlscheck.ExpiresSoon {
			return "ends already on " + day(c.At)
		}
	}
	return ""
}

// sameCertificate takes certificates for the same that were renewed together
// with the same key, and end together.
func sameCertificate(a, b *x509.Certificate) bool {
	return bytes.Equal(a.RawSubjectPublicKeyInfo, b.RawSubjectPublicKeyInfo) && a.NotAfter.Equal(b.NotAfter)
}

func leaves(nodes []node) finding.Evidence {
	var seen finding.Evidence
	for _, n := range nodes {
		c := n.leaf()
		seen = append(seen, finding.Observation{At: n.String(), What: fmt.Sprintf("serial %x, valid until %s, from %s", c.SerialNumber, day(c.NotAfter), c.Issuer)})
	}
	return seen
}
