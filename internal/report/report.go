// Package report puts documents into words: text for people, JSON for
// programs, other formats for what systems read. It decides nothing and dials
// nothing. All text from outside passes package safe on its way out, and the
// one escaping function of its format.
package report

import (
	"fmt"
	"io"
	"strings"

	"mailprobe/internal/document"
	"mailprobe/internal/language"
	"mailprobe/internal/typo"
)

// Options say how reports are written. The zero value is plain text, 80
// columns wide and without frames.
type Options struct {
	Version string // of mailprobe, for documents of several targets; empty: "unknown"
	Targets int    // how many reports will come: with 1 the JSON is that report's document, otherwise one around them
	Width   int    // columns of the text; 0: 80. Less than 20 counts as 20
	Color   bool
	Frames  bool // text: frames of box characters (U+2500 and so on)
	Plain   bool // text: whole sentences in order, no columns, for who listens to it
	Verbose bool // text: phases, capabilities and certificates as well
	Quiet   bool // text: the answer only

	Language *language.Language // of formats for people: text, markdown and html; nil: English

	Suite   *document.Suite // whose cases the reports are, with its names and number; nil: there is none
	Files   bool            // the targets may be files of settings, for formats that are of them
	Strict  bool            // a warning counts as a fault, for formats that say what counts
	Compare bool            // text: what each source says, with the verdicts
	Card    bool            // text: the report card of a domain: first what each of its sources says

	From string // html: the computer that the run was made on, as its users know it; empty: not said

	Over *document.Tally // what was verified, where not all of it is reported; nil: it is what is reported

	Summary     io.Writer // github: where the summary of the step goes; nil: there is none
	SummarySize int       // bytes that stand there already

	// Unwrapped leaves the lines of a dialogue whole, for programs that read
	// them; text for a terminal wraps and cuts them.
	Unwrapped bool
}

// over is what states and verdicts over all reports are of.
func (o Options) over(reported *document.Tally) *document.Tally {
	if o.Over != nil {
		return o.Over
	}
	return reported
}

// unreported says what the verdict over all is where it is none of those that
// are reported and told as faults, so many; empty: nothing is missing.
func (o Options) unreported(told int) string {
	if told > 0 || o.Over == nil || o.Over.Verdict() == document.Works {
		return ""
	}
	if o.Over.Verdict() == document.Fails {
		return "What was verified does not all work. What does not is as in the earlier results, and is not reported again."
	}
	return "What was verified could not all be judged, or signing in was asked for and not tested. That is as in the earlier results, and is not reported again."
}

func (o Options) width() int {
	if o.Width == 0 {
		return 80
	}
	return max(o.Width, 20)
}

// A Writer writes the reports of one run, each as it is finished: Begin, then
// each report once, then End, also where none came. Text shows them in the
// order of their Index, the other formats in that in which they come. It is
// not to be used by several goroutines at once. Errors are those of the
// underlying writer.
type Writer interface {
	Begin() error
	Report(*document.Document) error
	End() error
}

// formats are all that there are, and what a format is for alone; empty: for
// every run.
var formats = []struct {
	name string
	new  func(io.Writer, Options) Writer
	of   string
}{
	{"text", newText, ""},
	{"json", newJSON, ""},
	{"ndjson", newNDJSON, ""},
	{"junit", newJUnit, ""},
	{"github", newGitHub, ""},
	{"markdown", newMarkdown, ""},
	{"html", newHTML, ""},
	{"csv", newCSV, ""},
	{"nagios", newNagios, ""},
	{"prometheus", newPrometheus, ""},
	{"sarif", newSARIF, ofSuite},
	{"patch", newPatch, ofFiles},
}

const (
	ofSuite = "suite" // whose cases stand in a file and a line
	ofFiles = "files" // of settings
)

// Formats lists the names of the formats of every run, the default first.
func Formats() []string { return formatsOf("") }

// SuiteFormats lists those of the run of a suite.
func SuiteFormats() []string { return formatsOf(ofSuite) }

// FileFormats lists those of a run that may be of files of settings.
func FileFormats() []string { return formatsOf(ofFiles) }

func formatsOf(what string) (names []string) {
	for _, f := range formats {
		if f.of == "" || f.of == what {
			names = append(names, f.name)
		}
	}
	return names
}

// New returns a writer of a format on w. The error of an unknown name says
// which there are.
func New(format string, w io.Writer, o Options) (Writer, error) {
	for _, f := range formats {
		switch {
		case f.name != format:
		case f.of == ofSuite && o.Suite == nil:
			return nil, errNoPlace
		case f.of == ofFiles && !o.Files:
			return nil, errNoFile
		default:
			return f.new(w, o), nil
		}
	}
	known, hint := Formats(), ""
	switch {
	case o.Suite != nil:
		known = SuiteFormats()
	case o.Files:
		known = FileFormats()
	}
	if s := suggest(format, known); s != "" {
		hint = fmt.Sprintf(" (did you mean %s?)", s)
	}
	return nil, fmt.Errorf("unknown output format %q%s; there are %s", format, hint, strings.Join(known, ", "))
}

// suggest returns the candidate that was probably meant by name: the one that
// is at most two slips away; empty: none.
func suggest(name string, candidates []string) string {
	best, least := "", 3
	for _, c := range candidates {
		if d := typo.Distance(strings.ToLower(name), c); d < least && 2*d < len(c) {
			best, least = c, d
		}
	}
	return best
}
