package verify

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
