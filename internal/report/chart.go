package report

import (
	"fmt"

	"mailprobe/internal/document"
	"mailprobe/internal/language"
)

// A chartRow is one phase of a dialogue: when it began and how long it took,
// in parts of the whole.
type chartRow struct {
	Phase, Status, Took, Note string
	Begin, Width              float64 // percent
}

// chart lays the phases of a dialogue out over the time that it took. A phase
// that did not run has no row.
func chart(l *language.Language, e *document.Endpoint) []chartRow {
	var whole, passed float64
	for _, ph := range e.Phases {
		whole += float64(ph.Took)
	}
	var rows []chartRow
	for _, ph := range e.Phases {
		if ph.Status == document.Skipped {
			continue
		}
		row := chartRow{Phase: phaseWords(l, ph.Name.String()), Status: ph.Status.String(), Took: decimal(l, float64(ph.Took), 1) + " ms", Note: clipped(l, ph.Why())}
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
	Title, Verdict string // the verdict is works, fails or unknown
	Result         string // the same in words
	Chart          []chartRow
	Facts          []htmlPart
	Dialogue       []htmlLine
	DialogueWith   string
}

// An htmlLine is one line of a dialogue.
type htmlLine struct{ Arrow, At, Text string }

func htmlEndpointOf(l *language.Language, e *document.Endpoint, d *document.Document) htmlEndpoint {
	v := htmlEndpoint{Title: title(l, e.Server), Verdict: verdictClass(e.Verdict), Result: verdictWord(l, e.Verdict), Chart: chart(l, e), DialogueWith: l.Say("Dialogue with {server}", "server", title(l, e.Server))}
	if e.Ran() {
		v.Facts = endpointFacts(l, e, d)
	}
	for _, l := range e.Transcript {
		v.Dialogue = append(v.Dialogue, htmlLine{arrow(l), fmt.Sprintf("%.3f", l.At.Seconds()), l.Text.Clip(maxDialogue)})
	}
	return v
}

// endpointFacts says what was seen, in the words of the text with all details.
func endpointFacts(l *language.Language, e *document.Endpoint, d *document.Document) []htmlPart {
	b := &factList{}
	b.add(l.Say("Connected to"), e.Address.String())
	b.add(l.Say("Greeting"), peerLines(l, string(e.Greeting))...)
	if e.Phase("capabilities").Status == document.OK {
		b.add(l.Say("Offers"), orNone(l, e.Capabilities))
		b.add(l.Say("Ways to sign in"), mechanismWords(l, e.Mechanisms, e.Capabilities, e.NativeLogin))
	}
	if d.SignInAsked {
		b.add(l.Say("Signing in"), signInDetail(l, e.Auth))
	}
	if t := e.TLS; t != nil {
		b.add(l.Say("Encryption"), t.Version.String()+", "+t.Cipher.String())
		b.add(l.Say("Authority"), trustWords(l, t))
		for _, c := range t.Causes {
			b.add(l.Say("Certificate"), clipped(l, c.Kind+": "+c.Detail))
		}
		for i, c := range t.Chain {
			b.add(l.Say("Certificate {n}", "n", i+1), c.Subject.Clip(300), issuedBy(l, c), goodFor(l, c, d.Started), namesOf(l, c))
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
