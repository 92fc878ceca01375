package main

import (
	"testing"

	"mailprobe/internal/settings"
	"mailprobe/internal/verify"
)

// TestAtOnce: many targets are verified at once only where no server sees more
// of it.
func TestAtOnce(t *testing.T) {
	plan := func(hosts ...string) (p verify.Plan) {
		for _, h := range hosts {
			p.Endpoints = append(p.Endpoints, settings.Setting{Endpoint: settings.Endpoint{Host: h}})
		}
		return p
	}
	signed := plan("c.example")
	signed.Options.Missing = "no password"
	for name, row := range map[string]struct {
		plans []verify.Plan
		want  int
	}{
		"a host each":       {[]verify.Plan{plan("a.example"), plan("b.example")}, apart},
		"one host twice":    {[]verify.Plan{plan("a.example"), plan("a.example")}, sideBySide},
		"a whole provider":  {[]verify.Plan{plan("a.example", "b.example"), plan("c.example")}, sideBySide},
		"one that signs in": {[]verify.Plan{plan("a.example"), signed}, sideBySide},
	} {
		if got := atOnce(row.plans); got != row.want {
			t.Errorf("%s: got  %d\nwant %d", name, got, row.want)
		}
	}
}
