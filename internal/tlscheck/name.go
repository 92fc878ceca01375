package tlscheck

import (
	"crypto/x509"
	"encoding/asn1"
	"net"
	"slices"
	"strings"

	"golang.org/x/net/publicsuffix"

	"mailprobe/internal/typo"
)

var oidSAN = asn1.ObjectIdentifier{2, 5, 29, 17}

// checkName holds the leaf against the name that was asked for (RFC 9525
// §6; RFC 7817 §3: the name typed, never one that DNS gave).
func (x *exam) checkName() {
	if x.goodName() {
		x.checkStar()
		return
	}
	c := Cause{Kind: NameMismatch, Fatal: true, Cert: x.leaf, Names: namesOf(x.leaf)}
	if !hasSAN(x.leaf) {
		c.Kind = NoSAN
		c.Detail = x.leaf.Subject.CommonName
	}
	c.Nearest = nearest(x.state.ServerName, c.Names)
	x.add(c)
}

// goodName reports whether the leaf is good for the name that was asked for.
func (x *exam) goodName() bool {
	return x.state.ServerName != "" && x.leaf.VerifyHostname(x.state.ServerName) == nil
}

// checkStar looks for a star that stands for the hosts of strangers, where the
// leaf is good for the server by it alone: no other name can match.
func (x *exam) checkStar() {
	host := strings.ToLower(x.state.ServerName)
	_, domain, some := strings.Cut(host, ".")
	named := func(name string) bool { return strings.EqualFold(name, host) }
	if !some || slices.ContainsFunc(x.leaf.DNSNames, named) {
		return
	}
	if which := strangers(domain); which != "" {
		x.refuse(Cause{Kind: WildcardTooBroad, Case: which, Cert: x.leaf, Detail: "*." + domain, Names: namesOf(x.leaf)})
	}
}

// strangers returns how the hosts below a domain belong to many: it is a
// single label, or a public suffix, below which authorities may not vouch for
// all names at once (Baseline Requirements §3.2.2.6, which counts the suffixes
// of registries alone). Empty: they do not.
func strangers(domain string) string {
	if !strings.Contains(domain, ".") {
		return CaseLabel
	}
	if suffix, registry := publicsuffix.PublicSuffix(domain); registry && suffix == domain {
		return CaseSuffix
	}
	return ""
}

func hasSAN(c *x509.Certificate) bool {
	for _, e := range c.Extensions {
		if e.Id.Equal(oidSAN) {
			return true
		}
	}
	return false
}

func namesOf(c *x509.Certificate) []string {
	names := slices.Clone(c.DNSNames[:min(len(c.DNSNames), maxNames)])
	for _, ip := range c.IPAddresses[:min(len(c.IPAddresses), maxNames-len(names))] {
		names = append(names, ip.String())
	}
	return names
}

// nearest returns the name among names that lies in the host's own domain
// and differs least from it; empty: there is none. The star of a wildcard
// becomes the host's first label.
func nearest(host string, names []string) string {
	own := domainOf(host)
	if own == "" {
		return ""
	}
	best, least := "", len(host)
	for _, name := range names {
		name = strings.ToLower(name)
		if rest, wild := strings.CutPrefix(name, "*."); wild {
			first, _, _ := strings.Cut(host, ".")
			name = first + "." + rest
		}
		if domainOf(name) != own {
			continue
		}
		if d := typo.Distance(strings.ToLower(host), name); best == "" || d < least {
			best, least = name, d
		}
	}
	return best
}

// domainOf returns the registrable domain of a host, and "" for an address.
func domainOf(host string) string {
	if net.ParseIP(strings.Trim(host, "[]")) != nil {
		return ""
	}
	domain, err := publicsuffix.EffectiveTLDPlusOne(strings.ToLower(strings.TrimSuffix(host, ".")))
	if err != nil {
		return ""
	}
	return domain
}
