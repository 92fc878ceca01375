package page

import (
	"context"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"mailprobe/internal/document"
	"mailprobe/internal/language"
	"mailprobe/internal/replies"
	"mailprobe/internal/report"
	"mailprobe/internal/verify"
)

const canary = "c4nary-pa55word"

// A desk is a page whose runs do what a test wants, at a server.
type desk struct {
	*Page
	verify  func(ctx context.Context, r Request, say func(string)) (*document.Document, error)
	asked   chan Request
	explain func(string) (Explanation, error)
}

func (d *desk) Verify(ctx context.Context, r Request, say func(string)) (*document.Document, error) {
	d.asked <- r
	return d.verify(ctx, r, say)
}

func (d *desk) Explain(text string, _ *language.Language) (Explanation, error) {
	return d.explain(text)
}

const host = "127.0.0.1:1234"

// newDesk returns one whose runs say two lines and work.
func newDesk(t *testing.T) *desk {
	t.Helper()
	d := &desk{asked: make(chan Request, 100)}
	d.verify = func(_ context.Context, r Request, say func(string)) (*document.Document, error) {
		say("first <b>step</b>\r\ndata: forged")
		say("second step")
		return document.Of(&verify.Report{Target: r.Target, Started: time.Now(), Verdict: verify.Works}, "v0"), nil
	}
	d.explain = func(text string) (Explanation, error) {
		return Explanation{Matches: replies.Explain(replies.Query{Text: text})}, nil
	}
	ctx, end := context.WithCancel(context.Background())
	d.Page = New(ctx, Options{Hosts: []string{host, "localhost:1234"}, Verifier: d, Explainer: d, Report: report.Options{Version: "v0"}})
	t.Cleanup(func() {
		end()
		d.Wait()
	})
	return d
}

// An ask is a request as it comes.
type ask struct {
	method, path, host string
	header             map[string]string
	body               string
}

func (d *desk) ask(t *testing.T, a ask) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), a.method, "http://"+host+a.path, strings.NewReader(a.body))
	if a.host != "" {
		r.Host = a.host
	}
	if a.method == "POST" {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for name, value := range a.header {
		r.Header.Set(name, value)
	}
	w := httptest.NewRecorder()
	d.ServeHTTP(w, r)
	return w
}

// post sends a form of the page.
func (d *desk) post(t *testing.T, path string, fields url.Values) *httptest.ResponseRecorder {
	t.Helper()
	return d.ask(t, ask{method: "POST", path: d.Path() + path, header: map[string]string{"Origin": "http://" + host, "Sec-Fetch-Site": "same-origin"}, body: fields.Encode()})
}

func (d *desk) get(t *testing.T, path string) *httptest.ResponseRecorder {
	t.Helper()
	return d.ask(t, ask{method: "GET", path: path})
}

// asks returns what was asked to be verified so far.
func (d *desk) asks() (all []Request) {
	for {
		select {
		case r := <-d.asked:
			all = append(all, r)
		default:
			return all
		}
	}
}

// TestWhoMayAsk: whoever does not know the token, or comes from elsewhere, is
// refused, and nothing is run.
func TestWhoMayAsk(t *testing.T) {
	d := newDesk(t)
	run := url.Values{"target": {"gmail"}}.Encode()
	for name, row := range map[string]struct {
		ask
		status int
	}{
		"the page":                     {ask{method: "GET", path: d.Path()}, 200},
		"by another name of its own":   {ask{method: "GET", path: d.Path(), host: "LOCALHOST:1234"}, 200},
		"without the last slash":       {ask{method: "GET", path: strings.TrimSuffix(d.Path(), "/")}, 303},
		"a form of its own":            {ask{method: "POST", path: d.Path() + "run", header: map[string]string{"Origin": "http://" + host, "Sec-Fetch-Site": "same-origin"}, body: run}, 303},
		"a program without an origin":  {ask{method: "POST", path: d.Path() + "run", body: run}, 303},
		"no token":                     {ask{method: "GET", path: "/"}, 403},
		"no token for a file":          {ask{method: "GET", path: "/live.js"}, 403},
		"no token for a form":          {ask{method: "POST", path: "/run", body: run}, 403},
		"half a token":                 {ask{method: "GET", path: d.Path()[:10] + "/"}, 403},
		"another token":                {ask{method: "GET", path: "/" + strings.Repeat("A", 26) + "/"}, 403},
		"the token in the query":       {ask{method: "GET", path: "/?token=" + d.token}, 403},
		"the token behind a place":     {ask{method: "GET", path: "/run" + d.Path()}, 403},
		"the token as a header":        {ask{method: "GET", path: "/", header: map[string]string{"Authorization": "Bearer " + d.token}}, 403},
		"the token as a cookie":        {ask{method: "GET", path: "/", header: map[string]string{"Cookie": "token=" + d.token}}, 403},
		"a foreign host":               {ask{method: "GET", path: d.Path(), host: "evil.example:1234"}, 403},
		"its address without the port": {ask{method: "GET", path: d.Path(), host: "127.0.0.1"}, 403},
		"no host":                      {ask{method: "GET", path: d.Path(), host: " "}, 403},
		"a foreign origin":             {ask{method: "POST", path: d.Path() + "run", header: map[string]string{"Origin": "http://evil.example"}, body: run}, 403},
		"a hidden origin":              {ask{method: "POST", path: d.Path() + "run", header: map[string]string{"Origin": "null"}, body: run}, 403},
		"another scheme":               {ask{method: "POST", path: d.Path() + "run", header: map[string]string{"Origin": "https://" + host}, body: run}, 403},
		"another port":                 {ask{method: "POST", path: d.Path() + "run", header: map[string]string{"Origin": "http://127.0.0.1:80"}, body: run}, 403},
		"a foreign origin that reads":  {ask{method: "GET", path: d.Path(), header: map[string]string{"Origin": "http://evil.example"}}, 403},
		"another site":                 {ask{method: "POST", path: d.Path() + "run", header: map[string]string{"Sec-Fetch-Site": "cross-site"}, body: run}, 403},
		"another port of this site":    {ask{method: "POST", path: d.Path() + "run", header: map[string]string{"Sec-Fetch-Site": "same-site"}, body: run}, 403},
		"a link that would run":        {ask{method: "GET", path: d.Path() + "run?" + run}, 405},
		"a link that would explain":    {ask{method: "GET", path: d.Path() + "explain?text=535"}, 405},
		"a form in the address":        {ask{method: "POST", path: d.Path() + "run?" + run}, 422},
		"a form of another kind":       {ask{method: "POST", path: d.Path() + "run", header: map[string]string{"Content-Type": "text/plain"}, body: run}, 415},
		"a form that is too long":      {ask{method: "POST", path: d.Path() + "run", body: run + "&password=" + strings.Repeat("x", maxRequest)}, 413},
		"a text that is too long":      {ask{method: "POST", path: d.Path() + "explain", body: "text=" + strings.Repeat("x", maxPasted)}, 413},
		"a form that is none":          {ask{method: "POST", path: d.Path() + "run", body: "target=%zz"}, 400},
		"a run that is not there":      {ask{method: "GET", path: d.Path() + "run/x"}, 404},
		"the steps of such a run":      {ask{method: "GET", path: d.Path() + "run/x/events"}, 404},
		"a path beside it":             {ask{method: "GET", path: d.Path() + "etc/passwd"}, 404},
	} {
		w := d.ask(t, row.ask)
		d.Wait()
		if ran := len(d.asks()); w.Code != row.status || (ran > 0) != (row.status == 303 && row.method == "POST") {
			t.Errorf("%s\ngot  %d, %d runs\nwant %d", name, w.Code, ran, row.status)
		}
		if row.status == 403 && strings.Contains(w.Body.String(), d.token) {
			t.Errorf("%s: the refusal holds the token", name)
		}
		for header, want := range map[string]string{"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff", "Content-Security-Policy": policy, "Referrer-Policy": "same-origin"} {
			if got := w.Header().Get(header); got != want {
				t.Errorf("%s: %s\ngot  %s\nwant %s", name, header, got, want)
			}
		}
	}
}

// TestOpensOnce: what a browser is started with, others can see; it opens once.
func TestOpensOnce(t *testing.T) {
	d := newDesk(t)
	for name, row := range map[string]ask{"a guess": {method: "GET", path: openPrefix + "x"}, "nothing": {method: "GET", path: openPrefix}, "a form": {method: "POST", path: d.OpenPath()}} {
		if w := d.ask(t, row); w.Code != 403 {
			t.Errorf("%s\ngot  %d\nwant 403", name, w.Code)
		}
	}
	if w := d.get(t, d.OpenPath()); w.Code != 303 || w.Header().Get("Location") != d.Path() {
		t.Errorf("\ngot  %d %s\nwant 303 %s", w.Code, w.Header().Get("Location"), d.Path())
	}
	if w := d.get(t, d.OpenPath()); w.Code != 403 {
		t.Errorf("\ngot  %d\nwant 403", w.Code)
	}
}

// TestRun follows a run without a script and with one: the password comes to the
// run and is in nothing that comes back.
func TestRun(t *testing.T) {
	d := newDesk(t)
	form := url.Values{"target": {" me@gmail.com "}, "user": {"<i>you</i>@gmail.com"}, "password": {canary}}
	begun := d.post(t, "run", form)
	at, _, _ := strings.Cut(begun.Header().Get("Location"), "?")
	d.Wait()
	if asked := d.asks(); len(asked) != 1 || asked[0].Target != "me@gmail.com" || asked[0].Password.Empty() || asked[0].Language != nil {
		t.Fatalf("got  %+v", asked)
	}
	answers := map[string]string{"the redirect": begun.Body.String() + begun.Header().Get("Location")}
	for _, path := range []string{at, at + "?live", at + "/events", at + "/ticket.html", d.Path()} {
		w := d.get(t, path)
		answers[path] = w.Body.String()
		if w.Code != 200 {
			t.Errorf("%s\ngot  %d", path, w.Code)
		}
	}
	for _, target := range []string{"", "imaps://me:" + canary + "@imap.example.com", canary + strings.Repeat("x", maxTarget)} {
		form.Set("target", target)
		answers["with the target "+target] = d.post(t, "run", form).Body.String()
	}
	for name, text := range answers {
		if strings.Contains(text, canary) || name != at+"/events" && strings.Contains(text, "<b>step") || strings.Contains(text, "<i>you") {
			t.Errorf("%s holds what it must not: %s", name, text)
		}
	}
	for path, want := range map[string]string{at: "first &lt;b&gt;step&lt;/b&gt;  data: forged</li>", at + "/events": "id: 1\ndata: second step\n\nevent: over", at + "/ticket.html": "<!DOCTYPE html>"} {
		if !strings.Contains(answers[path], want) {
			t.Errorf("%s\ngot  %s\nwant %s", path, answers[path], want)
		}
	}
}

// TestOutcomes: what came of a run, and the form for the next one.
func TestOutcomes(t *testing.T) {
	d := newDesk(t)
	question := &Question{"evil.example is no server of Gmail."}
	d.verify = func(_ context.Context, r Request, _ func(string)) (*document.Document, error) {
		switch {
		case r.Target == "typo":
			return nil, &Problem{Target, "did you mean gmail?"}
		case r.Target == "lost":
			return nil, io.ErrUnexpectedEOF
		case !r.Agreed(question.Text):
			return nil, question
		}
		return document.Of(&verify.Report{Target: r.Target, Started: time.Now(), Verdict: verify.Works}, "v0"), nil
	}
	yes := mark("evil", "", question.Text)
	for name, row := range map[string]struct {
		form url.Values
		want string
	}{
		"a typo":                      {url.Values{"target": {"typo"}}, `aria-invalid="true" autofocus`},
		"something else":              {url.Values{"target": {"lost"}}, "Unexpected EOF."},
		"a question":                  {url.Values{"target": {"evil"}, "password": {canary}}, `value="` + yes + `"`},
		"a question that is answered": {url.Values{"target": {"evil"}, "agreed": {yes}}, "Save the ticket"},
		"an answer to another":        {url.Values{"target": {"other"}, "agreed": {yes}}, "Sign in all the same"},
		"an answer for another user":  {url.Values{"target": {"evil"}, "user": {"you"}, "agreed": {yes}}, "Sign in all the same"},
	} {
		w := d.get(t, d.post(t, "run", row.form).Header().Get("Location"))
		if got := w.Body.String(); !strings.Contains(got, row.want) || strings.Contains(got, canary) {
			t.Errorf("%s\ngot  %s\nwant %s", name, got, row.want)
		}
	}
}

// TestExplain: the text is not shown again, but for the line that it was read
// from.
func TestExplain(t *testing.T) {
	d := newDesk(t)
	w := d.post(t, "explain", url.Values{"text": {"my password is " + canary + "\n535 5.7.8 Username and Password not accepted"}})
	if got := w.Body.String(); w.Code != 200 || !strings.Contains(got, "Read from") || strings.Contains(got, canary) {
		t.Errorf("got  %d %s", w.Code, got)
	}
	for want, said := range map[string]func(string) (Explanation, error){
		"Not recognised":         func(string) (Explanation, error) { return Explanation{}, nil },
		"Nothing is wrong":       func(string) (Explanation, error) { return Explanation{Said: "Nothing is wrong"}, nil },
		"looks like a token":     func(string) (Explanation, error) { return Explanation{Notes: []string{"it looks like a token"}}, nil },
		`id="paste-problem"`:     func(string) (Explanation, error) { return Explanation{}, io.ErrUnexpectedEOF },
		`<label for="text">What`: d.explain,
	} {
		d.explain = said
		if got := d.post(t, "explain", url.Values{"text": {"x"}}).Body.String(); !strings.Contains(got, want) {
			t.Errorf("\ngot  %s\nwant %s", got, want)
		}
	}
}

// TestBounds: so many runs at once, one for each account that is signed in to,
// and so many that are kept.
func TestBounds(t *testing.T) {
	d := newDesk(t)
	var going sync.WaitGroup
	going.Add(1)
	works := d.verify
	d.verify = func(ctx context.Context, r Request, say func(string)) (*document.Document, error) {
		going.Wait()
		return works(ctx, r, say)
	}
	signIn := url.Values{"target": {"gmail"}, "user": {"me@gmail.com"}, "password": {canary}}
	first := d.post(t, "run", signIn).Header().Get("Location")
	signIn["user"] = []string{"ME@gmail.com"}
	if w := d.post(t, "run", signIn); w.Code != 409 || !strings.Contains(w.Body.String(), errSignIn.Error()) || strings.Contains(w.Body.String(), canary) {
		t.Errorf("the same account\ngot  %d %s", w.Code, w.Body)
	}
	for range maxRunning - 1 {
		d.post(t, "run", url.Values{"target": {"gmail"}})
	}
	if w := d.post(t, "run", url.Values{"target": {"gmail"}}); w.Code != 409 || !strings.Contains(w.Body.String(), errBusy.Error()) {
		t.Errorf("one too many\ngot  %d %s", w.Code, w.Body)
	}
	going.Done()
	d.Wait()
	for range MaxKept {
		d.post(t, "run", url.Values{"target": {"gmail"}})
		d.Wait()
	}
	if w := d.get(t, first); w.Code != 404 || len(d.runs.list) != MaxKept {
		t.Errorf("the oldest\ngot  %d, %d kept\nwant 404, %d", w.Code, len(d.runs.list), MaxKept)
	}
}

// TestLanguages: a choice is shown where there is one, what is not there is not
// taken, and what came of a run can be read in any of them.
func TestLanguages(t *testing.T) {
	d := newDesk(t)
	if got := d.get(t, d.Path()).Body.String(); strings.Contains(got, "<nav") {
		t.Errorf("there is one language, and a choice: %s", got)
	}
	german, err := language.Named("de")
	if err != nil {
		t.Fatal(err)
	}
	d.o.Languages = []*language.Language{nil, german}
	run, _, _ := strings.Cut(d.post(t, "run", url.Values{"target": {"gmail"}, "language": {"de"}}).Header().Get("Location"), "?")
	if asked := <-d.asked; asked.Language != german {
		t.Errorf("got  %v", asked.Language.Tag())
	}
	for path, want := range map[string]string{
		d.Path(): `lang="en"`, d.Path() + "?language=de": `lang="de"`, d.Path() + "?language=xx": `lang="en"`, run + "?language=de": `<html lang="de">`,
		run + "?language=en": `<a href="` + run + `?language=de" hreflang="de" lang="de">Deutsch</a>`, run + "/ticket.html?language=de": `<html lang="de">`,
	} {
		if got := d.get(t, path).Body.String(); !strings.Contains(got, want) {
			t.Errorf("%s\ngot  %s\nwant %s", path, got, want)
		}
	}
}

// TestMethods: only what the page's own forms send is taken.
func TestMethods(t *testing.T) {
	d := newDesk(t)
	for path := range maps.Keys(map[string]bool{"": true, "run": true, "explain": true}) {
		for _, method := range []string{http.MethodPut, http.MethodDelete, http.MethodOptions, "TRACE"} {
			if w := d.ask(t, ask{method: method, path: d.Path() + path}); w.Code != 405 {
				t.Errorf("%s %s\ngot  %d\nwant 405", method, path, w.Code)
			}
		}
	}
}
