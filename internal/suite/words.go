package suite

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Words says what a case expects, each expectation by itself.
func (c Case) Words() []string {
	all := []string{verdictWords(c.Expect.verdict())}
	all = append(all, c.Expect.words("")...)
	for _, e := range c.Endpoints {
		if e.Expect.Verdict != "" || e.Expect.Code != "" {
			all = append(all, e.Text+": "+verdictWords(e.Expect.verdict()))
		}
		all = append(all, e.Expect.words(e.Text+": ")...)
	}
	for _, k := range c.Known {
		all = append(all, fmt.Sprintf("known until %s: %s", k.Until.Format("2006-01-02"), strings.TrimSpace(k.Code+" "+k.Text)))
	}
	return all
}

// words says what is expected beside the verdict, each behind a margin.
func (e Expect) words(margin string) []string {
	var all []string
	say := func(format string, args ...any) { all = append(all, margin+fmt.Sprintf(format, args...)) }
	if e.Code != "" {
		say("finding %s", e.Code)
	}
	if e.SignIn != "" {
		say("signing in: %s", strings.ReplaceAll(e.SignIn, "_", " "))
	}
	for _, list := range []struct {
		what  string
		names Must
	}{{"capability", e.Capabilities}, {"mechanism", e.Mechanisms}} {
		for _, name := range list.names.Have {
			say("%s %s", list.what, name)
		}
		for _, name := range list.names.HaveNot {
			say("no %s %s", list.what, name)
		}
	}
	if e.MinTLS != "" {
		say("TLS %s or newer", e.MinTLS)
	}
	if e.MinDaysLeft != nil {
		say("certificate good for %d days or more", *e.MinDaysLeft)
	}
	if e.MaxTime > 0 {
		say("no longer than %s", e.MaxTime)
	}
	for _, phase := range slices.Sorted(maps.Keys(e.MaxPhases)) {
		say("%s no longer than %s", phase, e.MaxPhases[phase])
	}
	return all
}
