package baseline

import (
	"slices"
	"strings"

	"mailprobe/internal/document"
	"mailprobe/internal/probe"
)

// A fact is what may change; nil: it was not seen.
type fact struct {
	code string
	of   func(*document.Endpoint) []string
	list bool // its order means nothing
}

var facts = []fact{
	{"drift.verdict", verdict, false},
	{"drift.capabilities", capabilities, true},
	{"drift.mechanisms", mechanisms, true},
	{"drift.tls_version", session(func(t *document.TLS) string { return string(t.Version) }), false},
	{"drift.tls_group", session(func(t *document.TLS) string { return string(t.Group) }), false},
	{"drift.issuer", leaf(func(c document.Certificate) string { return string(c.Issuer) }), false},
	{"drift.key", leaf(func(c document.Certificate) string { return string(c.Key) }), false},
	{"drift.addresses", addresses, true},
}

func compareEndpoints(before, after *document.Endpoint, at int) []Change {
	var all []Change
	for _, f := range facts {
		was, is := f.of(before), f.of(after)
		if was == nil || is == nil || f.alike(was, is) || f.list && otherwise(before, after) {
			continue
		}
		all = append(all, Change{f.code, at, after.Server, was, is})
	}
	return all
}

func (f fact) alike(a, b []string) bool {
	if f.list {
		a, b = slices.Sorted(slices.Values(a)), slices.Sorted(slices.Values(b))
	}
	return slices.Equal(a, b)
}

// otherwise reports whether two dialogues were led in ways that show other
// lists: one signed in, the other not.
func otherwise(a, b *document.Endpoint) bool {
	return (a.Auth.Status == document.Accepted) != (b.Auth.Status == document.Accepted)
}

func verdict(e *document.Endpoint) []string { return []string{string(e.Verdict)} }

func capabilities(e *document.Endpoint) []string { return offered(e, e.Capabilities) }

func mechanisms(e *document.Endpoint) []string { return offered(e, e.Mechanisms) }

func offered(e *document.Endpoint, list []document.Text) []string {
	if e.Phase(probe.Capabilities).Status != document.OK {
		return nil
	}
	names := make([]string, 0, len(list))
	for _, t := range list {
		names = append(names, strings.ToUpper(string(t)))
	}
	return names
}

func session(say func(*document.TLS) string) func(*document.Endpoint) []string {
	return func(e *document.Endpoint) []string {
		if e.TLS == nil || say(e.TLS) == "" {
			return nil
		}
		return []string{say(e.TLS)}
	}
}

func leaf(say func(document.Certificate) string) func(*document.Endpoint) []string {
	return func(e *document.Endpoint) []string {
		if e.TLS == nil || len(e.TLS.Chain) == 0 || say(e.TLS.Chain[0]) == "" {
			return nil
		}
		return []string{say(e.TLS.Chain[0])}
	}
}

// addresses are those that DNS names; where the user led the connection
// elsewhere, none are known.
func addresses(e *document.Endpoint) []string {
	if e.Overridden || len(e.Resolved) == 0 {
		return nil
	}
	all := make([]string, 0, len(e.Resolved))
	for _, a := range e.Resolved {
		all = append(all, string(a))
	}
	return all
}

// What the codes are about, in words.
var words = map[string]string{
	"drift.endpoint": "the setting", "drift.verdict": "the verdict", "drift.capabilities": "the capabilities", "drift.mechanisms": "the ways to sign in",
	"drift.tls_version": "the version of TLS", "drift.tls_group": "the key exchange", "drift.issuer": "the issuer of the certificate",
	"drift.key": "the kind of key", "drift.addresses": "the addresses",
}
