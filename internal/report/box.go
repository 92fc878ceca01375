package report

import (
	"slices"
	"strings"

	"github.com/fatih/color"

	"mailprobe/internal/document"
	"mailprobe/internal/finding"
	"mailprobe/internal/language"
)

// faults explains everything that keeps settings from working, first what
// concerns the run as a whole.
func (p *page) faults(d *document.Document) {
	p.wholeRun(d)
	for _, f := range d.Faults {
		p.fault(d, f)
	}
}

// wholeRun explains what concerns the run as a whole. What a report above has
// explained is only named.
func (p *page) wholeRun(d *document.Document) {
	grave := d.Decisive()
	fresh := slices.DeleteFunc(slices.Clone(grave), p.told.again)
	if len(fresh) < len(grave) {
		p.line()
		p.paragraph(p.plain, "", "  ", p.l.Say("What is said above of the run as a whole holds here, too."))
	}
	if len(fresh) == 0 {
		return
	}
	b := p.box([]string{p.l.Say("This run as a whole")}, p.verdict(d.Verdict))
	for i, f := range fresh {
		b.judgement(i, f)
		b.proof(f)
	}
	b.close()
}

// fault explains findings in the order in which a help desk needs them: what
// is wrong, who must act, what to do, what was seen. They say the same of each
// endpoint that is named.
func (p *page) fault(d *document.Document, fault document.Fault) {
	var heads []string
	for _, i := range fault.Endpoints {
		heads = append(heads, title(p.l, d.Endpoints[i].Server))
	}
	e := &d.Endpoints[fault.Endpoints[0]]
	b := p.box(heads, p.verdict(e.Verdict))
	for i, f := range e.Decisive() {
		b.judgement(i, f)
		if i == 0 {
			b.instead(e)
		}
		if i == 0 && fault.Likewise {
			b.field(b.l.Say("Likewise"), b.l.Say("the same at each server named above"))
		}
		b.proof(f)
	}
	if len(e.Decisive()) == 0 {
		b.unexplained(e)
	}
	b.close()
}

// A box is a block with a frame at its left, where there are frames.
type box struct {
	block
	frame *color.Color
}

func (p *page) box(heads []string, frame *color.Color) box {
	p.line()
	corner, side, margin := "", "", "  "
	if p.o.Frames {
		side = frame.Sprint("│ ")
		corner, margin = frame.Sprint("┌ "), side
	}
	for _, head := range heads {
		for _, l := range wrap(head, p.o.width()-2) {
			p.line(corner, p.strong.Sprint(l))
			corner = side
		}
	}
	return box{block{p, margin, 2, 13}, frame}
}

func (b box) close() {
	if b.o.Frames {
		b.line(b.frame.Sprint("└"))
	}
}

// judgement adds what the i-th finding of a box says.
func (b box) judgement(i int, f document.Finding) {
	if i > 0 {
		b.line(b.margin)
	}
	b.field(whatLabel(b.l, f), phrase(b.l, f.Message))
	b.field(b.l.Say("Who must act"), whoMustAct(b.l, f))
	b.numbered(b.l.Say("What to do"), f.Do())
	if b.o.Verbose && strings.Join(f.Do(), " ") != string(f.Remedy) {
		b.field(b.l.Say("All advice"), phrase(b.l, f.Remedy))
	}
}

func (b box) proof(f document.Finding) {
	b.lines(b.l.Say("Seen"), peerLines(b.l, string(f.Evidence)))
	if f.HelpURL != "" {
		b.raw(b.l.Say("Help page"), f.HelpURL.String())
	}
	b.raw(b.l.Say("Read more"), "mailprobe explain "+f.Code.String())
}

// instead says what works in place of e, as it is typed into a mail program
// and as mailprobe verifies it.
func (b box) instead(e *document.Endpoint) {
	for i, alt := range e.Instead {
		label := b.l.Say("Use instead")
		if i > 0 {
			label = b.l.Say("or")
		}
		b.field(label, asTyped(b.l, alt.Server))
		b.field("", b.l.Say("({why}; tested, but without signing in)", "why", phrase(b.l, alt.Why)))
		b.raw("", "mailprobe "+asURL(alt.Server))
	}
}

// unexplained shows what was observed where no finding explains it.
func (b box) unexplained(e *document.Endpoint) {
	b.field(b.l.Say("What is known"), withoutFinding(b.l, e))
	label := b.l.Say("Seen")
	for _, text := range seenInstead(b.l, e) {
		b.field(label, text)
		label = ""
	}
}

func seenInstead(l *language.Language, e *document.Endpoint) []string {
	if !e.Ran() {
		return []string{l.Say("nothing: the test did not run")}
	}
	var seen []string
	if failed := e.FailedStep(); failed != nil && failed.Error != "" {
		seen = append(seen, phaseWords(l, failed.Name.String())+": "+failed.Error.Clip(maxEvidence))
	}
	if e.Auth.Reason != "" {
		seen = append(seen, phaseWords(l, "auth")+": "+e.Auth.Reason.Clip(maxEvidence))
	}
	return seen
}

// withoutFinding says what a verdict means that no finding explains.
func withoutFinding(l *language.Language, e *document.Endpoint) string {
	if e.Verdict == document.Fails {
		return l.Say("This setting does not work; mailprobe cannot say why.")
	}
	if e.HeldBack {
		return l.Say("Signing in was asked for and not tested: {reason}", "reason", clipped(l, e.Auth.Reason))
	}
	return l.Say("It could not be judged from here whether this setting works.")
}

// whatLabel stands before what a finding says.
func whatLabel(l *language.Language, f document.Finding) string {
	if finding.Severity(f.Severity) != finding.Error {
		return l.Say("What is known")
	}
	return l.Say("What is wrong")
}

const warningsHead language.Template = "Warnings: risky now, or about to break."

// warnings lists what is odd but keeps nothing from working.
func (p *page) warnings(d *document.Document) {
	if len(d.Warnings) == 0 {
		return
	}
	p.line()
	p.paragraph(p.warn, "", "  ", p.l.Say(warningsHead))
	for _, w := range d.Warnings {
		f := d.Warned(w)
		p.paragraph(p.plain, "  - ", "    ", where(d, w, f)+short(p.l, f))
	}
}

// where names what a warning is about, unless its message does.
func where(d *document.Document, w document.Warning, f document.Finding) string {
	var list []string
	for _, i := range w.Endpoints {
		s := d.Endpoints[i].Server
		if len(w.Endpoints) == 1 && strings.Contains(string(f.Message), s.Endpoint().Address()) {
			return protocol(s) + ": "
		}
		list = append(list, protocol(s)+" "+address(s))
	}
	if len(list) == 0 {
		return ""
	}
	return strings.Join(list, ", ") + ": "
}

// short is a finding in one paragraph.
func short(l *language.Language, f document.Finding) string {
	words := phrase(l, f.Message) + " "
	if f.Remedy != "" {
		words += phrase(l, f.Remedy) + " "
	}
	return words + "[" + f.Code.String() + "]"
}
