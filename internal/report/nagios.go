package report

import (
	"fmt"
	"io"
	"strings"

	"mailprobe/internal/document"
	"mailprobe/internal/safe"
)

// Bounds on the one line: what a monitoring system takes of it is limited, and
// cuts what is longer where it stands.
const (
	maxNagiosText = 1000 // columns
	maxNagiosData = 6000 // bytes
	maxNagiosSaid = 5    // reports that are told in words
)

// A nagiosWriter writes the one line of a plugin of Nagios, Icinga and their
// kin: the state, the answer, and behind a bar how long each phase took and how
// many days each certificate has left. The worst report is told first.
type nagiosWriter struct {
	w      io.Writer
	o      Options
	tally  document.Tally
	said   [3][]string // of reports that fail, are not judged, work
	data   strings.Builder
	hosts  unique
	labels unique
}

func newNagios(w io.Writer, o Options) Writer {
	return inOrder(&nagiosWriter{w: w, o: o, hosts: unique{}, labels: unique{}})
}

func (n *nagiosWriter) Begin() error { return nil }

func (n *nagiosWriter) Report(d *document.Document) error {
	n.tally.Add(d)
	at := map[document.Text]int{document.Fails: 0, document.Works: 2}
	i, judged := at[d.Counted()]
	if !judged {
		i = 1
	}
	if len(n.said[i]) < maxNagiosSaid {
		n.said[i] = append(n.said[i], nagiosAnswer(d))
	}
	for i := range d.Endpoints {
		n.measure(&d.Endpoints[i])
	}
	return nil
}

func (n *nagiosWriter) End() error {
	text := "nothing was verified"
	var all []string
	for _, said := range n.said {
		all = append(all, said...)
	}
	if len(all) > 0 {
		text = strings.Join(all[:min(len(all), maxNagiosSaid)], " / ")
	}
	over := n.o.over(&n.tally)
	if len(all) == 0 && over != &n.tally {
		text = "nothing to report that differs from earlier results"
	}
	if more := n.tally.Reports() - maxNagiosSaid; more > 0 {
		text += fmt.Sprintf(" / and %s more", count(more, "target"))
	}
	if over.Reports() < n.o.Targets {
		text += " / the run ended before its end"
	}
	line := NagiosLine(over.State(n.o.Targets, n.o.Strict), text)
	if n.data.Len() > 0 {
		line += " |" + n.data.String()
	}
	_, err := io.WriteString(n.w, line+"\n")
	return err
}

// NagiosLine returns what a plugin says, without what it has measured.
func NagiosLine(state document.State, text string) string {
	return "MAILPROBE " + string(state) + " - " + nagiosText(text)
}

// nagiosAnswer is the answer, with what is wrong at first.
func nagiosAnswer(d *document.Document) string {
	if d.Case != nil {
		return strings.Join(append([]string{caseAnswer(nil, d.Case)}, unmetLines(nil, d.Case)...), " ")
	}
	text := strings.Join(answer(nil, d), " ")
	why := d.Decisive()
	for _, f := range d.Faults {
		why = append(why, d.Endpoints[f.Endpoints[0]].Decisive()...)
	}
	if n := len(drift(nil, d)); n > 0 {
		text += " " + count(n, "change") + " since the baseline."
	}
	switch {
	case len(why) > 0:
		text += " " + why[0].Message.String() + " [" + why[0].Code.String() + "]"
	case len(d.Warnings) > 0:
		text += " Warning: " + d.Warned(d.Warnings[0]).Message.String()
	}
	return text
}

// measure adds what was measured at an endpoint: days left first, since that is
// what thresholds are set on.
func (n *nagiosWriter) measure(e *document.Endpoint) {
	name := n.hosts.name(nagiosLabel(string(e.Protocol) + " " + e.Server.Endpoint().Address()))
	if c := e.Used().Certificate; c != nil {
		n.add(name+" days_left", fmt.Sprint(c.DaysLeft))
	}
	for _, ph := range e.Phases {
		if ph.Status != document.Skipped {
			n.add(name+" "+nagiosLabel(string(ph.Name)), fmt.Sprintf("%.4fs;;;0", ph.Took.Seconds()))
		}
	}
	if e.Ran() {
		n.add(name+" total", fmt.Sprintf("%.4fs;;;0", e.Took.Seconds()))
	}
}

// add adds one measurement whole, or leaves it out.
func (n *nagiosWriter) add(label, value string) {
	if item := " '" + n.labels.name(label) + "'=" + value; n.data.Len()+len(item) <= maxNagiosData {
		n.data.WriteString(item)
	}
}

// nagiosText makes a text fit for the line: a bar would begin the measurements.
func nagiosText(s string) string {
	return strings.ReplaceAll(safe.Clip(s, maxNagiosText), "|", "¦")
}

// nagiosLabel keeps of a text what a label may hold.
func nagiosLabel(s string) string {
	return strings.Map(func(r rune) rune {
		if r == ' ' || r == '.' || r == ':' || r == '-' || r == '[' || r == ']' || r == '_' || '0' <= r && r <= '9' || 'a' <= r|0x20 && r|0x20 <= 'z' {
			return r
		}
		return '_'
	}, safe.Clip(s, 200))
}
