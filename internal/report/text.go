package report

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"mailprobe/internal/document"
	"mailprobe/internal/finding"
	"mailprobe/internal/safe"
)

// A textWriter writes what a help desk reads aloud: the answer first, then a
// row for each setting, then what is wrong and what to do.
type textWriter struct {
	w    io.Writer
	o    Options
	more bool // a report stands above
	told told
}

// told holds which findings about a run as a whole stand in a report above.
type told map[string]bool

// again reports whether a finding stands above, and notes it.
func (t told) again(f document.Finding) bool {
	key := string(f.Code + " " + f.Blame)
	before := t[key]
	t[key] = true
	return before
}

func newText(w io.Writer, o Options) Writer {
	return inOrder(&textWriter{w: w, o: o, told: told{}})
}

func (t *textWriter) Begin() error { return nil }

func (t *textWriter) Report(d *document.Document) error {
	p := newPage(t.o)
	p.told = t.told
	if t.more && !t.o.Quiet {
		p.line()
	}
	t.more = true
	p.report(d)
	_, err := io.WriteString(t.w, p.String())
	return err
}

func (t *textWriter) End() error { return nil }

func (p *page) report(d *document.Document) {
	if p.o.Quiet {
		p.line(p.verdict(d.Counted()).Sprint(caseAnswers(p.l, d)))
		return
	}
	p.suiteCase(d)
	p.answer(d)
	if p.o.Plain {
		p.spoken(d)
	} else {
		p.laidOut(d)
	}
	for i := range d.Endpoints {
		p.dialogue(&d.Endpoints[i])
	}
}

// laidOut adds what stands below the answer: first the cause of what does not
// work, so that nobody has to scroll for it.
func (p *page) laidOut(d *document.Document) {
	if p.o.Card && d.Comparison != nil {
		p.card(d)
		return
	}
	p.faults(d)
	p.table(d)
	p.compared(d)
	p.comparison(d.Comparison)
	p.notOffered(d)
	p.signIns(d)
	p.testMessage(d)
	p.warnings(d)
	p.drift(d)
	for i := range d.Endpoints {
		p.addresses(&d.Endpoints[i], d.Started)
	}
	p.scans(d.Endpoints)
	if p.o.Verbose {
		p.controls(d.Controls)
		p.details(d)
	}
}

// answer adds the answer on one line, or each sentence on its own.
func (p *page) answer(d *document.Document) {
	sentences := answer(p.l, d)
	c := p.verdict(d.Verdict)
	if rest := strings.Join(sentences[1:], " "); safe.Width(sentences[0]+" "+rest) <= p.o.width() {
		p.line(c.Sprint(sentences[0]), " ", rest)
		return
	}
	for _, s := range sentences {
		p.paragraph(c, "", "", s)
		c = p.plain
	}
}

func (p *page) notOffered(d *document.Document) {
	if len(d.NotOffered) > 0 && len(d.Endpoints) == 0 {
		p.line()
	}
	name := p.l.Say("the provider")
	if d.Provider != nil && d.Provider.Name != "" {
		name = d.Provider.Name.String()
	}
	for _, n := range d.NotOffered {
		p.paragraph(p.dim, "", "      ", pad(protocol(document.Server{Protocol: n.Protocol})+":", 5)+" "+p.l.Say("not offered by {provider} (documented)", "provider", name))
	}
}

// controls adds a line for each connection that was made for comparison.
func (p *page) controls(list []document.Control) {
	if len(list) == 0 {
		return
	}
	p.line()
	p.paragraph(p.strong, "", "  ", p.l.Say("Spoken to for comparison, without a credential:"))
	for _, c := range list {
		where := p.l.Say("the same provider")
		if c.Elsewhere {
			where = p.l.Say("another provider")
		}
		result := p.l.Say("answers")
		if c.Error != "" {
			result = p.l.Say("failed to {phase}: {why}", "phase", safe.Display(phaseWords(p.l, string(c.Phase))), "why", c.Error.Clip(maxEvidence))
		}
		p.paragraph(p.plain, "  ", "      ", protocol(c.Server)+" "+address(c.Server)+" ("+where+"): "+result+" ("+seconds(p.l, c.Took)+")")
	}
}

// Columns of one line of a dialogue; the rest is cut.
const maxDialogue = 2000

// dialogue adds what was said, if it was kept.
func (p *page) dialogue(e *document.Endpoint) {
	if len(e.Transcript) == 0 {
		return
	}
	p.line()
	p.paragraph(p.strong, "", "  ", p.l.Say("Dialogue: {server}", "server", title(p.l, e.Server)))
	p.paragraph(p.dim, "", "", p.l.Say("-> sent, <- received; ~> and <~ the same inside encryption; seconds first"))
	for _, l := range e.Transcript {
		p.said(l)
	}
}

func (p *page) said(l document.Line) {
	margin := fmt.Sprintf("%8.3f %s ", l.At.Seconds(), arrow(l))
	if p.o.Unwrapped {
		p.line(margin, l.Text.String())
		return
	}
	for rest := l.Text.Clip(maxDialogue); ; {
		head := prefix(rest, p.o.width()-len(margin))
		p.line(p.dim.Sprint(margin), head)
		if rest = rest[len(head):]; rest == "" {
			return
		}
		margin = strings.Repeat(" ", 9) + "| "
	}
}

func arrow(l document.Line) string {
	switch sent := l.Dir == document.Sent; {
	case l.Dropped > 0:
		return ".."
	case sent && l.TLS:
		return "~>"
	case l.TLS:
		return "<~"
	case sent:
		return "->"
	default:
		return "<-"
	}
}

// only returns the findings of a severity, in their order.
func only(findings []document.Finding, severity finding.Severity) []document.Finding {
	return slices.DeleteFunc(slices.Clone(findings), func(f document.Finding) bool { return finding.Severity(f.Severity) != severity })
}
