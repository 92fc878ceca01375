package report

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"mailprobe/internal/document"
)

// GitHub shows ten annotations of each kind for a step, and takes a summary of
// one megabyte for it.
const (
	maxAnnotations = 10
	maxSummary     = 1<<20 - 1<<10
)

// An annotation is what GitHub shows beside a job.
type annotation struct {
	rank  int // the lowest is the worst
	title string
	text  string
	file  string // empty: there is none
	line  int    // 0: not known
}

// A githubWriter writes the answer of each report, and at the end commands that
// GitHub makes annotations of: the worst first, since it shows the first ten.
// Where there is a summary of the step, it gets the reports as Markdown.
type githubWriter struct {
	w        io.Writer
	o        Options
	errors   annotations
	warnings annotations
	notices  annotations
	left     int // bytes that the summary has room for
	omitted  int // reports that it had none for
}

func newGitHub(w io.Writer, o Options) Writer {
	return inOrder(&githubWriter{w: w, o: o, left: maxSummary - o.SummarySize})
}

func (g *githubWriter) Begin() error { return nil }

func (g *githubWriter) Report(d *document.Document) error {
	g.collect(d)
	if err := g.summarise(markdown(nil, d) + "\n"); err != nil {
		return err
	}
	_, err := fmt.Fprintln(g.w, caseAnswers(nil, d))
	return err
}

func (g *githubWriter) End() error {
	if g.omitted > 0 && g.o.Summary != nil {
		if _, err := fmt.Fprintf(g.o.Summary, "\n+%s more\n", count(g.omitted, "report")); err != nil {
			return err
		}
	}
	if text := g.o.unreported(g.errors.all); text != "" {
		g.errors.add(annotation{rank: rankRun, title: "mailprobe", text: text})
	}
	if err := g.errors.write(g.w, "error"); err != nil {
		return err
	}
	if err := g.warnings.write(g.w, "warning"); err != nil {
		return err
	}
	return g.notices.write(g.w, "notice")
}

// summarise adds a report to the summary while there is room: GitHub takes none
// of one that is too long.
func (g *githubWriter) summarise(text string) error {
	switch {
	case g.o.Summary == nil:
		return nil
	case len(text) > g.left || g.omitted > 0:
		g.omitted++
		return nil
	}
	g.left -= len(text)
	_, err := io.WriteString(g.o.Summary, text)
	return err
}

// Ranks of annotations of one kind.
const (
	rankRun = iota // of the run as a whole
	rankFails
	rankUnknown
)

// collect makes annotations of what a report says.
func (g *githubWriter) collect(d *document.Document) {
	if d.Case != nil {
		g.annotate(d)
		return
	}
	before := g.errors.all
	for _, f := range d.Decisive() {
		g.errors.add(annotation{rank: rankRun, title: d.Title.String(), text: short(nil, f)})
	}
	for _, fault := range d.Faults {
		g.errors.add(annotation{rank: rankOf(d.Endpoints[fault.Endpoints[0]].Verdict), title: faultTitle(d, fault), text: faultText(d, fault)})
	}
	if d.Verdict != document.Works && g.errors.all == before {
		g.errors.add(annotation{rank: rankOf(d.Verdict), title: d.Title.String(), text: strings.Join(answer(nil, d), " ")})
	}
	for _, w := range d.Warnings {
		f := d.Warned(w)
		g.warnings.add(annotation{rank: rankFails, title: d.Title.String(), text: where(d, w, f) + short(nil, f)})
	}
}

func rankOf(verdict document.Text) int {
	if verdict == document.Fails {
		return rankFails
	}
	return rankUnknown
}

func faultTitle(d *document.Document, fault document.Fault) string {
	name := title(nil, d.Endpoints[fault.Endpoints[0]].Server)
	if more := len(fault.Endpoints) - 1; more > 0 {
		name += fmt.Sprintf(" and %d more", more)
	}
	return name
}

// faultText says what is wrong and what to do, in one paragraph.
func faultText(d *document.Document, fault document.Fault) string {
	e := &d.Endpoints[fault.Endpoints[0]]
	var said []string
	for _, f := range e.Decisive() {
		said = append(said, short(nil, f))
	}
	if len(said) == 0 {
		said = append([]string{withoutFinding(nil, e)}, seenInstead(nil, e)...)
	}
	for _, alt := range e.Instead {
		said = append(said, "Use instead: "+asTyped(nil, alt.Server)+".")
	}
	return strings.Join(said, " ")
}

// annotations are the worst of many, in their order.
type annotations struct {
	worst []annotation
	all   int
}

func (a *annotations) add(n annotation) {
	a.all++
	at, _ := slices.BinarySearchFunc(a.worst, n.rank, func(other annotation, rank int) int {
		return cmp.Or(cmp.Compare(other.rank, rank), -1) // behind those of its rank
	})
	a.worst = slices.Insert(a.worst, at, n)
	a.worst = a.worst[:min(len(a.worst), maxAnnotations)]
}

func (a *annotations) write(w io.Writer, command string) error {
	for i, n := range a.worst {
		if more := a.all - len(a.worst); more > 0 && i == len(a.worst)-1 {
			n.text += fmt.Sprintf(" +%d more", more)
		}
		if _, err := fmt.Fprintf(w, "::%s %s::%s\n", command, n.properties(), gitHubText(n.text)); err != nil {
			return err
		}
	}
	return nil
}

func (n annotation) properties() string {
	all := "title=" + gitHubProperty(n.title)
	switch {
	case n.file != "" && n.line > 0:
		all = "file=" + gitHubProperty(n.file) + fmt.Sprintf(",line=%d,", n.line) + all
	case n.file != "":
		all = "file=" + gitHubProperty(n.file) + "," + all
	}
	return all
}
