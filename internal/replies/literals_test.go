package replies

import (
	"math/rand/v2"
	"regexp/syntax"
	"slices"
	"strings"
	"testing"

	"mailprobe/internal/lab/detector"
)

func TestRequired(t *testing.T) {
	for _, row := range []struct{ pattern, want string }{
		{"Quota", "quota"},
		{"no", ""},
		{"bad", "bad"},
		{"user.*unknown", "unknown"},
		{"unknown.*user", "unknown"},
		{"(timeout)+", "timeout"},
		{"(timeout){2}", "timeout"},
		{"(timeout){1,2}", "timeout"},
		{"(timeout){0,2}", ""},
		{"(timeout)*", ""},
		{"(timeout)?", ""},
		{"[a-c]{3}", ""},
		{"spam(virus)?", "spam"},
		{"(?:refused|denied) by", "refused|denied"},
		{"(?:refused|no)", ""},
		{"(?:longest|tiny) user", " user"},
		{"(?:longest|tiny) us", "longest|tiny"},
		{"^$", ""},
	} {
		tree, err := syntax.Parse("(?i)"+row.pattern, syntax.Perl)
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Join(required(tree), "|"); got != row.want {
			t.Errorf("%s\ngot  %q\nwant %q", row.pattern, got, row.want)
		}
	}
}

// The literals only save time: a text that matches must never be dismissed by
// them.
func TestLiteralsNeverDismissAMatch(t *testing.T) {
	detector.Spare(t)
	table, random := embeddedTable(), rand.New(rand.NewPCG(1, 2))
	for _, f := range append([]*replyFile{table.any}, table.providers...) {
		for _, r := range f.Rows {
			tree, err := syntax.Parse("(?i)"+r.Pattern, syntax.Perl)
			if err != nil {
				t.Fatal(err)
			}
			for range 100 {
				text := matching(tree, random)
				found := slices.ContainsFunc(r.literals, func(s string) bool { return strings.Contains(strings.ToLower(text), s) })
				if len(r.literals) > 0 && !found {
					t.Errorf("%s matches %q, which has none of %q", r.Pattern, text, r.literals)
				}
			}
		}
	}
}

// matching makes a text that a pattern matches, but for what it says of the
// edges of words and lines.
func matching(tree *syntax.Regexp, random *rand.Rand) string {
	var b strings.Builder
	times := func(least, most int) {
		for range least + random.IntN(most-least+1) {
			b.WriteString(matching(tree.Sub[0], random))
		}
	}
	switch tree.Op {
	case syntax.OpLiteral:
		b.WriteString(string(tree.Rune))
	case syntax.OpCharClass:
		b.WriteRune(tree.Rune[2*random.IntN(len(tree.Rune)/2)])
	case syntax.OpAnyChar, syntax.OpAnyCharNotNL:
		b.WriteByte('x')
	case syntax.OpCapture:
		times(1, 1)
	case syntax.OpStar:
		times(0, 2)
	case syntax.OpPlus:
		times(1, 2)
	case syntax.OpQuest:
		times(0, 1)
	case syntax.OpRepeat:
		times(tree.Min, max(tree.Min, tree.Max))
	case syntax.OpAlternate:
		b.WriteString(matching(tree.Sub[random.IntN(len(tree.Sub))], random))
	case syntax.OpConcat:
		for _, sub := range tree.Sub {
			b.WriteString(matching(sub, random))
		}
	}
	return b.String()
}
