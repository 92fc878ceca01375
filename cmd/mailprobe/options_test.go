package main

import (
	"testing"

	"mailprobe/internal/probe"
)

// -4 and -6 leave addresses of the other kind alone.
func TestFamily(t *testing.T) {
	for _, row := range []struct {
		flags runFlags
		want  probe.Family
	}{
		{runFlags{}, probe.AnyFamily},
		{runFlags{ipv4: true}, probe.IPv4Only},
		{runFlags{ipv6: true}, probe.IPv6Only},
	} {
		o, err := row.flags.options()
		if err != nil || o.Family != row.want {
			t.Errorf("-4 %v, -6 %v\ngot  %v, %v\nwant %v", row.flags.ipv4, row.flags.ipv6, o.Family, err, row.want)
		}
	}
}
