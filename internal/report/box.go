package report

import (
	"fmt"

	"github.com/fatih/color"

	"mailprobe/internal/finding"
	"mailprobe/internal/safe"
	"mailprobe/internal/verify"
)

// Bounds on text from a peer.
const (
	maxEvidence = 600 // columns of a line
	maxLines    = 8
)

// box explains findings in the order in which a help desk needs them: what is
// wrong, who must act, what to do, what was seen. They say the same of each
// endpoint of a group; it is empty where they concern the run as a whole.
func (p *page) box(heads []string, c *color.Color, findings []finding.Finding, group []*verify.Endpoint) {
	p.line()
	corner := "┌ "
	for _, head := range heads {
		for _, l := range wrap(head, p.o.width()-2) {
			p.line(c.Sprint(corner), p.strong.Sprint(l))
			corner = "│ "
		}
	}
	b := block{p, c.Sprint("│ "), 2, 13}
	var e *verify.Endpoint
	if len(group) > 0 {
		e = group[0]
	}
	for i, f := range findings {
		if i > 0 {
			p.line(c.Sprint("│"))
		}
		b.judgement(f)
		if i == 0 && e != nil {
			b.instead(e)
			b.likewise(group, f)
		}
		b.proof(f)
	}
	if len(findings) == 0 {
		b.unexplained(e)
	}
	p.line(c.Sprint("└"))
}

// likewise says of a finding that names one endpoint that it holds for others.
func (b block) likewise(group []*verify.Endpoint, f finding.Finding) {
	if len(group) > 1 && namesAddress(group[0], f.Says()+f.Advises()+f.Seen()) {
		b.field("Likewise", "the same at each server named above")
	}
}

func (b block) judgement(f finding.Finding) {
	what := "What is wrong"
	if f.Severity != finding.Error {
		what = "What is known"
	}
	b.field(what, safe.Display(f.Says()))
	b.field("Who must act", whoActs[f.Blame])
	b.field("What to do", safe.Display(f.Advises()))
}

func (b block) proof(f finding.Finding) {
	b.lines("Seen", peerLines(f.Seen()))
	if f.HelpURL != "" {
		b.raw("Help page", safe.Display(f.HelpURL))
	}
	b.raw("Read more", "mailprobe explain "+safe.Display(f.Code))
}

// instead says what works in place of e, as it is typed into a mail program
// and as mailprobe verifies it.
func (b block) instead(e *verify.Endpoint) {
	for i, alt := range e.Instead {
		label := "Use instead"
		if i > 0 {
			label = "or"
		}
		b.field(label, asTyped(alt.Endpoint))
		b.field("", fmt.Sprintf("(%s; tested, but without signing in)", safe.Display(alt.Why)))
		b.raw("", "mailprobe "+safe.Display(alt.String()))
	}
}

// unexplained shows what was observed where no finding explains it.
func (b block) unexplained(e *verify.Endpoint) {
	b.field("What is known", withoutFinding(e))
	label := "Seen"
	for _, text := range seenInstead(e) {
		b.field(label, text)
		label = ""
	}
}

// seenInstead is what was observed where no finding explains it.
func seenInstead(e *verify.Endpoint) []string {
	if e == nil || e.Result == nil {
		return []string{"nothing: the test did not run"}
	}
	var seen []string
	if s := e.Result.FailedStep(); s != nil && s.Err != nil {
		seen = append(seen, phaseWords(s.Phase)+": "+safe.Clip(s.Err.Error(), maxEvidence))
	}
	if reason := e.Result.Auth.Reason; reason != "" {
		seen = append(seen, "sign in: "+safe.Clip(reason, maxEvidence))
	}
	return seen
}

// withoutFinding says what a verdict means that no finding explains.
func withoutFinding(e *verify.Endpoint) string {
	if e != nil && e.Verdict == verify.Fails {
		return "This setting does not work; mailprobe cannot say why."
	}
	return "It could not be judged from here whether this setting works."
}

// peerLines returns the first lines of what a peer said.
func peerLines(said string) []string {
	lines := safe.Lines(said, maxEvidence)
	if n := len(lines) - maxLines; n > 0 {
		lines = append(lines[:maxLines:maxLines], "… and "+count(n, "line")+" more")
	}
	return lines
}
