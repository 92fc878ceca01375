package oauth

import (
	"fmt"
	"net"
	"net/url"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/oauth2"

	"mailprobe/internal/lazyregexp"
	"mailprobe/internal/settings"
)

const tenantPlaceholder = "{tenant}"

var tenantForm = lazyregexp.New(`^[A-Za-z0-9](?:[A-Za-z0-9.-]{0,126}[A-Za-z0-9])?$`)

// endpoint returns the provider's URLs with the tenant put in. They come from
// the settings alone, never from a stored record, so that a changed record
// cannot send a refresh token elsewhere. Parameters go into the body always:
// which way a server wants is found out only by a failed first request.
func (c *Client) endpoint() (oauth2.Endpoint, error) {
	tenant := c.Tenant
	if tenant == "" {
		tenant = "common"
	}
	if !tenantForm.MatchString(tenant) || strings.Contains(tenant, "..") {
		return oauth2.Endpoint{}, fmt.Errorf("tenant %q is neither a directory id nor a domain name", tenant)
	}
	e := oauth2.Endpoint{
		AuthURL:       c.oauth.AuthURL,
		DeviceAuthURL: c.oauth.DeviceURL,
		TokenURL:      c.oauth.TokenURL,
		AuthStyle:     oauth2.AuthStyleInParams,
	}
	for _, u := range []*string{&e.AuthURL, &e.DeviceAuthURL, &e.TokenURL} {
		*u = strings.ReplaceAll(*u, tenantPlaceholder, tenant)
		if *u != "" && !protected(*u) {
			return oauth2.Endpoint{}, fmt.Errorf("%q is no https URL, so nobody signs in there", *u)
		}
	}
	if e.TokenURL == "" {
		return oauth2.Endpoint{}, ErrNotOffered
	}
	return e, nil
}

// protected reports whether what is sent to a URL can be read on the way by
// nobody: https, or a server on this machine.
func protected(raw string) bool {
	u, err := url.Parse(raw)
	if err != nil || u.Hostname() == "" || u.User != nil {
		return false
	}
	return u.Scheme == "https" || u.Scheme == "http" && loopback(u.Hostname())
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// scopes returns the scopes of every protocol and the extra ones, each once:
// one token serves all three protocols.
func (c *Client) scopes() []string {
	var all []string
	for _, p := range settings.Protocols() {
		all = append(all, c.oauth.Scopes[p]...)
	}
	all = append(all, c.oauth.ExtraScopes...)
	var once []string
	for _, s := range all {
		if !slices.Contains(once, s) {
			once = append(once, s)
		}
	}
	return once
}

// missing returns the scopes that p needs and that were not granted. An
// empty list of granted scopes means that the provider did not say.
func (c *Client) missing(p settings.Protocol, granted []string) []string {
	if len(granted) == 0 {
		return nil
	}
	var lacking []string
	for _, want := range c.oauth.Scopes[p] {
		same := func(got string) bool { return sameScope(want, got) }
		if !slices.ContainsFunc(granted, same) {
			lacking = append(lacking, want)
		}
	}
	return lacking
}

// sameScope compares two scopes. Microsoft names one resource by several host
// names, so that only the permission behind the last slash counts.
func sameScope(a, b string) bool {
	if strings.EqualFold(a, b) {
		return true
	}
	i, j := strings.LastIndexByte(a, '/'), strings.LastIndexByte(b, '/')
	name := a[i+1:]
	return i >= 0 && name != "" && strings.EqualFold(name, b[j+1:])
}

// visible reports whether s has no control or format character.
func visible(s string) bool { return !strings.ContainsFunc(s, unprintable) }

func unprintable(r rune) bool { return !unicode.IsPrint(r) }

// printable reports whether s has no byte outside the visible ASCII
// characters and the blank: the alphabet of tokens and client secrets
// (RFC 6749 appendix A).
func printable(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r < ' ' || r > '~' })
}
