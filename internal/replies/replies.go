// Package replies knows what servers and mail programs say: tables of their
// texts, and the engine that reads a text by them. It dials nothing and judges
// no observation.
package replies

import (
	"slices"
	"strings"
	"time"

	"mailprobe/internal/finding"
	"mailprobe/internal/settings"
)

// A Query is a text to be explained and what is known of where it came from.
type Query struct {
	Text     string            // a reply, an error message, a transcript, a bounce or a finding code
	Provider string            // settings id; empty: recognised from the text, if it can be
	Protocol settings.Protocol // empty: not known
	Layer    string            // LayerAuth and the like: the text is one server's reply of that layer; empty: pasted text
	At       time.Time         // when it was said; the zero time: rows hold whatever their dates say
}

// The layers of a mail dialogue at which callers ask. Rows know others beside
// them.
const (
	LayerGreeting = "greeting"
	LayerAuth     = "auth"
	LayerToken    = "token"   // an OAuth2 server gives no token; no mail server's words apply
	LayerAccess   = "session" // after a successful sign-in
	LayerPolicy   = "policy"  // the server refuses to pass a message on
)

// A Match is one explanation of a text.
type Match struct {
	Code     string
	Severity finding.Severity
	Blame    finding.Blame // empty: nobody need act
	Layer    string        // empty: the text is a finding code
	Provider string        // the provider whose row it is; empty: any
	Title    string        // the code's own title
	Cause    string        // what happened
	Remedy   string        // what to do
	HelpURL  string        // empty: none
	Evidence string        // the line it was read from, as received; empty: none
	Judged   finding.Judged

	References []string // standards that a finding code's page names; nil with replies
}

// Explain says what a text means, best first; nil: it is not recognised. The
// text may be one reply, or anything a user can paste: a transcript, a bounce,
// a program's message, a finding code. With Query.Layer it is taken as one
// server's reply, whatever its form.
//
// Where the same words stand for several things, all are given in the order of
// their likelihood.
func Explain(q Query) []Match {
	if page, ok := pageOf(strings.TrimSpace(q.Text)); ok {
		return []Match{page}
	}
	return embeddedTable().explainText(q)
}

// Agrees reports whether a text holds replies and every one of them is one of
// success, such as "250 2.0.0 Ok": there is nothing to explain then.
func Agrees(text string) bool {
	agreed := false
	for _, p := range passages(text) {
		for _, line := range p.parts {
			w := readWording(line, "")
			if w.reply != "" && !w.success() {
				return false
			}
			agreed = agreed || w.reply != ""
		}
	}
	return agreed
}

// KnowsProvider reports whether there are rows for a provider, by its own name
// or by one that it serves.
func KnowsProvider(id string) bool {
	return id != "any" && embeddedTable().byID[strings.ToLower(id)] != nil
}

// Providers lists those of whose servers words are known: the name of each
// table. Further names are those that KnowsProvider reports. The tables
// themselves are not read for it: a list needs the names alone.
func Providers() []string {
	var names []string
	for line := range strings.Lines(compact) {
		r := recordReader{strings.TrimSuffix(line, "\n")}
		if r.next() != "provider" {
			continue
		}
		var f replyFile
		if r.read(&f); f.Provider != "any" {
			names = append(names, f.Provider)
		}
	}
	slices.Sort(names)
	return names
}

// pageOf returns the page of a finding code.
func pageOf(text string) (Match, bool) {
	if len(text) > 80 {
		return Match{}, false
	}
	page, ok := finding.PageOf(strings.ToLower(text))
	if !ok {
		return Match{}, false
	}
	return Match{Code: page.Code, Severity: page.Severity, Blame: page.Blame, Title: page.Title,
		Cause: page.Means, Remedy: page.Fix, Judged: finding.JudgedMaybe, References: page.References}, true
}
