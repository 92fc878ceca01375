package report

import (
	"mailprobe/internal/document"
	"mailprobe/internal/language"
)

// A remark is one labelled part of what is said about a fault, for the formats
// that lay it out themselves.
type remark struct {
	label string
	lines []string // at least one, made harmless
	kind  remarkKind
}

type remarkKind int

const (
	prose  remarkKind = iota
	quoted            // as a peer said it, or to be typed
	link              // an address to follow
	steps             // what to do, a line for each step
)

// remarks says what a finding says, in the order in which a help desk needs it.
func remarks(l *language.Language, f document.Finding) []remark {
	return withText(
		remark{whatLabel(l, f), []string{phrase(l, f.Message)}, prose},
		remark{l.Say("Who must act"), []string{whoMustAct(l, f)}, prose},
		remark{l.Say("What to do"), stepLines(l, f.Do()), steps},
		remark{l.Say("Seen"), peerLines(l, string(f.Evidence)), quoted},
		remark{l.Say("Help page"), []string{f.HelpURL.String()}, link},
		remark{l.Say("Code"), []string{f.Code.String()}, quoted},
	)
}

// withText leaves out the remarks that say nothing.
func withText(all ...remark) []remark {
	var said []remark
	for _, p := range all {
		if len(p.lines) > 0 && p.lines[0] != "" {
			said = append(said, p)
		}
	}
	return said
}

// A complaint is one fault: what it is about, and what is said of it.
type complaint struct {
	heads   []string // at least one: the servers, or the run
	verdict document.Text
	remarks [][]remark // of each finding, at least one
}

// complaints lists everything that keeps settings from working, first what
// concerns the run as a whole.
func complaints(l *language.Language, d *document.Document) []complaint {
	var all []complaint
	if grave := d.Decisive(); len(grave) > 0 {
		p := complaint{heads: []string{l.Say("This run as a whole")}, verdict: d.Verdict}
		for _, f := range grave {
			p.remarks = append(p.remarks, remarks(l, f))
		}
		all = append(all, p)
	}
	for _, f := range d.Faults {
		all = append(all, faultOf(l, d, f))
	}
	return all
}

func faultOf(l *language.Language, d *document.Document, fault document.Fault) complaint {
	e := &d.Endpoints[fault.Endpoints[0]]
	p := complaint{verdict: e.Verdict}
	for _, i := range fault.Endpoints {
		p.heads = append(p.heads, title(l, d.Endpoints[i].Server))
	}
	for _, f := range e.Decisive() {
		p.remarks = append(p.remarks, remarks(l, f))
	}
	if len(p.remarks) == 0 {
		p.remarks = [][]remark{withText(remark{l.Say("What is known"), []string{withoutFinding(l, e)}, prose}, remark{l.Say("Seen"), seenInstead(l, e), quoted})}
	}
	if fault.Likewise {
		p.remarks[0] = append(p.remarks[0], remark{l.Say("Likewise"), []string{l.Say("the same at each server named above")}, prose})
	}
	p.remarks[0] = append(p.remarks[0], insteadOf(l, e)...)
	return p
}

// insteadOf says what works in place of e.
func insteadOf(l *language.Language, e *document.Endpoint) []remark {
	var all []remark
	for _, alt := range e.Instead {
		all = append(all,
			remark{l.Say("Use instead"), []string{l.Say("{server} ({why}; tested, but without signing in)", "server", asTyped(l, alt.Server), "why", phrase(l, alt.Why))}, prose},
			remark{l.Say("To verify it"), []string{"mailprobe " + asURL(alt.Server)}, quoted})
	}
	return all
}

// warned lists the warnings, each in one paragraph.
func warned(l *language.Language, d *document.Document) []string {
	var all []string
	for _, w := range d.Warnings {
		f := d.Warned(w)
		all = append(all, where(d, w, f)+short(l, f))
	}
	return all
}

// signInRows says for each endpoint what became of signing in; none: it was not
// asked for.
func signInRows(l *language.Language, d *document.Document) []string {
	var all []string
	for i := range d.Endpoints {
		if e := &d.Endpoints[i]; d.SignInAsked {
			all = append(all, protocol(e.Server)+" "+address(e.Server)+": "+signInDetail(l, e.Auth))
		}
	}
	return all
}

func signInDetail(l *language.Language, a document.SignIn) string {
	if detail := outcomeDetail(l, a); detail != "" {
		return outcome(l, a) + ": " + detail
	}
	return outcome(l, a)
}
