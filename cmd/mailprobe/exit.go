package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"syscall"

	"mailprobe/internal/safe"
	"mailprobe/internal/verify"
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
	strict bool // warnings count
	tally  verify.Tally
}

func (o *outcome) see(_ int, r *verify.Report) { o.tally.Add(r) }

// err is nil where everything works, or the exit status. Whoever ended the run
// early is told nothing else by it.
func (o *outcome) err(ctx context.Context) error {
	status := exitUnknown
	switch v := o.tally.Verdict(); {
	case ctx.Err() != nil:
		status = exitInterrupted
	case v == verify.Fails, v == verify.Works && o.strict && o.tally.Warned():
		status = exitFails
	case v == verify.Works:
		return nil
	}
	return &statusError{status: status}
}
