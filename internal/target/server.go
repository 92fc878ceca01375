package target

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"mailprobe/internal/safe"
	"mailprobe/internal/settings"
)

// byPort is what a bare host is taken for that the catalogue does not know.
var byPort = map[uint16]settings.Endpoint{
	993: {Protocol: settings.IMAP, Security: settings.TLS}, 143: {Protocol: settings.IMAP, Security: settings.StartTLS},
	995: {Protocol: settings.POP3, Security: settings.TLS}, 110: {Protocol: settings.POP3, Security: settings.StartTLS},
	465: {Protocol: settings.SMTP, Security: settings.TLS}, 587: {Protocol: settings.SMTP, Security: settings.StartTLS}, 25: {Protocol: settings.SMTP, Security: settings.StartTLS},
}

// server understands the bare name of a server, with or without a port: by the
// catalogue, or else by the port.
func (r Resolver) server(_ context.Context, text string) (*Target, error) {
	name, number, hasPort := strings.Cut(text, ":")
	host, err := settings.Host(name)
	if err != nil || strings.ContainsAny(text, "/@[") || strings.Count(text, ":") > 1 || !strings.Contains(host, ".") {
		return nil, nil
	}
	var port uint16
	if hasPort {
		if port, err = settings.Port(number); err != nil {
			return nil, fmt.Errorf("%s: %w", safe.Display(text), err)
		}
	}
	if t := r.knownServer(host, port); t != nil {
		return t, nil
	}
	e, usual := byPort[port]
	if !usual || len(r.Catalogue.ServersNear(host, port)) > 0 { // mistyped, rather
		return nil, nil
	}
	e.Host, e.Port = host, port
	t := &Target{Settings: []settings.Setting{OfURL(e)}}
	t.Notes = []string{fmt.Sprintf("%s is taken for %s, by its port", safe.Display(text), e)}
	return t, nil
}

// knownServer returns what is documented of a host of the catalogue; a port
// other than zero must be documented, too. nil: it is not known.
func (r Resolver) knownServer(host string, port uint16) *Target {
	p := r.Catalogue.Recognise(host, "")
	if p == nil {
		return nil
	}
	t := &Target{Provider: p}
	for _, role := range []settings.Role{settings.Documented, settings.Alternative, settings.Legacy} {
		for _, s := range p.Settings() {
			again := slices.ContainsFunc(t.Settings, func(x settings.Setting) bool { return x.Endpoint == s.Endpoint })
			if s.Role == role && strings.EqualFold(s.Host, host) && (port == 0 || s.Port == port) && !again {
				t.Settings = append(t.Settings, s)
			}
		}
		if len(t.Settings) > 0 {
			return t
		}
	}
	return nil
}
