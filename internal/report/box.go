package report

import (
	"strings"

	"github.com/fatih/color"

	"mailprobe/internal/document"
	"mailprobe/internal/finding"
	"mailprobe/internal/language"
)

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
