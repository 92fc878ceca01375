package report

import (
	"strings"

	"mailprobe/internal/probe"
)

// phases are all phases in their order, with what each does in plain words.
var phases = []struct{ name, plain string }{
	{probe.Resolve, "look up the address"},
	{probe.Connect, "connect"},
	{probe.TLS, "start encryption"},
	{probe.Greeting, "wait for the greeting"},
	{probe.StartTLS, "switch to encryption"},
	{probe.Capabilities, "ask what it offers"},
	{probe.SignIn, "sign in"},
	{probe.Access, "use the account"},
	{probe.Quit, "say goodbye"},
}

// phaseWords says in plain words what a phase does.
func phaseWords(name string) string {
	for _, p := range phases {
		if p.name == name {
			return p.plain
		}
	}
	return name
}

// stepOf returns the step of a phase. A phase without one was not reached.
func stepOf(r *probe.Result, name string) probe.Step {
	if r != nil {
		if s := r.Step(name); s.Phase != "" {
			return s
		}
	}
	return probe.Step{Phase: name, Status: probe.Skipped, Note: "not reached"}
}

// noteOf returns why a step failed or was skipped, or what is worth saying.
func noteOf(s probe.Step) string {
	if s.Err != nil {
		return s.Err.Error()
	}
	return strings.TrimPrefix(s.Note, "skipped: ")
}
