package main

import (
	"cmp"
	"context"
	"io"
	"net/http"
	"os"
	"runtime"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"mailprobe/internal/catalog"
)

// app is the command with its streams. It alone knows terminals, files and
// the environment.
type app struct {
	stdin  io.Reader
	stdout io.Writer
	stderr io.Writer

	providers *catalog.Catalog // nil: those that are built in

	lang langFlag // what people are answered in; set by rootCommand

	transport   http.RoundTripper      // for sign-ins by OAuth2; nil: the network
	openBrowser func(url string) error // nil: the system's browser
	expect      func(targets int)      // told how many targets a run has, to have memory for them; nil: nobody is
	collect     func(percent int)      // told how much garbage may pile up; nil: nobody is
}

// collects says how much garbage may pile up beside what is live, in percent.
func (a *app) collects(percent int) {
	if a.collect != nil {
		a.collect(percent)
	}
}

// expects says how many targets a run has.
func (a *app) expects(targets int) {
	if a.expect != nil {
		a.expect(targets)
	}
}

// run carries out one command line and returns the exit status.
func (a *app) run(ctx context.Context, args []string) int {
	if a.providers == nil {
		a.providers = catalog.Load()
	}
	root := a.rootCommand()
	root.SetArgs(pastedText(args))
	root.SetOut(a.stdout)
	root.SetErr(a.stderr)
	err := root.ExecuteContext(ctx)
	if asksForPlugin(args) {
		return a.pluginStatus(err)
	}
	return a.status(ctx, err)
}

func (a *app) rootCommand() *cobra.Command {
	root := a.verifyCommand()
	root.SilenceErrors, root.SilenceUsage = true, true
	root.Version = version()
	root.SetVersionTemplate("mailprobe {{.Version}}\n")
	root.SetFlagErrorFunc(mistypedFlag)
	root.SetUsageFunc(a.usage)
	root.CompletionOptions.HiddenDefaultCmd = false
	root.AddCommand(
		a.runCommand(), a.bulkCommand(), a.diffCommand(), a.generateCommand(), a.serveCommand(), a.uiCommand(), a.demoCommand(), a.labCommand(), a.listCommand(), a.showCommand(), a.explainCommand(),
		a.checkCommand(), a.discoverCommand(), a.lintCommand(), a.catalogCommand(), a.loginCommand(), a.logoutCommand(), a.tokenCommand(), a.oauthCommand(), a.versionCommand(),
	)
	a.speaks(root)
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

// hasFrames reports whether a terminal shows box characters: where the first
// of the variables that is set (POSIX, 8.2) says UTF-8, and always on Windows,
// whose consoles are written to in UTF-16.
func hasFrames(env func(string) string) bool {
	locale := strings.ToLower(cmp.Or(env("LC_ALL"), env("LC_CTYPE"), env("LANG")))
	return runtime.GOOS == "windows" || strings.Contains(locale, "utf-8") || strings.Contains(locale, "utf8")
}
