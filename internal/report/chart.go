package report

import (
	"fmt"

	"mailprobe/internal/document"
)

// A chartRow is one phase of a dialogue: when it began and how long it took,
// in parts of the whole.
type chartRow struct {
	Phase, Status, Took, Note string
	Begin, Width              float64 // percent
}

// chart lays the phases of a dialogue out over the time that it took. A phase
// that did not run has no row.
func chart(e *document.Endpoint) []chartRow {
	var whole, passed float64
	for _, ph := range e.Phases {
		whole += float64(ph.Took)
	}
	var rows []chartRow
	for _, ph := range e.Phases {
		if ph.Status == document.Skipped {
			continue
		}
		row := chartRow{Phase: phaseWords(ph.Name.String()), Status: ph.Status.String(), Took: fmt.Sprintf("%.1f ms", ph.Took), Note: ph.Why().Clip(maxEvidence)}
		if whole > 0 {
			row.Begin, row.Width = 100*passed/whole, 100*float64(ph.Took)/whole
		}
		passed += float64(ph.Took)
		rows = append(rows, row)
	}
	return rows
}

// An htmlEndpoint is all that was observed at one server.
type htmlEndpoint struct {
	Title, Verdict string
	Chart          []chartRow
	Facts          []htmlPart
	Dialogue       []htmlLine
}

// An htmlLine is one line of a dialogue.
type htmlLine struct{ Arrow, At, Text string }

func htmlEndpointOf(e *document.Endpoint, d *document.Document) htmlEndpoint {
	v := htmlEndpoint{Title: title(e.Server), Verdict: verdictWord(e.Verdict), Chart: chart(e)}
	if e.Ran() {
		v.Facts = endpointFacts(e, d)
	}
	for _, l := range e.Transcript {
		v.Dialogue = append(v.Dialogue, htmlLine{arrow(l), fmt.Sprintf("%.3f", l.At.Seconds()), l.Text.Clip(maxDialogue)})
	}
	return v
}

// endpointFacts says what was seen, in the words of the text with all details.
func endpointFacts(e *document.Endpoint, d *document.Document) []htmlPart {
	b := &factList{}
	b.add("Connected to", e.Address.String())
	b.add("Greeting", peerLines(string(e.Greeting))...)
	if e.Phase("capabilities").Status == document.OK {
		b.add("Offers", orNone(e.Capabilities))
		b.add("Ways to sign in", mechanismWords(e.Mechanisms, e.Capabilities, e.NativeLogin))
	}
	if d.SignInAsked {
		b.add("Signing in", signInDetail(e.Auth))
	}
	if t := e.TLS; t != nil {
		b.add("Encryption", t.Version.String()+", "+t.Cipher.String())
		b.add("Authority", "trusted "+trustWords(t))
		for _, c := range t.Causes {
			b.add("Certificate", (c.Kind + ": " + c.Detail).Clip(maxEvidence))
		}
		for i, c := range t.Chain {
			b.add(fmt.Sprintf("Certificate %d", i+1), c.Subject.Clip(300), "issued by "+c.Issuer.Clip(300),
				fmt.Sprintf("good from %s to %s (%s)", day(c.NotBefore), day(c.NotAfter), remaining(c.ShortCertificate, d.Started)), namesOf(c))
		}
	}
	return b.parts
}

// A factList collects labelled facts; what is empty is left out.
type factList struct{ parts []htmlPart }

func (b *factList) add(label string, lines ...string) {
	part := htmlPart{Label: label}
	for _, l := range lines {
		if l != "" {
			part.Lines = append(part.Lines, l)
		}
	}
	if len(part.Lines) > 0 {
		b.parts = append(b.parts, part)
	}
}
