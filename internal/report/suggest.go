package report

import "strings"

// suggest returns the candidate that was probably meant by name: the one that
// takes at most two changes of a letter; empty: none.
func suggest(name string, candidates []string) string {
	best, least := "", 3
	for _, c := range candidates {
		if d := distance(strings.ToLower(name), c); d < least && d < len(c) {
			best, least = c, d
		}
	}
	return best
}

// distance returns how many bytes must be inserted, deleted or replaced to
// make b of a (Levenshtein).
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			replaced := diagonal
			if a[i] != b[j] {
				replaced++
			}
			diagonal = row[j+1]
			row[j+1] = min(replaced, row[j]+1, diagonal+1)
		}
	}
	return row[len(b)]
}
