package publish

import (
	"fmt"
	"regexp"
	"slices"

	"mailprobe/internal/settings"
)

// ttl is how long a record is kept, in seconds: an hour, so that a mistake is
// mended by the next one.
const ttl = 3600

var hostName = regexp.MustCompile(`^[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*$`)
var lastLabel = regexp.MustCompile(`\.?[^.]*[A-Za-z-][^.]*$`)

// isName reports whether a host is a name that can stand in a zone, and no
// address.
func isName(host string) bool { return hostName.MatchString(host) && lastLabel.MatchString(host) }

// srv writes records for a zone, of every domain all six names: a service that
// is not offered is said not to be there (RFC 6186 §3.4, target "."). The lower
// priority is TLS at once, over all servers of a protocol.
func (d *draft) srv() error {
	if err := d.zones(); err != nil {
		return err
	}
	err := d.keep(func(s server) string {
		switch {
		case s.Security == settings.Plain:
			return "DNS has no name for a service without encryption"
		case !isName(s.Host):
			return "a record points to a name, and this is none"
		}
		return ""
	})
	if err != nil {
		return err
	}
	for _, domain := range d.Domains {
		for _, service := range settings.Services() {
			d.records(service.Name+"."+domain+".", service.Protocol, service.Security)
		}
	}
	if slices.ContainsFunc(d.servers, func(s server) bool { return s.user() != settings.FullAddress }) {
		d.note("%s says nothing of user names: programs try the whole address first (RFC 6186 §4)", d.format)
	}
	return nil
}

// zones wants domains in whose zones records can stand.
func (d *draft) zones() error {
	for _, domain := range d.Domains {
		if !isName(domain) {
			return fmt.Errorf("%q is no name for a zone", domain)
		}
	}
	_, err := d.domain()
	return err
}

func (d *draft) records(name string, p settings.Protocol, security settings.Security) {
	priority, found := 0, false
	for _, s := range d.servers {
		if s.Protocol != p {
			continue
		}
		if s.Security == security {
			fmt.Fprintf(&d.text, "%s %d IN SRV %d 1 %d %s.\n", name, ttl, priority, s.Port, s.Host)
			found = true
		}
		priority += 10
	}
	if !found {
		fmt.Fprintf(&d.text, "%s %d IN SRV 0 0 0 .\n", name, ttl)
	}
}
