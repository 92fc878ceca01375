package verify

import "cmp"

// And returns the verdict over two: Fails if one fails, Works if both do,
// otherwise Unknown. An empty one is none yet.
func (v Verdict) And(w Verdict) Verdict {
	switch {
	case v == "" || w == "":
		return v + w
	case v == Fails || w == Fails:
		return Fails
	case v == Works && w == Works:
		return Works
	}
	return Unknown
}

// Overall returns the verdict over several reports; Unknown if there is none.
func Overall(reports []*Report) Verdict {
	var v Verdict
	for _, r := range reports {
		v = v.And(cmp.Or(r.Verdict, Unknown))
	}
	return cmp.Or(v, Unknown)
}
