package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"mailprobe/internal/auth/source"
	"mailprobe/internal/auth/token"
	"mailprobe/internal/diagnose"
	"mailprobe/internal/finding"
	"mailprobe/internal/report"
	"mailprobe/internal/settings"
	"mailprobe/internal/verify"
)

// tokenFlags are the flags of token.
type tokenFlags struct {
	file, command, user string
	json                bool
}

func (a *app) tokenCommand() *cobra.Command {
	var f tokenFlags
	c := &cobra.Command{
		Use:   "token [PROVIDER]",
		Short: "Show what an OAuth2 access token says, without sending or showing it",
		Long: `token reads an access token from a file, a command, the variable MAILPROBE_TOKEN
or the standard input, and tells what it is and what it says of itself: who
issued it, for which service, for whom, what it allows, and how long. It says
what is wrong with it for mail at PROVIDER, or at the provider that the token
itself names. It needs no network, and never shows the token.

Exit status: 0 it is good for mail, by what it says of itself; 1 it is not, or is
no access token; 2 usage; 3 it cannot be judged, because it is opaque or nothing
shows whose servers it is for.`,
		Example: `  az account get-access-token --resource https://outlook.office.com --query accessToken -o tsv | mailprobe token
  mailprobe token office365 --user me@corp.com --token-command 'pizauth show work'`,
		Args:              cobra.MaximumNArgs(1),
		ValidArgsFunction: a.completeTargets,
		RunE:              func(c *cobra.Command, args []string) error { return a.token(c.Context(), &f, args) },
	}
	set := c.Flags()
	set.StringVar(&f.file, "token-file", "", "read the token from `FILE` (- is the standard input, the default where it is no terminal)")
	set.StringVar(&f.command, "token-command", "", "take the token from the output of this shell `COMMAND`")
	set.StringVarP(&f.user, "user", "u", "", "the `ADDRESS` to sign in as, to be compared with the token's owner")
	set.BoolVar(&f.json, "json", false, "as JSON")
	set.SortFlags = false
	return c
}

func (a *app) token(ctx context.Context, f *tokenFlags, args []string) error {
	if f.user != "" {
		if err := checkAddress(f.user); err != nil {
			return err
		}
	}
	t := report.Token{Built: version(), User: f.user, Now: time.Now()}
	if len(args) == 1 {
		named, err := a.target(ctx, args[0])
		if err != nil {
			return err
		}
		t.Provider = named.Provider
	}
	r, err := a.givenToken(ctx, f)
	if err != nil {
		return err
	}
	t.Reading = r
	if t.Provider == nil {
		t.Provider = a.madeFor(r.Claims)
	}
	var judged bool
	t.Findings, judged = diagnose.Token(r, diagnose.TokenQuestion{User: f.user, Provider: t.Provider, Now: t.Now})
	t.Verdict = tokenVerdict(t.Findings, judged)
	if err := a.showToken(f, t); err != nil {
		return err
	}
	switch t.Verdict {
	case verify.Fails:
		return &statusError{status: exitFails}
	case verify.Unknown:
		return &statusError{status: exitUnknown}
	}
	return nil
}

// tokenVerdict says what findings come to. What was not judged is no success.
func tokenVerdict(findings []finding.Finding, judged bool) verify.Verdict {
	for _, f := range findings {
		if f.Severity == finding.Error {
			return verify.Fails
		}
	}
	if !judged {
		return verify.Unknown
	}
	return verify.Works
}

func (a *app) showToken(f *tokenFlags, t report.Token) error {
	if f.json {
		return report.TokenJSON(a.stdout, t)
	}
	width, _ := terminalWidth(a.stdout)
	return report.TokenText(a.stdout, t, report.Options{Width: width, Language: a.lang.Language})
}

// givenToken reads the one token that the user names; without a name, the
// standard input.
func (a *app) givenToken(ctx context.Context, f *tokenFlags) (token.Reading, error) {
	o := source.Options{TokenFile: f.file, TokenCommand: f.command, TokenAlone: true, NoPrompt: true, Stdin: a.stdin, Stderr: a.stderr}
	if len(o.Given()) == 0 {
		if in, ok := a.stdin.(*os.File); ok && term.IsTerminal(int(in.Fd())) {
			return token.Reading{}, errors.New("no token was given; pipe it in, or name it by --token-file, --token-command or " + source.TokenVariable)
		}
		o.TokenFile = "-"
	}
	c, _, err := source.Find(ctx, o, "")
	switch {
	case err != nil && ctx.Err() != nil:
		return token.Reading{}, interrupted()
	case err != nil && f.file == "" && o.TokenFile == "-":
		return token.Reading{}, fmt.Errorf("%w: pipe a token into 'mailprobe token', or name it by --token-file or --token-command", err)
	case err != nil:
		return token.Reading{}, err
	}
	r, _ := c.Reading()
	return r, nil
}

// madeFor returns the provider that a token's claims speak of; nil: none. For
// whose servers it is tells more than who issued it. Of several under one roof
// it is the one for organisations: tokens of personal accounts say nothing.
func (a *app) madeFor(c *token.Claims) (found *settings.Provider) {
	best := 0
	if c == nil {
		return nil
	}
	for _, outline := range a.providers.Outlines() {
		p, ok := a.providers.Lookup(outline.ID)
		if !ok {
			continue
		}
		if weight := speaksOf(c, p); weight > best {
			found, best = p, weight
		}
	}
	return found
}

// speaksOf weighs how surely a token's claims speak of a provider; 0: they do
// not.
func speaksOf(c *token.Claims, p *settings.Provider) int {
	made, byAudience := diagnose.MadeFor(c, p)
	weight := 0
	if made {
		weight = 1
	}
	if made && p.OAuth.AppScope != "" {
		weight++
	}
	if byAudience {
		weight += 2
	}
	return weight
}
