package report

import (
	"fmt"

	"mailprobe/internal/document"
	"mailprobe/internal/finding"
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
func remarks(f document.Finding) []remark {
	what := "What is wrong"
	if finding.Severity(f.Severity) != finding.Error {
		what = "What is known"
	}
	return withText(
		remark{what, []string{f.Message.String()}, prose},
		remark{"Who must act", []string{whoMustAct(f)}, prose},
		remark{"What to do", stepLines(f.Do()), steps},
		remark{"Seen", peerLines(string(f.Evidence)), quoted},
		remark{"Help page", []string{f.HelpURL.String()}, link},
		remark{"Code", []string{f.Code.String()}, quoted},
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
func complaints(d *document.Document) []complaint {
	var all []complaint
	if grave := d.Decisive(); len(grave) > 0 {
		p := complaint{heads: []string{"This run as a whole"}, verdict: d.Verdict}
		for _, f := range grave {
			p.remarks = append(p.remarks, remarks(f))
		}
		all = append(all, p)
	}
	for _, f := range d.Faults {
		all = append(all, faultOf(d, f))
	}
	return all
}

func faultOf(d *document.Document, fault document.Fault) complaint {
	e := &d.Endpoints[fault.Endpoints[0]]
	p := complaint{verdict: e.Verdict}
	for _, i := range fault.Endpoints {
		p.heads = append(p.heads, title(d.Endpoints[i].Server))
	}
	for _, f := range e.Decisive() {
		p.remarks = append(p.remarks, remarks(f))
	}
	if len(p.remarks) == 0 {
		p.remarks = [][]remark{withText(remark{"What is known", []string{withoutFinding(e)}, prose}, remark{"Seen", seenInstead(e), quoted})}
	}
	if fault.Likewise {
		p.remarks[0] = append(p.remarks[0], remark{"Likewise", []string{"the same at each server named above"}, prose})
	}
	p.remarks[0] = append(p.remarks[0], insteadOf(e)...)
	return p
}

// insteadOf says what works in place of e.
func insteadOf(e *document.Endpoint) []remark {
	var all []remark
	for _, alt := range e.Instead {
		all = append(all,
			remark{"Use instead", []string{fmt.Sprintf("%s (%s; tested, but without signing in)", asTyped(alt.Server), alt.Why)}, prose},
			remark{"To verify it", []string{"mailprobe " + asURL(alt.Server)}, quoted})
	}
	return all
}

// warned lists the warnings, each in one paragraph.
func warned(d *document.Document) []string {
	var all []string
	for _, w := range d.Warnings {
		f := d.Warned(w)
		all = append(all, where(d, w, f)+short(f))
	}
	return all
}

// signInRows says for each endpoint what became of signing in; none: it was not
// asked for.
func signInRows(d *document.Document) []string {
	var all []string
	for i := range d.Endpoints {
		if e := &d.Endpoints[i]; d.SignInAsked {
			all = append(all, protocol(e.Server)+" "+address(e.Server)+": "+signInDetail(e.Auth))
		}
	}
	return all
}

func signInDetail(a document.SignIn) string {
	if detail := outcomeDetail(a); detail != "" {
		return outcome(a) + ": " + detail
	}
	return outcome(a)
}
