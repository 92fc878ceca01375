package bulk

import (
	"net/netip"
	"strings"

	"golang.org/x/net/publicsuffix"
)

// operator returns by whom a host is taken to be run: its registrable domain by
// the Public Suffix List, "example.co.uk" of imap.example.co.uk. An address is
// an operator of its own, and so is a name without such a domain.
func operator(host string) string {
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	if addr, err := netip.ParseAddr(host); err == nil {
		return addr.Unmap().String()
	}
	domain, err := publicsuffix.EffectiveTLDPlusOne(host)
	if err != nil {
		return host
	}
	return domain
}
