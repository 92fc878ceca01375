package report

import (
	"slices"
	"strings"

	"mailprobe/internal/document"
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
