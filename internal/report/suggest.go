package report

import (
	"strings"

	"mailprobe/internal/typo"
)

// suggest returns the candidate that was probably meant by name: the one that
// is at most two slips away; empty: none.
func suggest(name string, candidates []string) string {
	best, least := "", 3
	for _, c := range candidates {
		if d := typo.Distance(strings.ToLower(name), c); d < least && d < len(c) {
			best, least = c, d
		}
	}
	return best
}
