// Package typo tells how near two words are, so that a slip of the finger can
// be answered with what was meant.
package typo

// Longest is how much of a word is compared, in bytes. No host name is longer.
const Longest = 253

// Distance counts the slips that turn a into b: a letter too many, too few,
// wrong, or two neighbours swapped (Damerau-Levenshtein, optimal string
// alignment). Case matters.
func Distance(a, b string) int {
	x, y := []rune(a[:min(len(a), Longest)]), []rune(b[:min(len(b), Longest)])
	var before []int // two rows up
	above := make([]int, len(y)+1)
	for j := range above {
		above[j] = j
	}
	for i := 1; i <= len(x); i++ {
		row := make([]int, len(y)+1)
		row[0] = i
		for j := 1; j <= len(y); j++ {
			wrong := above[j-1]
			if x[i-1] != y[j-1] {
				wrong++
			}
			row[j] = min(wrong, above[j]+1, row[j-1]+1)
			if i > 1 && j > 1 && x[i-1] == y[j-2] && x[i-2] == y[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		before, above = above, row
	}
	return above[len(y)]
}
