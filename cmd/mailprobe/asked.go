package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"mailprobe/internal/bounded"
	"mailprobe/internal/document"
	"mailprobe/internal/finding"
	"mailprobe/internal/target"
)

// watched reports whether a person sits at the terminal: one that is typed at
// and one that shows what is said.
func (a *app) watched() bool {
	_, in := terminalWidth(a.stdin)
	_, out := terminalWidth(a.stderr)
	return in && out
}

// offers reports whether a person is asked for the password of an address that
// is a target. To servers that are only guessed no password goes.
func (a *app) offers(f *runFlags, targets []target.Target) bool {
	guessed := slices.ContainsFunc(targets, func(t target.Target) bool { return t.Guessed })
	return !f.quiet && !f.secrets.named && !f.oauth.never && !guessed && a.watched()
}

// bare is what mailprobe does without a target: it asks a person what is wrong.
func (a *app) bare(c *cobra.Command, f *runFlags) error {
	if f.secrets.noPrompt || f.quiet || !a.watched() {
		return a.nothingToVerify(c)
	}
	fmt.Fprintln(a.stderr, a.lang.Say("What is wrong? Type an address or a provider, such as gmail. Or paste the error, then type a line with only a dot:"))
	text, err := typed(c.Context(), func() (string, error) { return untilWord(a.stdin) })
	if err != nil {
		return err
	}
	words := strings.Fields(text)
	switch {
	case len(words) == 0:
		return a.nothingToVerify(c)
	case len(words) == 1 && !isCode(words[0]) && !errorName.MatchString(words[0]):
		return mistypedCommand(c, words, a.verify(c.Context(), f, words))
	}
	explain := a.explainCommand()
	explain.SilenceErrors, explain.SilenceUsage = true, true
	explain.SetArgs([]string{"--", strings.TrimSpace(text)})
	return explain.ExecuteContext(c.Context())
}

// typed returns what is read, or what an interrupt ends: a terminal or pipe that
// says nothing would hold the command for ever.
func typed(ctx context.Context, read func() (string, error)) (string, error) {
	text, err := bounded.Call(ctx, 0, read)
	if ctx.Err() != nil {
		return "", interrupted()
	}
	return text, err
}

// nothingToVerify shows the help beside the error where a person reads; programs
// get one line.
func (a *app) nothingToVerify(c *cobra.Command) error {
	var shown error
	if _, reads := terminalWidth(a.stdout); reads {
		shown = c.Help()
	}
	return errors.Join(shown, errors.New("nothing to verify; name a provider, such as office365, or see 'mailprobe --help'"))
}

// untilWord reads a single word, or a text as far as a line with only a dot.
func untilWord(r io.Reader) (string, error) {
	lines := bufio.NewReader(io.LimitReader(r, document.MaxSize))
	first, err := lines.ReadString('\n')
	if words := strings.Fields(first); errors.Is(err, io.EOF) || err == nil && len(words) <= 1 && !beginsText(words) {
		return first, nil
	}
	if err != nil {
		return "", err
	}
	rest, err := untilDot(lines)
	return first + rest, err
}

// beginsText reports whether a first line of one word is no target but the
// beginning of a text: "Error:", "535", "-ERR".
func beginsText(words []string) bool {
	if len(words) == 0 {
		return false
	}
	last := words[0][len(words[0])-1]
	return strings.IndexByte(":;,.!?", last) >= 0 || strings.IndexByte("+-*", words[0][0]) >= 0 || strings.Trim(words[0], "0123456789") == ""
}

func isCode(word string) bool {
	return slices.ContainsFunc(finding.Pages(), func(p finding.Page) bool { return string(p.Code) == word })
}

// waysOn says what else there is to do about a failure, to who reads the report
// at a terminal.
func (a *app) waysOn(ctx context.Context, f *runFlags, j job, o *outcome) {
	_, reads := terminalWidth(a.stdout)
	if !reads || !a.watched() || f.quiet || ctx.Err() != nil || o.tally.Verdict() != document.Fails || !onStdout(j.outputs, "text") {
		return
	}
	fmt.Fprintln(a.stderr, "\n"+a.lang.Say("Was it something else? Repeat it with --transcript to see the whole dialogue, or with\n"+
		"-o html=ticket.html for a page to pass on; 'mailprobe explain' reads what the mail program says."))
}
