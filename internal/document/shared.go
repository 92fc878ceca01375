package document

import (
	"slices"

	"mailprobe/internal/finding"
	"mailprobe/internal/verify"
)

// A Fault is what keeps settings from working, or from being judged, said
// once for all of which it is the same: Decisive of any of them.
type Fault struct {
	Endpoints []int `json:"endpoints"` // indices, at least one
	Likewise  bool  `json:"likewise"`  // what is said names the first of several
}

// A Warning is one that explains no verdict, said once for all of which it is
// the same.
type Warning struct {
	Endpoints []int `json:"endpoints"` // indices; empty: it is about the run as a whole
	Finding   int   `json:"finding"`   // index among the findings of the first of them, or of the run
}

// share says what is the same for several endpoints.
func (d *Document) share(r *verify.Report) {
	d.Faults = d.faults(func(i, j int) bool { return alike(explaining(r, i), explaining(r, j)) })
	for n := range d.Faults {
		f := &d.Faults[n]
		why := explaining(r, f.Endpoints[0])
		f.Likewise = len(f.Endpoints) > 1 && len(why) > 0 && why[0].NamesSubject()
	}
	d.Warnings = d.warnings(func(a, b Warning) bool { return a.in(r).Likewise(b.in(r)) })
}

// explaining is Decisive of the endpoint i, as judged.
func explaining(r *verify.Report, i int) []finding.Finding {
	e := &r.Endpoints[i]
	return slices.DeleteFunc(slices.Clone(e.Findings), func(f finding.Finding) bool {
		return len(decisive(Text(e.Verdict), []Finding{{Severity: Text(f.Severity)}})) == 0
	})
}

func alike(a, b []finding.Finding) bool { return slices.EqualFunc(a, b, finding.Finding.Likewise) }

func (w Warning) in(r *verify.Report) finding.Finding {
	return r.Endpoints[w.Endpoints[0]].Findings[w.Finding]
}

// faults puts together the endpoints that are explained alike. Those that work
// are left out, and those that were only held back.
func (d *Document) faults(alike func(i, j int) bool) []Fault {
	list := []Fault{}
	for i := range d.Endpoints {
		e := &d.Endpoints[i]
		if e.Verdict == Works || e.HeldBack {
			continue
		}
		n := slices.IndexFunc(list, func(f Fault) bool {
			return d.Endpoints[f.Endpoints[0]].endsLike(e) && alike(f.Endpoints[0], i)
		})
		if n < 0 {
			list = append(list, Fault{Endpoints: []int{i}})
			continue
		}
		list[n].Endpoints = append(list[n].Endpoints, i)
	}
	return list
}

// endsLike reports whether two endpoints have one verdict, nothing works in
// place of either and, where no finding explains it, the same was seen.
func (e *Endpoint) endsLike(o *Endpoint) bool {
	if e.Verdict != o.Verdict || len(e.Instead)+len(o.Instead) > 0 {
		return false
	}
	return len(e.Decisive()) > 0 || e.Ran() == o.Ran() && e.Auth.Reason == o.Auth.Reason && e.failure() == o.failure()
}

// failure is the phase at which the dialogue ended, and why.
func (e *Endpoint) failure() Phase {
	if failed := e.FailedStep(); failed != nil {
		return Phase{Name: failed.Name, Error: failed.Error}
	}
	return Phase{}
}

// warnings lists the warnings, first those about the run.
func (d *Document) warnings(alike func(a, b Warning) bool) []Warning {
	list := []Warning{}
	for i, f := range d.Findings {
		if warns(d.Verdict, f) {
			list = append(list, Warning{[]int{}, i})
		}
	}
	run := len(list)
	for i := range d.Endpoints {
		for k, f := range d.Endpoints[i].Findings {
			if !warns(d.Endpoints[i].Verdict, f) {
				continue
			}
			w := Warning{[]int{i}, k}
			if n := slices.IndexFunc(list[run:], func(o Warning) bool { return alike(o, w) }); n >= 0 {
				list[run+n].Endpoints = append(list[run+n].Endpoints, i)
				continue
			}
			list = append(list, w)
		}
	}
	return list
}

func warns(verdict Text, f Finding) bool {
	return verdict != Unknown && f.Severity == Text(finding.Warning)
}

// Warned returns the finding that a warning of d is about.
func (d *Document) Warned(w Warning) Finding {
	if len(w.Endpoints) == 0 {
		return d.Findings[w.Finding]
	}
	return d.Endpoints[w.Endpoints[0]].Findings[w.Finding]
}
