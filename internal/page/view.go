package page

import (
	_ "embed"
	"errors"
	"html/template"
	"net/http"
	"net/url"
	"strings"

	"mailprobe/internal/language"
)

//go:embed page.tmpl
var source string

//go:embed page.css
var ownStyle string

//go:embed live.js
var liveScript string

// pages holds the parts of all pages. Whatever is put into them is escaped by
// the template, for the place where it stands.
var pages = template.Must(template.New("page").Parse(source))

// A view is what a page shows. It is said in its language.
type view struct {
	*language.Language
	Languages []*language.Language
	Root      string // the path of the page
	Here      string // the path of what is shown, where it can be shown in another language
	Title     string
	Version   string
	Providers []string

	Target, User string
	Problem      string // what is wrong with the request; empty: nothing is known to be
	Field        Field  // where; empty: nowhere in particular
	Question     string // empty: none
	Mark         string // of the question

	Run    string // the id of a run; empty: none
	Folded bool   // its steps are a thing of the past

	PasteProblem string
	Explanation  Explanation
}

// view is a page in the language that a query or a form chose.
func (p *Page) view(title language.Template, chosen url.Values, args ...any) *view {
	l := p.language(chosen)
	return &view{Language: l, Languages: p.o.Languages, Root: p.Path(), Here: p.Path(), Title: l.Say(title, args...), Version: p.o.Report.Version, Providers: p.o.Providers}
}

// asked puts into the forms what was asked for.
func (v *view) asked(r Request) *view {
	v.Target, v.User = r.Target, r.User
	return v
}

// complain notes why there is no result.
func (v *view) complain(err error) {
	v.Problem = v.Say("Nothing came of it.")
	if err != nil {
		v.Problem = sentence(err)
	}
	if said, ok := errors.AsType[*refusal](err); ok {
		v.Problem = v.Say(said.text)
	}
	if problem, ok := errors.AsType[*Problem](err); ok {
		v.Field = problem.Field
	}
}

// sentence is an error as it is told to people.
func sentence(err error) string {
	text := err.Error()
	word, _, _ := strings.Cut(text, " ")
	if word != "" && !strings.ContainsFunc(word, func(r rune) bool { return r < 'a' || r > 'z' }) {
		text = strings.ToUpper(word[:1]) + text[1:]
	}
	if !strings.HasSuffix(text, ".") && !strings.HasSuffix(text, "?") {
		text += "."
	}
	return text
}

// A refusal says why the page itself does not do what is asked.
type refusal struct {
	status int
	text   language.Template
}

func (e *refusal) Error() string { return string(e.text) }

// The refusals of runs.
var (
	errBusy   = &refusal{http.StatusConflict, "As many runs go on as may at once. Wait until one of them has ended."}
	errSignIn = &refusal{http.StatusConflict, "This account is being signed in to by another run. Wait until that has ended: each wrong sign-in counts."}
)
