package report

import (
	"io"
	"slices"
	"strings"

	"mailprobe/internal/finding"
	"mailprobe/internal/safe"
	"mailprobe/internal/settings"
	"mailprobe/internal/verify"
)

// writeText writes what a help desk reads aloud: the answer first, then a row
// for each setting, then what is wrong and what to do.
func writeText(w io.Writer, reports []*verify.Report, o Options) error {
	p := &page{ink: newInk(o.Color), o: o}
	for i, r := range reports {
		if i > 0 && !o.Quiet {
			p.line()
		}
		p.report(r)
	}
	_, err := io.WriteString(w, p.String())
	return err
}

func (p *page) report(r *verify.Report) {
	if p.o.Quiet {
		p.line(p.verdict(r.Verdict).Sprint(strings.Join(answer(r), " ")))
		return
	}
	p.answer(r)
	p.table(r)
	p.notOffered(r)
	p.signIns(r)
	p.testMessage(r)
	p.faults(r)
	p.warnings(r)
	for i := range r.Endpoints {
		p.addresses(&r.Endpoints[i], r)
	}
	p.scans(r.Endpoints)
	if p.o.Verbose {
		p.controls(r.Controls)
		p.details(r)
	}
	for i := range r.Endpoints {
		p.dialogue(&r.Endpoints[i])
	}
}

// answer adds the answer on one line, or each sentence on its own.
func (p *page) answer(r *verify.Report) {
	sentences := answer(r)
	c := p.verdict(r.Verdict)
	if rest := strings.Join(sentences[1:], " "); safe.Width(sentences[0]+" "+rest) <= p.o.width() {
		p.line(c.Sprint(sentences[0]), " ", rest)
		return
	}
	for _, s := range sentences {
		p.paragraph(c, "", "", s)
		c = p.plain
	}
}

func (p *page) notOffered(r *verify.Report) {
	if len(r.NotOffered) > 0 && len(r.Endpoints) == 0 {
		p.line()
	}
	for _, n := range r.NotOffered {
		p.paragraph(p.dim, "", "      ", pad(n.Protocol.Name()+":", 5)+notOfferedWords(r, n))
	}
}

func notOfferedWords(r *verify.Report, n settings.NotOffered) string {
	name := "the provider"
	if r.Provider != nil && r.Provider.Name != "" {
		name = r.Provider.Name
	}
	return " not offered by " + safe.Display(name) + " (documented)"
}

// faults explains everything that keeps settings from working, first what
// concerns the run as a whole.
func (p *page) faults(r *verify.Report) {
	if grave := boxedRun(r); len(grave) > 0 {
		p.box([]string{"This run as a whole"}, p.verdict(r.Verdict), grave, nil)
	}
	for _, group := range shared(r.Endpoints) {
		p.box(titles(group), p.verdict(group[0].Verdict), boxed(group[0]), group)
	}
}

// boxedRun returns the findings about the run that a box shows in full.
func boxedRun(r *verify.Report) []finding.Finding {
	if r.Verdict == verify.Unknown {
		return only(r.Findings, finding.Error, finding.Warning)
	}
	return only(r.Findings, finding.Error)
}

// boxed returns the findings that a box shows in full. Where nothing is
// wrong for certain, the warnings are all that is known.
func boxed(e *verify.Endpoint) []finding.Finding {
	if e.Verdict == verify.Unknown {
		return only(e.Findings, finding.Error, finding.Warning)
	}
	return only(e.Findings, finding.Error)
}

func (p *page) warnings(r *verify.Report) {
	list := warningsOf(r)
	if len(list) == 0 {
		return
	}
	p.line()
	p.line(p.warn.Sprint("Warnings: risky now, or about to break."))
	for _, w := range list {
		p.paragraph(p.plain, "  - ", "    ", short(w.where(), w.Finding))
	}
}

// short is a finding in one paragraph.
func short(where string, f finding.Finding) string {
	parts := []string{where + safe.Display(f.Says()), safe.Display(f.Advises()), "[" + safe.Display(f.Code) + "]"}
	if f.Advises() == "" {
		parts = []string{parts[0], parts[2]}
	}
	return strings.Join(parts, " ")
}

// only returns the findings of some severities, in their order.
func only(findings []finding.Finding, severities ...finding.Severity) []finding.Finding {
	var list []finding.Finding
	for _, f := range findings {
		if slices.Contains(severities, f.Severity) {
			list = append(list, f)
		}
	}
	return list
}
