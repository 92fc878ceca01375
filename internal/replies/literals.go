package replies

import (
	"regexp/syntax"
	"slices"
	"strings"
)

// shortest is the length in bytes from which a literal tells texts apart.
const shortest = 3

// required returns literals in lower case, one of which is in every text that
// matches; nil: none can be told. Most rows are dismissed by them without a
// compiled expression.
func required(tree *syntax.Regexp) []string {
	switch tree.Op {
	case syntax.OpLiteral:
		if s := strings.ToLower(string(tree.Rune)); len(s) >= shortest {
			return []string{s}
		}
	case syntax.OpCapture, syntax.OpPlus:
		return required(tree.Sub[0])
	case syntax.OpRepeat:
		if tree.Min > 0 {
			return required(tree.Sub[0])
		}
	case syntax.OpConcat:
		var best []string
		for _, sub := range tree.Sub {
			if found := required(sub); length(found) > length(best) {
				best = found
			}
		}
		return best
	case syntax.OpAlternate:
		var all []string
		for _, sub := range tree.Sub {
			found := required(sub)
			if found == nil {
				return nil
			}
			all = append(all, found...)
		}
		return all
	}
	return nil
}

// mayHold reports whether a text in lower case has one of the literals that are
// required; true if none are known.
func mayHold(lower string, literals []string) bool {
	return len(literals) == 0 || slices.ContainsFunc(literals, func(s string) bool { return strings.Contains(lower, s) })
}

// length is that of the shortest literal of a set.
func length(set []string) int {
	least := 0
	for i, s := range set {
		if i == 0 || len(s) < least {
			least = len(s)
		}
	}
	return least
}
