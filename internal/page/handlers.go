package page

import (
	"errors"
	"net/http"
	"net/url"

	"mailprobe/internal/report"
)

func (p *Page) home(w http.ResponseWriter, r *http.Request) {
	p.write(w, http.StatusOK, "home", p.view("Check mail settings", r.URL.Query()))
}

// begin starts a run and leads to it.
func (p *Page) begin(w http.ResponseWriter, r *http.Request) {
	values, err := form(w, r, maxRequest)
	if err != nil {
		p.wrong(w, values, err)
		return
	}
	asked := p.request(values)
	if problem := asked.check(); problem != nil {
		values.Set("target", "") // it may hold a password
		p.wrong(w, values, problem)
		return
	}
	started, err := p.runs.start(p.o.Verifier, asked)
	if err != nil {
		p.wrong(w, values, err)
		return
	}
	query := url.Values{"language": {asked.Language.Tag()}}
	if values.Get("live") != "" {
		query.Set("live", "1")
	}
	http.Redirect(w, r, p.Path()+"run/"+started.id+"?"+query.Encode(), http.StatusSeeOther)
}

// wrong shows the forms again, and what is wrong.
func (p *Page) wrong(w http.ResponseWriter, values url.Values, err error) {
	status := http.StatusUnprocessableEntity
	if refused, ok := errors.AsType[*refusal](err); ok {
		status = refused.status
	}
	v := p.view("Check mail settings", values).asked(p.request(values))
	v.complain(err)
	p.write(w, status, "home", v)
}

// found returns the run that a path names, or says that it is not there.
func (p *Page) found(w http.ResponseWriter, r *http.Request) *run {
	one := p.runs.find(r.PathValue("id"))
	if one == nil {
		v := p.view("Check mail settings", r.URL.Query())
		v.Problem = v.Say("This run is not kept any more. Start it again.")
		p.write(w, http.StatusNotFound, "home", v)
	}
	return one
}

// show shows what came of a run, or the steps as they happen: by the script, or
// in an answer that grows.
func (p *Page) show(w http.ResponseWriter, r *http.Request) {
	one := p.found(w, r)
	if one == nil {
		return
	}
	v := p.view("Checking {target}", r.URL.Query(), "target", one.target).asked(Request{Target: one.target, User: one.user})
	v.Run, v.Here, v.Folded = one.id, p.Path()+"run/"+one.id, one.ended()
	if r.URL.Query().Has("live") && !v.Folded {
		p.write(w, http.StatusOK, "live", v)
		return
	}
	s := p.stream(w)
	s.part("top", v)
	s.part("steps", v)
	step := func(_ int, line string) error {
		s.part("step", line)
		return s.flush()
	}
	if one.watch(r.Context(), 0, step) == nil {
		s.part("stepsend", v)
		p.outcome(s, one, v)
		s.part("bottom", v)
	}
}

// outcome shows what came of a run that is over.
func (p *Page) outcome(s *stream, one *run, v *view) {
	s.part("result", v)
	switch question, asks := errors.AsType[*Question](one.err); {
	case one.err == nil && one.document != nil:
		s.err = errors.Join(s.err, report.HTMLResult(s.w, one.document, p.reportIn(v)))
		s.part("after", v)
	case asks:
		v.Question, v.Mark = question.Text, mark(one.target, one.user, question.Text)
	default:
		v.complain(one.err)
	}
	s.part("resultend", v)
	s.part("home", v)
}

// reportIn is how reports are written in the language of a view.
func (p *Page) reportIn(v *view) report.Options {
	o := p.o.Report
	o.Language, o.Targets = v.Language, 1
	return o
}

// ticket gives out the report of a run, to be saved.
func (p *Page) ticket(w http.ResponseWriter, r *http.Request) {
	one := p.found(w, r)
	if one == nil {
		return
	}
	if !one.ended() || one.document == nil {
		http.NotFound(w, r)
		return
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Disposition", `attachment; filename="ticket.html"`)
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox")
	ticket, err := report.New("html", w, p.reportIn(p.view("", r.URL.Query())))
	if err == nil && ticket.Begin() == nil && ticket.Report(one.document) == nil {
		ticket.End()
	}
}

// stop ends a run. What is known by then is shown.
func (p *Page) stop(w http.ResponseWriter, r *http.Request) {
	if one := p.found(w, r); one != nil {
		one.cancel()
		http.Redirect(w, r, p.Path()+"run/"+one.id+"?"+url.Values{"language": r.URL.Query()["language"]}.Encode(), http.StatusSeeOther)
	}
}

// explain says what a text means. The text is not shown again: it may hold a
// secret.
func (p *Page) explain(w http.ResponseWriter, r *http.Request) {
	values, err := form(w, r, maxPasted)
	if err != nil {
		p.wrong(w, values, err)
		return
	}
	v := p.view("What it means", values)
	found, err := p.o.Explainer.Explain(values.Get("text"), v.Language)
	if err != nil {
		v.PasteProblem = sentence(err)
		p.write(w, http.StatusUnprocessableEntity, "pasteform", v)
		return
	}
	s := p.stream(w)
	v.Explanation = found
	s.part("top", v)
	s.part("explained", v)
	if s.err == nil && found.Said == "" {
		s.err = report.ExplainHTML(w, found.Matches, p.reportIn(v))
	}
	s.part("pasteform", v)
	s.part("bottom", v)
}
