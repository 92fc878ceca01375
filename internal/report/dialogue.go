package report

import (
	"fmt"
	"strings"

	"mailprobe/internal/probe"
	"mailprobe/internal/safe"
	"mailprobe/internal/verify"
)

// Columns of one line of a dialogue; the rest is cut.
const maxDialogue = 2000

// dialogue adds what was said, if it was kept.
func (p *page) dialogue(e *verify.Endpoint) {
	if e.Result == nil || e.Result.Transcript == nil {
		return
	}
	p.line()
	p.paragraph(p.strong, "", "  ", "Dialogue: "+title(e.Endpoint))
	p.paragraph(p.dim, "", "", "-> sent, <- received; ~> and <~ the same inside encryption; seconds first")
	for _, l := range e.Result.Transcript {
		p.said(l)
	}
}

func (p *page) said(l probe.Line) {
	margin := fmt.Sprintf("%8.3f %s ", l.At.Seconds(), arrow(l))
	if p.o.Unwrapped {
		p.line(margin, safe.Display(l.Text))
		return
	}
	for rest := safe.Clip(l.Text, maxDialogue); ; {
		head := prefix(rest, p.o.width()-len(margin))
		p.line(p.dim.Sprint(margin), head)
		if rest = rest[len(head):]; rest == "" {
			return
		}
		margin = strings.Repeat(" ", 9) + "| "
	}
}

func arrow(l probe.Line) string {
	switch {
	case l.Sent && l.TLS:
		return "~>"
	case l.TLS:
		return "<~"
	case l.Sent:
		return "->"
	default:
		return "<-"
	}
}
