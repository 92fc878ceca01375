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
