package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"strconv"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"mailprobe/internal/catalog"
	"mailprobe/internal/verify"
)

// The exit statuses, an interface of the command.
const (
	exitWorks       = 0   // every documented setting works
	exitFails       = 1   // at least one does not
	exitUsage       = 2   // usage or configuration
	exitUnknown     = 3   // could not be judged from here
	exitInterrupted = 130 // by the user
)

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

// app is the command with its streams. It alone knows terminals, files and
// the environment.
type app struct {
	stdin  io.Reader
	stdout io.Writer
	stderr io.Writer

	providers *catalog.Catalog // loaded by run

	transport   http.RoundTripper      // for sign-ins by OAuth2; nil: the network
	openBrowser func(url string) error // nil: the system's browser
}

// run carries out one command line and returns the exit status.
func (a *app) run(ctx context.Context, args []string) int {
	a.providers = catalog.Load()
	root := a.rootCommand()
	root.SetArgs(pastedText(args))
	root.SetIn(a.stdin)
	root.SetOut(a.stdout)
	root.SetErr(a.stderr)
	return a.status(root.ExecuteContext(ctx))
}

// status prints an error in one line and returns the exit status for it.
// What bears no status of its own is a mistake in the command line.
func (a *app) status(err error) int {
	if err == nil {
		return exitWorks
	}
	status := exitUsage
	var s *statusError
	if errors.As(err, &s) {
		status = s.status
	}
	if text := err.Error(); text != "" {
		fmt.Fprintln(a.stderr, "mailprobe: "+text)
	}
	return status
}

// verdictStatus is the exit status of a verdict.
func verdictStatus(v verify.Verdict) int {
	switch v {
	case verify.Works:
		return exitWorks
	case verify.Fails:
		return exitFails
	}
	return exitUnknown
}

func (a *app) rootCommand() *cobra.Command {
	root := a.verifyCommand()
	root.SilenceErrors, root.SilenceUsage = true, true
	root.Version = version()
	root.SetVersionTemplate("mailprobe {{.Version}}\n")
	root.CompletionOptions.HiddenDefaultCmd = false
	root.AddCommand(
		a.demoCommand(), a.labCommand(), a.listCommand(), a.showCommand(), a.explainCommand(),
		a.loginCommand(), a.logoutCommand(), a.versionCommand(),
	)
	refineCompletion(root)
	return root
}

// terminalWidth returns the width of the terminal behind w and whether there
// is one that knows control sequences. COLUMNS, where set, says the width.
func terminalWidth(w any) (int, bool) {
	columns, _ := strconv.Atoi(os.Getenv("COLUMNS"))
	f, ok := w.(*os.File)
	if !ok || !term.IsTerminal(int(f.Fd())) || os.Getenv("TERM") == "dumb" {
		return columns, false
	}
	if width, _, err := term.GetSize(int(f.Fd())); err == nil && columns == 0 {
		columns = width
	}
	if columns <= 0 { // a terminal need not know, on a serial line for one
		columns = 80
	}
	return columns, true
}
