package suite

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"
)

// A Module is another way to look at the cases of a suite. What is empty is as
// the case says.
type Module struct {
	Name        string
	Line        int
	Only        []string // protocols, in place of those of the case
	Auth        string   // "none": nobody signs in
	MinInterval time.Duration
}

// With returns a case as a module looks at it. What is expected of endpoints
// that it leaves out is not asked, and neither is a sign-in that it leaves out.
func (c Case) With(m Module) Case {
	c.Expect = c.Expect.copy()
	c.Endpoints, c.Known = slices.Clone(c.Endpoints), slices.Clone(c.Known)
	c.MinInterval = cmp.Or(m.MinInterval, c.MinInterval)
	if len(m.Only) > 0 {
		c.Only = m.Only
		left := func(s Selector) bool { return s.Protocol != "" && !slices.Contains(m.Only, string(s.Protocol)) }
		c.Endpoints = slices.DeleteFunc(c.Endpoints, func(e EndpointExpect) bool { return left(e.Selector) })
		c.Known = slices.DeleteFunc(c.Known, func(k Known) bool { return left(k.Selector) })
	}
	if m.Auth == "" {
		return c
	}
	if c.Auth = m.Auth; c.SignsIn() {
		return c
	}
	c.Expect.SignIn = ""
	for i := range c.Endpoints {
		c.Endpoints[i].Expect.SignIn = ""
	}
	return c
}

// SignsIn reports whether a case asks for a sign-in.
func (c Case) SignsIn() bool {
	return (c.Secret != (Secret{}) || c.User != "" || c.Username != "") && !strings.EqualFold(c.Auth, "none")
}

// module reads a module. Those before it have other names.
func (r *reader) module(n *yaml.Node, before []Module) Module {
	m := Module{Line: max(n.Line, 1)}
	faults := len(r.problems)
	r.mapping(n, "a module", r.moduleFields(&m))
	switch {
	case len(r.problems) > faults:
	case m.Name == "":
		r.wrong(n, "a module has a name:, which a scrape gives as module=NAME")
	case slices.ContainsFunc(before, func(b Module) bool { return b.Name == m.Name }):
		r.wrong(n, "two modules are called %s; give one of them another name:", m.Name)
	}
	return m
}

func (r *reader) moduleFields(m *Module) []field {
	return []field{
		{"name", func(n *yaml.Node) { m.Name = r.text(n, "name") }},
		{"only", func(n *yaml.Node) { m.Only = r.protocols(n) }},
		{"auth", func(n *yaml.Node) { m.Auth = r.mechanism(n) }},
		{"min_interval", func(n *yaml.Node) { m.MinInterval = r.duration(n, "min_interval") }},
	}
}
