package suite

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"mailprobe/internal/document"
	"mailprobe/internal/finding"
	"mailprobe/internal/settings"
)

// consistent refuses what can never be as a case says, whatever its servers do.
func (r *reader) consistent(c Case) {
	r.sound(c, "expect", c.Expect, Expect{})
	expected := map[failure]bool{{code: c.Expect.Code}: true}
	before := map[Selector]EndpointExpect{}
	for i, e := range c.Endpoints {
		at := fmt.Sprintf("endpoints.%d", i)
		r.sound(c, at+".expect", e.Expect, c.Expect)
		r.lookedAt(c, at+".endpoint", e.Selector)
		expected[failure{e.Expect.Code, e.bare()}] = true
		if twice, there := before[e.bare()]; there {
			r.wrongAt(c, at+".endpoint", "%s is named twice, first in line %d; put what is expected of it into one", e.Text, twice.Line)
			continue
		}
		r.amongOthers(c, at, e, before)
		before[e.bare()] = e
	}
	known := map[failure]Known{}
	for i, k := range c.Known {
		r.knownOnce(c, fmt.Sprintf("known_failures.%d", i), k, expected, known)
	}
}

// A failure is a finding at some endpoints.
type failure struct {
	code string
	at   Selector // without its text
}

// sound holds what is expected against itself, and against what is expected of
// the whole target.
func (r *reader) sound(c Case, at string, x, whole Expect) {
	page, _ := finding.PageOf(x.Code)
	if x.Verdict == "works" && page.Severity == finding.Error {
		r.wrongAt(c, at+".code", "%s is a fault, and what has it does not work; leave out the verdict, or the code", x.Code)
	}
	if key, clash := x.clash(x, whole); clash != "" {
		r.wrongAt(c, at+"."+key, "%s", clash)
	}
	verdict := x.verdict()
	if x.Verdict == "" && x.Code == "" {
		verdict = whole.verdict()
	}
	r.signInSound(c, at+".sign_in", x.SignIn, verdict)
}

// signInSound holds what is expected of signing in against who signs in, and
// against the verdict.
func (r *reader) signInSound(c Case, at, want string, verdict document.Text) {
	works := verdict == document.Works && len(c.Known) == 0
	switch signsIn := c.SignsIn(); {
	case want == "" || want == "not_tested" && !signsIn:
	case !signsIn && strings.EqualFold(c.Auth, "none"):
		r.wrongAt(c, at, "sign_in %s, and with auth: none nobody signs in; leave one of them out", want)
	case !signsIn:
		r.wrongAt(c, at, "sign_in %s, and nobody signs in; add user: ADDRESS and secret:, or leave it out", want)
	case want == "rejected" && works:
		r.wrongAt(c, at, "sign_in rejected, and what rejects does not work; add verdict: fails, or a code such as auth.rejected")
	case want == "not_tested" && works:
		r.wrongAt(c, at, "sign_in not_tested, and a sign-in that was asked for and not tested never counts as working; leave out the user, or add auth: none")
	}
}

// clash says what x wants that another expectation of the same endpoints does
// not, and at which key; empty: nothing.
func (x Expect) clash(others ...Expect) (key, text string) {
	for _, other := range others {
		if x.SignIn != "" && other.SignIn != "" && x.SignIn != other.SignIn {
			return "sign_in", fmt.Sprintf("sign_in %s, and it is to be %s as well; leave one of them out", x.SignIn, other.SignIn)
		}
		for _, list := range []struct {
			key      string
			one, two Must
		}{{"capabilities", x.Capabilities, other.Capabilities}, {"mechanisms", x.Mechanisms, other.Mechanisms}} {
			if name := cmp.Or(common(list.one.HaveNot, list.two.Have), common(list.one.Have, list.two.HaveNot)); name != "" {
				return list.key, fmt.Sprintf("%s: %s must be there and must not; leave it out of one of them", list.key, name)
			}
		}
	}
	return "", ""
}

// common returns a name that is in both lists; empty: none is.
func common(a, b []string) string {
	for _, name := range a {
		if slices.ContainsFunc(b, func(other string) bool { return strings.EqualFold(name, other) }) {
			return name
		}
	}
	return ""
}

// amongOthers holds what is expected of endpoints against what is expected of
// all of their protocol, in whatever order they stand.
func (r *reader) amongOthers(c Case, at string, e EndpointExpect, before map[Selector]EndpointExpect) {
	if all, there := before[Selector{Protocol: e.Protocol}]; there {
		r.together(c, at, e, all)
		return
	}
	if e.Endpoint != (settings.Endpoint{}) {
		return
	}
	for _, one := range c.Endpoints {
		if earlier, there := before[one.bare()]; there && earlier.Protocol == e.Protocol && r.together(c, at, e, earlier) {
			return
		}
	}
}

// together holds two expectations of the same endpoints against each other, and
// reports whether they cannot both be met.
func (r *reader) together(c Case, at string, e, before EndpointExpect) bool {
	said := func(x Expect) bool { return x.Verdict != "" || x.Code != "" }
	if said(e.Expect) && said(before.Expect) && e.Expect.verdict() != before.Expect.verdict() {
		r.wrongAt(c, at+".endpoint", "%s: %s is expected here, and line %d expects of it: %s; leave one of them out",
			e.Text, verdictWords(e.Expect.verdict()), before.Line, verdictWords(before.Expect.verdict()))
		return true
	}
	key, clash := e.Expect.clash(before.Expect)
	if clash != "" {
		r.wrongAt(c, at+".expect."+key, "%s (line %d)", clash, before.Line)
	}
	return clash != ""
}

// knownOnce refuses a failure that is known twice, and one that is expected.
func (r *reader) knownOnce(c Case, at string, k Known, expected map[failure]bool, known map[failure]Known) {
	r.lookedAt(c, at+".endpoint", k.Selector)
	this := failure{k.Code, k.bare()}
	if expected[this] {
		r.wrongAt(c, at+".code", "%s is expected, and so is no failure; leave out the code that is expected, or the known failure", k.Code)
	}
	if before, there := known[this]; there {
		r.wrongAt(c, at+".code", "%s is known already, in line %d; leave one of them out", k.Code, before.Line)
	}
	known[this] = k
}

// lookedAt refuses endpoints that the case leaves out.
func (r *reader) lookedAt(c Case, at string, s Selector) {
	if s.Protocol != "" && len(c.Only) > 0 && !slices.Contains(c.Only, string(s.Protocol)) {
		r.wrongAt(c, at, "%s is left out by only: [%s]; add it there, or leave it out here", s.Text, strings.Join(c.Only, ", "))
	}
}

func (r *reader) wrongAt(c Case, key, format string, args ...any) {
	at, text := r.places.of(c.path, key), fmt.Sprintf(format, args...)
	if at.shared {
		text += fmt.Sprintf(" (the case in line %d has it of the defaults)", c.Line)
	}
	r.problems = append(r.problems, Problem{r.file, at.line, at.column, text})
}
