// Package page is what one person works with in a browser on the own computer:
// forms that ask for a run or an explanation, the steps as they happen, and what
// came of it. It knows requests and who may ask; how something is verified or
// explained it is given, and it judges nothing.
package page

import (
	"context"
	"crypto/rand"
	"io"
	"net/http"

	"mailprobe/internal/auth"
	"mailprobe/internal/document"
	"mailprobe/internal/language"
	"mailprobe/internal/replies"
	"mailprobe/internal/report"
)

// A Request is what a person asks to have verified.
type Request struct {
	Target   string
	User     string             // whom to sign in as; empty: the address that is the target, if it is one
	Password auth.Secret        // for this run alone; empty: nobody signs in
	Language *language.Language // of the steps; nil: English

	agreed string // the mark of the question that was answered with yes; empty: none was
}

// A Verifier verifies what a person asked for. say is told each step in a
// sentence, from whatever goroutine. An error is a *Problem or a *Question, or
// says why nothing could be verified.
type Verifier interface {
	Verify(ctx context.Context, r Request, say func(string)) (*document.Document, error)
}

// An Explainer says what a pasted text means. An error says why it cannot be
// read.
type Explainer interface {
	Explain(text string, l *language.Language) (Explanation, error)
}

// An Explanation is what a text means.
type Explanation struct {
	Matches []replies.Match // the best first; none: see Said
	Said    string          // what is to be said where nothing has to be explained; empty: nothing was recognised
	Notes   []string        // on the text as a whole, such as that it holds what looks like a secret
}

// A Field is a place of the form.
type Field string

// The fields of the form that can be at fault.
const (
	Target   Field = "target"
	User     Field = "user"
	Password Field = "password"
)

// A Problem is what is wrong with a request, and where.
type Problem struct {
	Field Field
	Text  string // what is wrong and what to type instead, for people
}

func (p *Problem) Error() string { return p.Text }

// A Question wants a yes before anything is sent.
type Question struct{ Text string }

func (q *Question) Error() string { return q.Text }

// Options say how a page is made.
type Options struct {
	Hosts     []string // names and ports under which it is reached; a request with another Host is refused
	Verifier  Verifier
	Explainer Explainer
	Providers []string             // names that are proposed while a target is typed
	Languages []*language.Language // that can be chosen; nil is English
	Report    report.Options       // how the ticket is written, and the language unless another is chosen
}

// A Page answers a browser that knows its token. It is an http.Handler for the
// whole of a server's paths.
type Page struct {
	o      Options
	token  string
	once   once
	cross  http.CrossOriginProtection
	places chan struct{} // as many requests are answered at once
	routes *http.ServeMux
	runs   *runs
}

// New returns a page whose runs end with ctx at the latest.
func New(ctx context.Context, o Options) *Page {
	p := &Page{o: o, token: rand.Text(), places: make(chan struct{}, maxRequests), routes: http.NewServeMux(), runs: newRuns(ctx)}
	p.once.key = rand.Text()
	p.routes.HandleFunc("GET /{$}", p.home)
	p.routes.HandleFunc("GET /style.css", asset("text/css; charset=utf-8", report.Stylesheet()+ownStyle))
	p.routes.HandleFunc("GET /live.js", asset("text/javascript; charset=utf-8", liveScript))
	p.routes.HandleFunc("POST /run", p.begin)
	p.routes.HandleFunc("GET /run/{id}", p.show)
	p.routes.HandleFunc("GET /run/{id}/events", p.events)
	p.routes.HandleFunc("GET /run/{id}/ticket.html", p.ticket)
	p.routes.HandleFunc("POST /run/{id}/stop", p.stop)
	p.routes.HandleFunc("POST /explain", p.explain)
	return p
}

// Path is where the page is: whoever knows it may use the page.
func (p *Page) Path() string { return "/" + p.token + "/" }

// OpenPath leads to Path once. Others may see what a browser is started with.
func (p *Page) OpenPath() string { return openPrefix + p.once.key }

// Wait returns when no run goes on any more. No request may come meanwhile.
func (p *Page) Wait() { p.runs.wait.Wait() }

func asset(kind, text string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", kind)
		io.WriteString(w, text)
	}
}
