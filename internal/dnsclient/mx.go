package dnsclient

import (
	"context"
	"net/netip"

	"mailprobe/internal/settings"
)

// MX returns the hosts that take mail for a domain, at most 16, by name; in
// lower case, without trailing dot. They are those of the lowest preference
// value alone: others stand by for when these are down (RFC 5321 §5.1), and
// need not be of the same provider. What is no host name is left out before
// that. Without hosts the error says why.
func (c *Client) MX(ctx context.Context, domain string) ([]string, error) {
	a, err := c.Exchange(ctx, domain, MX)
	switch {
	case err != nil:
		return nil, err
	case a.Rcode != "NOERROR":
		return nil, refusal(a)
	case len(a.MX) == 1 && a.MX[0].Host == ".":
		return nil, errNullMX
	case !a.settles():
		return nil, &serverError{a.Server, errReferral}
	}
	var hosts []string
	var best uint16
	for _, x := range a.MX {
		host, ok := mailHost(x.Host)
		if !ok || len(hosts) > 0 && x.Preference != best {
			continue
		}
		hosts, best = append(hosts, host), x.Preference
	}
	if len(hosts) == 0 {
		return nil, errNoMX
	}
	return hosts, nil
}

// mailHost refuses what RFC 5321 §5.1 does not allow in an MX record: escaped
// names, which no host has, and addresses.
func mailHost(name string) (string, bool) {
	if _, err := netip.ParseAddr(name); err == nil {
		return "", false
	}
	host, err := settings.Host(name)
	return host, err == nil
}
