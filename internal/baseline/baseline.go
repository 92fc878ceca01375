// Package baseline compares what is said of two runs: what servers offer, by
// whom they are certified, where they are. A change is a fact, and no fault by
// itself. It dials nothing and opens nothing.
package baseline

import (
	"fmt"
	"slices"
	"strings"

	"mailprobe/internal/document"
	"mailprobe/internal/finding"
	"mailprobe/internal/probe"
)

// A Change is what became another thing between two runs.
type Change struct {
	Code   string // "drift.capabilities"
	At     int    // index of the endpoint in the later document; Whole: it has none
	Server document.Server
	Before []string // as received; empty: there was none
	After  []string // as received; empty: there is none
}

// Whole stands for the target as a whole.
const Whole = -1

// Compare returns what changed between two documents of a target. What was not
// seen in one of them is not compared.
func Compare(before, after *document.Document) []Change {
	var all []Change
	was := slices.Clone(before.Endpoints)
	for i := range after.Endpoints {
		e := &after.Endpoints[i]
		n := slices.IndexFunc(was, func(old document.Endpoint) bool { return old.Server == e.Server })
		if n < 0 {
			all = append(all, Change{"drift.endpoint", i, e.Server, nil, []string{e.Server.Endpoint().String()}})
			continue
		}
		all = append(all, compareEndpoints(&was[n], e, i)...)
		was = slices.Delete(was, n, n+1)
	}
	for _, old := range was {
		all = append(all, Change{"drift.endpoint", Whole, old.Server, []string{old.Server.Endpoint().String()}, nil})
	}
	return all
}

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

// String says a change in a sentence.
func (c Change) String() string {
	what, server := words[c.Code], c.Server.Endpoint().String()
	switch {
	case c.Code == "drift.endpoint" && len(c.Before) == 0:
		return server + ": the setting is new."
	case c.Code == "drift.endpoint":
		return server + ": the setting is gone."
	case len(c.Before) == 1 && len(c.After) == 1:
		return fmt.Sprintf("%s: %s changed from %s to %s.", server, what, c.Before[0], c.After[0])
	}
	text := fmt.Sprintf("%s: %s changed:", server, what)
	if gone := without(c.Before, c.After); len(gone) > 0 {
		text += " gone " + strings.Join(gone, ", ")
	}
	if came := without(c.After, c.Before); len(came) > 0 {
		text += " new " + strings.Join(came, ", ")
	}
	return text + "."
}

// without returns the texts of a that are not in b.
func without(a, b []string) []string {
	return slices.DeleteFunc(slices.Clone(a), func(s string) bool { return slices.Contains(b, s) })
}

// Finding returns a change as a finding.
func (c Change) Finding() document.Finding {
	return document.Finding{
		Code: document.Text(c.Code), Severity: document.Text(finding.Info), Message: document.Text(c.String()), Steps: []document.Text{},
		Args: map[string]document.Text{"before": document.Text(strings.Join(c.Before, " ")), "after": document.Text(strings.Join(c.After, " "))},
	}
}

// Mark adds to a document what changed since its baseline, which is one of
// list: that of the same target.
func Mark(d *document.Document, list []*document.Document) {
	before := Of(d, list)
	if before == nil {
		d.Findings = append(d.Findings, document.Finding{
			Code: "drift.no_baseline", Severity: document.Text(finding.Info), Args: map[string]document.Text{}, Steps: []document.Text{},
			Message: document.Text(string(d.Target) + " is not in the baseline; nothing was compared."),
		})
		return
	}
	for _, c := range Compare(before, d) {
		if c.At == Whole {
			d.Findings = append(d.Findings, c.Finding())
			continue
		}
		d.Endpoints[c.At].Findings = append(d.Endpoints[c.At].Findings, c.Finding())
	}
}

// Of returns the document of the same target, and case, as d; nil: there is
// none.
func Of(d *document.Document, list []*document.Document) *document.Document {
	i := slices.IndexFunc(list, func(o *document.Document) bool { return o.Target == d.Target && caseOf(o) == caseOf(d) })
	if i < 0 {
		i = slices.IndexFunc(list, func(o *document.Document) bool { return o.Target == d.Target })
	}
	if i < 0 {
		return nil
	}
	return list[i]
}

func caseOf(d *document.Document) document.Text {
	if d.Case == nil {
		return ""
	}
	return d.Case.Case
}
