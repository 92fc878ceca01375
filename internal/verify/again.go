package verify

import "slices"

// Again returns the plan of what could not be judged in a report of p. There is
// none (false) where all was judged, where the user ended the run, and where a
// sign-in was rejected or may have been: it is never repeated.
func (p Plan) Again(r *Report) (Plan, bool) {
	if r.Interrupted || r.Stopped != "" {
		return p, false
	}
	p.Endpoints = slices.Clone(p.Endpoints)
	for i := len(p.Endpoints) - 1; i >= 0; i-- {
		if i >= len(r.Endpoints) || r.Endpoints[i].Verdict != Unknown {
			p.Endpoints = slices.Delete(p.Endpoints, i, i+1)
		}
	}
	return p, len(p.Endpoints) > 0
}

// Renew puts the report of Again in the place of what could not be judged. What
// is said of the run as a whole is what the later attempt found.
func (r *Report) Renew(again *Report) {
	next := 0
	for i := range r.Endpoints {
		if r.Endpoints[i].Verdict == Unknown && next < len(again.Endpoints) {
			r.Endpoints[i] = again.Endpoints[next]
			next++
		}
	}
	r.Findings, r.Stopped, r.Interrupted = again.Findings, again.Stopped, again.Interrupted
	r.Controls = append(r.Controls, again.Controls...)
	r.Took = again.Started.Add(again.Took).Sub(r.Started)
	r.Verdict = overall(r)
}
