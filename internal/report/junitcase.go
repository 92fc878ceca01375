package report

import (
	"fmt"
	"strings"

	"mailprobe/internal/document"
	"mailprobe/internal/finding"
)

func endpointCase(d *document.Document, e *document.Endpoint) junitCase {
	c := junitCase{
		Class: className(d),
		Name:  e.Protocol.String() + " " + address(e.Server) + " " + security(nil, e.Server),
		Time:  junitTime(e.Took),
		Out:   &junitText{observed(e, d.SignInAsked)},
	}
	switch e.Verdict {
	case document.Works:
	case document.Fails:
		c.Failure = verdictProblem(e)
	default:
		c.Error = verdictProblem(e)
		c.Error.Type = document.Unknown.String()
	}
	return c
}

// verdictProblem says why an endpoint does not work, and what works instead.
func verdictProblem(e *document.Endpoint) *junitProblem {
	why := e.Decisive()
	if len(why) == 0 {
		return &junitProblem{Type: e.Verdict.String(), Message: withoutFinding(nil, e), Body: "What was seen stands in system-out."}
	}
	p := problem(why)
	for _, alt := range e.Instead {
		p.Body += fmt.Sprintf("Use instead: %s (%s; mailprobe %s)\n", asTyped(nil, alt.Server), alt.Why, asURL(alt.Server))
	}
	return p
}

// problem puts findings into one element; the first gives its type and its
// message.
func problem(findings []document.Finding) *junitProblem {
	return &junitProblem{Type: findings[0].Code.String(), Message: findings[0].Message.String(), Body: explained(findings)}
}

func explained(findings []document.Finding) string {
	var b strings.Builder
	for _, f := range findings {
		explain(&b, f)
	}
	return b.String()
}

func explain(b *strings.Builder, f document.Finding) {
	type row struct{ label, text string }
	rows := []row{
		{f.Severity.String(), f.Message.String() + " [" + f.Code.String() + "]"},
		{"Who must act", whoMustAct(nil, f)},
	}
	for _, step := range stepLines(nil, f.Do()) {
		rows = append(rows, row{"What to do", step})
	}
	rows = append(rows, row{"Help page", f.HelpURL.String()})
	for _, row := range rows {
		if row.text != "" {
			fmt.Fprintf(b, "%s: %s\n", row.label, row.text)
		}
	}
	for _, line := range peerLines(nil, string(f.Evidence)) {
		fmt.Fprintf(b, "Seen: %s\n", line)
	}
}

// observed lists the phases, the sign-in and the warnings.
func observed(e *document.Endpoint, signInAsked bool) string {
	var b strings.Builder
	for _, s := range e.Phases {
		line := fmt.Sprintf("%-12s %-7s %8.1f ms  %s", s.Name, s.Status, s.Took, s.Why().Clip(maxEvidence))
		fmt.Fprintln(&b, strings.TrimRight(line, " "))
	}
	fmt.Fprintln(&b, signInLine(e.Auth, signInAsked))
	for _, f := range only(e.Findings, finding.Warning) {
		fmt.Fprintf(&b, "Warning: %s\n", short(nil, f))
	}
	for _, line := range drifted(nil, e.Findings) {
		fmt.Fprintf(&b, "Changed since the baseline: %s\n", line)
	}
	return b.String()
}

func signInLine(a document.SignIn, asked bool) string {
	if !asked {
		return "Signing in was not tested."
	}
	line := "Signing in: " + outcome(nil, a)
	if detail := outcomeDetail(nil, a); detail != "" {
		line += ": " + detail
	}
	return line
}

// className is the provider's id or, where there is none, the target.
func className(d *document.Document) string {
	if d.Provider != nil && d.Provider.ID != "" {
		return d.Provider.ID.String()
	}
	return d.Target.String()
}

func junitTime(m document.Millis) string { return fmt.Sprintf("%.3f", m.Seconds()) }
