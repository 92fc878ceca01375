package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"syscall"

	"mailprobe/internal/document"
	"mailprobe/internal/report"
	"mailprobe/internal/safe"
)

// The exit statuses, an interface of the command.
const (
	exitWorks       = 0   // every documented setting works, and a sign-in that was asked for
	exitFails       = 1   // at least one does not
	exitUsage       = 2   // usage or configuration
	exitUnknown     = 3   // could not be judged from here, or a sign-in was asked for and not tested
	exitInterrupted = 130 // by the user
	exitTerminated  = 143 // by SIGTERM
)

// A signalError is why a run was interrupted.
type signalError struct{ signal os.Signal }

func (e *signalError) Error() string { return "ended by the signal " + e.signal.String() }

// A statusError ends the command with an exit status; its message, if there
// is one, goes to stderr.
type statusError struct {
	status int
	err    error // nil: nothing more is to be said
}

func (e *statusError) Error() string {
	if e.err == nil {
		return ""
	}
	return e.err.Error()
}

func (e *statusError) Unwrap() error { return e.err }

// status prints an error in one line and returns the exit status for it.
// What bears no status of its own is a mistake in the command line.
func (a *app) status(ctx context.Context, err error) int {
	if err == nil {
		return exitWorks
	}
	status := exitUsage
	var s *statusError
	if errors.As(err, &s) {
		status = s.status
	}
	var by *signalError
	if status == exitInterrupted && errors.As(context.Cause(ctx), &by) && by.signal == syscall.SIGTERM {
		status = exitTerminated
	}
	if text := err.Error(); text != "" {
		fmt.Fprintln(a.stderr, "mailprobe: "+harmless(text))
	}
	return status
}

// harmless makes an error fit to be printed. It quotes what the user has typed,
// a file or a server. A backslash stays as it is: what is quoted may have been
// made harmless already.
func harmless(text string) string {
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		parts := strings.Split(line, `\`)
		for j, part := range parts {
			parts[j] = safe.Display(part)
		}
		lines[i] = strings.Join(parts, `\`)
	}
	// Two colons are a command at the beginning of a line alone, where this
	// program's name stands.
	lines[0] = strings.ReplaceAll(lines[0], `\:`, ":")
	return strings.Join(lines, "\n")
}

// An outcome turns the reports that pass into an exit status.
type outcome struct {
	strict  bool // warnings count
	plugin  bool // the status is that of a plugin of Nagios
	targets int  // how many reports are to come
	tally   document.Tally
}

// outcome is that of a job.
func (f *runFlags) outcome(j job) *outcome {
	return &outcome{strict: f.strict, plugin: onStdout(j.outputs, "nagios"), targets: len(j.plans)}
}

func (o *outcome) see(d *document.Document) { o.tally.Add(d) }

// err is nil where everything works, or the exit status. Whoever ended the run
// early is told nothing else by it.
func (o *outcome) err(ctx context.Context) error {
	if o.plugin {
		return pluginOutcome(o.tally.State(o.targets, o.strict))
	}
	status := exitUnknown
	switch v := o.tally.Verdict(); {
	case ctx.Err() != nil:
		status = exitInterrupted
	case v == document.Fails, v == document.Works && o.strict && o.tally.Warned():
		status = exitFails
	case v == document.Works:
		return nil
	}
	return &statusError{status: status}
}

// The exit statuses of a plugin of Nagios, which mean other things than those
// of this program.
var pluginStatuses = map[document.State]int{
	document.StateOK: 0, document.StateWarning: 1, document.StateCritical: 2, document.StateUnknown: 3,
}

// pluginOutcome is nil for the state OK, or the exit status for another.
func pluginOutcome(state document.State) error {
	if status := pluginStatuses[state]; status != 0 {
		return &pluginError{status}
	}
	return nil
}

// A pluginError ends a plugin that has said all there is to say.
type pluginError struct{ status int }

func (e *pluginError) Error() string { return "" }

// pluginStatus ends a plugin: one that did not come to an answer says so on the
// standard output, where its caller looks for it.
func (a *app) pluginStatus(err error) int {
	var s *pluginError
	switch {
	case err == nil:
		return exitWorks
	case errors.As(err, &s):
		return s.status
	}
	text := err.Error()
	if text == "" {
		text = "the run was ended before there was an answer"
	}
	fmt.Fprintln(a.stdout, report.NagiosLine(document.StateUnknown, text))
	return pluginStatuses[document.StateUnknown]
}

// asksForPlugin reports whether a command line, which may be wrong, wants the
// standard output as a plugin of Nagios has it.
func asksForPlugin(args []string) bool {
	for i, arg := range args {
		switch arg {
		case "--":
			return false
		case "-o", "--output":
			if i+1 < len(args) && args[i+1] == "nagios" {
				return true
			}
		case "-onagios", "-o=nagios", "--output=nagios":
			return true
		}
	}
	return false
}
