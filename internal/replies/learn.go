package replies

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// A lesson is a text and the codes that are right for it, the likeliest first.
type lesson struct {
	text  string
	codes []string
}

// A learner counts the traits of texts by cause.
type learner struct {
	texts  map[string]int            // by cause, in parts of wholeText
	traits map[string]map[string]int // trait → cause → weight
	seen   map[string]int            // in how many texts a trait was
}

// learnLikeness counts the traits of lessons. A trait of one text alone is left out: no
// other is like that.
func (t *table) learnLikeness(lessons []lesson) *likeness {
	l := learner{map[string]int{}, map[string]map[string]int{}, map[string]int{}}
	for _, known := range lessons {
		l.take(t.traitsOfAll(passages(known.text)), known.codes)
	}
	return l.likeness()
}

func (l *learner) take(traits, codes []string) {
	weight := wholeText
	for i, code := range codes {
		if len(codes) > 1 {
			weight = wholeText >> (i + 1)
		}
		if weight == 0 {
			break
		}
		l.texts[code] += weight
		for _, trait := range traits {
			if l.traits[trait] == nil {
				l.traits[trait] = map[string]int{}
			}
			l.traits[trait][code] += weight
		}
	}
	for _, trait := range traits {
		l.seen[trait]++
	}
}

func (l *learner) likeness() *likeness {
	var out likeness
	at := map[string]int{}
	for i, code := range slices.Sorted(maps.Keys(l.texts)) {
		out.causes, at[code] = append(out.causes, cause{code: code, texts: l.texts[code]}), i
	}
	var lines strings.Builder
	for _, trait := range slices.Sorted(maps.Keys(l.traits)) {
		if l.seen[trait] < 2 {
			continue
		}
		out.known++
		lines.WriteString(trait + "\t")
		for i, code := range slices.Sorted(maps.Keys(l.traits[trait])) {
			weight := l.traits[trait][code]
			out.causes[at[code]].traits += weight
			fmt.Fprintf(&lines, "%s%d:%d", blankBefore(i), at[code], weight)
		}
		lines.WriteByte('\n')
	}
	out.traits = lines.String()
	return &out
}

func blankBefore(i int) string {
	if i == 0 {
		return ""
	}
	return " "
}
