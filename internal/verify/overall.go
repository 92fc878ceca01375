package verify

// Overall returns the verdict over several reports: Fails if one fails,
// otherwise Unknown if one could not be judged or there is none.
func Overall(reports []*Report) Verdict {
	verdict := Works
	if len(reports) == 0 {
		verdict = Unknown
	}
	for _, r := range reports {
		switch {
		case r.Verdict == Fails:
			return Fails
		case r.Verdict != Works:
			verdict = Unknown
		}
	}
	return verdict
}
