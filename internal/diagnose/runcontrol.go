package diagnose

import (
	"cmp"
	"slices"

	"mailprobe/internal/probe"
	"mailprobe/internal/settings"
)

// maxControls bounds the dialogues that one run holds for comparison.
const maxControls = 8

// A Comparison is a dialogue that would show whose fault another one's end is.
type Comparison struct {
	settings.Endpoint
	Until     string       // the last phase that tells
	Mechanism string       // of a sign-in that is begun without a credential and called off; empty: none is
	Family    probe.Family // zero: any
	Elsewhere bool         // at another provider than the run is about
}

// Comparisons chooses what to compare with: for each endpoint that failed in a
// way that others can share, the same port at two other providers, from
// others, and where no connection came about another port of its host, as far
// as known leaves that open; where nothing was reached, another port at
// another provider as well. A host inside a private network is compared with
// nothing outside.
func Comparisons(cases []Case, known []Control, others []settings.Endpoint) []Comparison {
	p := picker{scene: newScene(cases, known), others: others}
	for _, k := range cases {
		if !isPrivate(k.Result) || k.lies() {
			p.compare(k)
		}
	}
	if p.dark() {
		if slices.ContainsFunc(known, func(c Control) bool { return c.Elsewhere }) {
			return p.list // nothing is reached anywhere: the host's other ports tell nothing
		}
		p.add(p.stranger(), probe.Connect)
	}
	for _, k := range cases {
		how, _ := symptomOf(k.Result)
		if how == noReply || !isPrivate(k.Result) && (how == rejected || how == barred) {
			p.neighbours(k.Result.Endpoint)
		}
	}
	return p.list
}

// AtOthers chooses what to compare one dialogue with that has failed, while
// others of its run are still under way: of what Comparisons would choose the
// part that does not depend on them.
func AtOthers(k Case, others []settings.Endpoint) []Comparison {
	p := picker{scene: newScene([]Case{k}, nil), others: others}
	if !isPrivate(k.Result) || k.lies() {
		p.compare(k)
	}
	return p.list
}

// dark reports whether nothing outside was reached, so that any other server
// tells more. One other name shows by itself whether DNS knows any.
func (p *picker) dark() bool {
	outside := slices.DeleteFunc(slices.Clone(p.cases), func(k Case) bool { return isPrivate(k.Result) })
	if len(outside) == 0 || p.anyAnswers() || p.anyUnclear() {
		return false
	}
	return len(p.list) == 0 || slices.ContainsFunc(outside, func(k Case) bool { return k.reach() != unnamed })
}

// A picker puts comparisons together.
type picker struct {
	scene
	others []settings.Endpoint
	list   []Comparison
}

// compare wants to see elsewhere how the dialogue of a case ended.
func (p *picker) compare(k Case) {
	e := k.Result.Endpoint
	switch how, phase := symptomOf(k.Result); {
	case phase == probe.SignIn || phase == probe.Access:
		p.beginSignIn(e, cutAtSignIn(k.Result))
	case k.lies():
		p.elsewhereOnce(e, probe.Resolve, probe.AnyFamily)
	case how == nameless:
		p.elsewhereOnce(e, probe.Connect, probe.AnyFamily)
	case how == unharmed:
		if family, broken := brokenFamilyOf(k.Result); broken && !p.familyKnown(family, e.Port) {
			p.elsewhereOnce(e, probe.Connect, family)
		}
	case how != incomparable:
		for _, x := range p.alike(e, enough-p.seenElsewhere(k.Result, phase), k.Result) {
			p.append(Comparison{Endpoint: x, Until: phase, Family: onlyFamily(k.Result), Elsewhere: true})
		}
	}
}

// beginSignIn wants to see what becomes of a sign-in without a credential, at
// the same server and at another provider's.
func (p *picker) beginSignIn(e settings.Endpoint, mechanism string) {
	if mechanism == "" {
		return
	}
	p.append(Comparison{Endpoint: e, Until: probe.Mechanism, Mechanism: mechanism})
	for _, x := range p.alike(e, 1, nil) {
		p.append(Comparison{Endpoint: x, Until: probe.Mechanism, Mechanism: mechanism, Elsewhere: true})
	}
}

// elsewhereOnce wants one other provider, whatever wants it as well.
func (p *picker) elsewhereOnce(e settings.Endpoint, until string, family probe.Family) {
	if slices.ContainsFunc(p.list, func(c Comparison) bool { return c.Elsewhere && c.Family == family }) {
		return
	}
	for _, x := range p.alike(e, 1, nil) {
		p.append(Comparison{Endpoint: x, Until: until, Family: family, Elsewhere: true})
	}
}

func (p *picker) add(e *settings.Endpoint, until string) {
	if e != nil {
		p.append(Comparison{Endpoint: *e, Until: until, Family: probe.AnyFamily, Elsewhere: true})
	}
}

// append adds a comparison, or lets one that is there go as far.
func (p *picker) append(c Comparison) {
	for i, x := range p.list {
		if x.Address() == c.Address() && (x.Family == c.Family || c.Family == probe.AnyFamily) {
			p.list[i].Until, p.list[i].Mechanism = later(x.Until, c.Until), cmp.Or(x.Mechanism, c.Mechanism)
			return
		}
	}
	if len(p.list)+p.strangers() < maxControls {
		p.list = append(p.list, c)
	}
}

// strangers counts what was compared with other providers already.
func (p *picker) strangers() int {
	n := 0
	for _, c := range p.controls {
		if c.Elsewhere {
			n++
		}
	}
	return n
}

var phaseOrder = []string{probe.Resolve, probe.Connect, probe.TLS, probe.Greeting, probe.StartTLS, probe.Capabilities, probe.Mechanism}

func later(a, b string) string {
	if slices.Index(phaseOrder, a) > slices.Index(phaseOrder, b) {
		return a
	}
	return b
}

// enough is at how many other providers the same must be seen: one alone may
// be in trouble as well.
const enough = 2

// seenElsewhere counts at how many other hosts the port was seen to fail. One
// that goes beyond a phase is enough.
func (p *picker) seenElsewhere(r *probe.Result, phase string) int {
	n, e := 0, r.Endpoint
	for _, x := range p.sightings() {
		how, _ := symptomOf(x.result)
		switch {
		case x.Port != e.Port || sameHost(x.Host, e.Host):
		case got(phase, x.result) && !sameFamily(r, x.result):
		case got(phase, x.result):
			return enough
		case x.elsewhere && how != unharmed && how != incomparable:
			n++
		}
	}
	return n
}
