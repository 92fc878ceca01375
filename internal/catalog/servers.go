package catalog

import (
	"cmp"
	"slices"

	"mailprobe/internal/settings"
	"mailprobe/internal/typo"
)

// ServersNear returns the servers that a mistyped host name may have meant, in
// any role, the nearest first, at most three. A port other than zero is the one
// that was typed: servers with that port are meant if there are any. A name
// that is known is near to itself alone.
func (c *Catalog) ServersNear(host string, port uint16) []settings.Endpoint {
	typed, err := settings.Host(host)
	if err != nil {
		return nil
	}
	nearest, allowed := []settings.Endpoint(nil), tolerance(typed)
	distance := func(e settings.Endpoint) int { return typo.Distance(typed, e.Host) }
	for _, o := range c.Outlines() {
		for _, s := range o.Settings() {
			e := s.Endpoint
			if e.Host != loopback && distance(e) <= allowed && !slices.Contains(nearest, e) {
				nearest = append(nearest, e)
			}
		}
	}
	slices.SortStableFunc(nearest, func(a, b settings.Endpoint) int { return cmp.Compare(distance(a), distance(b)) })
	if len(nearest) > 0 && distance(nearest[0]) == 0 {
		nearest = slices.DeleteFunc(nearest, func(e settings.Endpoint) bool { return distance(e) > 0 })
	}
	if slices.ContainsFunc(nearest, func(e settings.Endpoint) bool { return e.Port == port }) {
		nearest = slices.DeleteFunc(nearest, func(e settings.Endpoint) bool { return e.Port != port })
	}
	return nearest[:min(len(nearest), suggestions)]
}
