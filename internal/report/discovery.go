package report

import (
	"io"
	"strings"

	"github.com/fatih/color"

	"mailprobe/internal/document"
	"mailprobe/internal/finding"
	"mailprobe/internal/language"
	"mailprobe/internal/safe"
)

// DiscoveryJSON writes what a domain publishes as an indented JSON document.
func DiscoveryJSON(w io.Writer, d document.Discovery) error { return encode(w, "", d) }

// DiscoveryText writes what a domain publishes for people to read: a part for
// each source that says something, one line for those that do not, and what
// contradicts what.
func DiscoveryText(w io.Writer, d document.Discovery, o Options) error {
	p := newPage(o)
	title := d.Target.String()
	if d.Provider != nil {
		title += " (" + d.Provider.Name.String() + ")"
	}
	p.line(p.strong.Sprint(title))
	var silent []string
	for _, s := range d.Sources {
		if s.Status == "none" && len(s.Findings) == 0 && !o.Verbose {
			silent = append(silent, s.Source.String())
			continue
		}
		p.line()
		p.source(s)
	}
	if len(silent) > 0 {
		p.line()
		p.paragraph(p.dim, "", "  ", p.l.Say("Nothing is published by: {sources}", "sources", strings.Join(silent, ", ")))
	}
	p.programs(d)
	for _, c := range d.Conflicts {
		p.line()
		p.paragraph(p.weight(c.Severity), "", "  ", p.coded(c.Severity, c.Message, c.Code))
		p.paragraph(p.plain, "  ", "  ", phrase(p.l, c.Remedy))
	}
	p.line()
	p.paragraph(p.strong, "", "", discovered(p.l, d))
	_, err := io.WriteString(w, p.String())
	return err
}

// weight is the colour of a severity.
func (p *page) weight(s document.Text) *color.Color {
	switch finding.Severity(s) {
	case finding.Error:
		return p.bad
	case finding.Warning:
		return p.warn
	}
	return p.plain
}

func (p *page) source(s document.FromSource) {
	status := p.plain
	switch s.Status {
	case "found":
		status = p.good
	case "failed":
		status = p.warn
	}
	where := "  " + p.dim.Sprint(s.Where.String())
	if head := s.Source.String() + ": " + s.Status.String(); safe.Width(head+"  "+s.Where.String()) > p.o.width() {
		where = "\n" + where
	}
	p.line(s.Source.String(), ": ", status.Sprint(p.l.Say(sourceStates[s.Status])), where)
	if s.Reason != "" && len(s.Findings) == 0 {
		p.paragraph(p.plain, "  ", "  ", phrase(p.l, s.Reason))
	}
	for _, of := range s.Offers {
		p.line("  ", pad(protocol(of.Server), 5), pad(address(of.Server), 40), " ", pad(security(p.l, of.Server), 9), of.Username.String())
	}
	for _, absent := range s.Absent {
		p.line("  ", pad(strings.ToUpper(absent.String()), 5), p.l.Say("not offered, it says"))
	}
	for _, e := range s.First {
		p.paragraph(p.plain, "  ", "  ", strings.TrimSpace(p.l.Say("first: {what}", "what", phrase(p.l, e.Text))+" "+e.URL.String()))
	}
	for _, f := range s.Findings {
		if f.Severity == document.Text(finding.Info) && !p.o.Verbose {
			continue
		}
		p.paragraph(p.weight(f.Severity), "  ", "    ", p.coded(f.Severity, f.Message, f.Code))
		if f.Remedy != "" {
			p.paragraph(p.plain, "    ", "    ", phrase(p.l, f.Remedy))
		}
	}
}

// coded is what a finding says, with its weight and its code.
func (p *page) coded(severity, message, code document.Text) string {
	return severityWord(p.l, severity) + ": " + phrase(p.l, message) + " [" + code.String() + "]"
}

// sourceStates say what became of a source.
var sourceStates = map[document.Text]language.Template{"found": "found", "none": "none", "failed": "failed"}

// discovered sums up what was found.
func discovered(l *language.Language, d document.Discovery) string {
	found := 0
	var guessed bool
	for _, s := range d.Sources {
		if s.Status == "found" {
			found++
			guessed = s.Source == "guess"
		}
	}
	next := l.Say("'mailprobe {target}' verifies the servers.", "target", d.Target)
	switch {
	case found == 0:
		return l.Say("No source publishes settings for {target}.", "target", d.Target)
	case guessed:
		return l.Say("Nothing is published; what is shown is guessed by usual names, and answers with a good certificate.") + " " + next
	}
	return l.Count(found, "{n} source with settings", "{n} sources with settings") + ", " + l.Count(len(d.Conflicts), "{n} contradiction", "{n} contradictions") + ". " + next
}
