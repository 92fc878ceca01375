package report

import (
	"strings"

	"mailprobe/internal/probe"
	"mailprobe/internal/safe"
	"mailprobe/internal/settings"
	"mailprobe/internal/verify"
)

// testMessage says what became of the test message, if one was asked for:
// first who sent it, then who saw it.
func (p *page) testMessage(r *verify.Report) {
	first := true
	for _, sending := range []bool{true, false} {
		for i := range r.Endpoints {
			e := &r.Endpoints[i]
			if e.Result == nil || e.Result.Message == nil || (e.Protocol == settings.SMTP) != sending {
				continue
			}
			if first {
				p.line()
				p.line("Test message:")
				first = false
			}
			p.paragraph(p.plain, "  ", "        ", e.Protocol.Name()+" "+address(e.Endpoint)+": "+messageWords(e.Result.Message))
		}
	}
}

// messageWords says what one endpoint saw of the test message; empty: it had
// nothing to do with it.
func messageWords(d *probe.Delivery) string {
	if d == nil {
		return ""
	}
	var words []string
	switch {
	case d.Sent:
		words = append(words, "taken in "+seconds(d.Took))
	case d.Seen:
		words = append(words, "arrived after "+seconds(d.Took))
	}
	if d.Deleted {
		words = append(words, "deleted again")
	}
	if d.Reason != "" {
		words = append(words, d.Reason)
	}
	return safe.Clip(strings.Join(words, ", "), maxEvidence)
}
