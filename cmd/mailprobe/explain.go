package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"mailprobe/internal/auth/token"
	"mailprobe/internal/finding"
	"mailprobe/internal/replies"
	"mailprobe/internal/report"
	"mailprobe/internal/safe"
	"mailprobe/internal/settings"
	"mailprobe/internal/target"
)

// explainFlags are the flags of explain.
type explainFlags struct {
	provider, protocol string
	json, codes        bool
	verbose            bool
	set                *pflag.FlagSet // the same flags
}

func (a *app) explainCommand() *cobra.Command {
	var f explainFlags
	c := &cobra.Command{
		Use:   "explain [TEXT... | FILE | -]",
		Short: "Explain a pasted reply, error message, bounce or finding code",
		Long: `explain says what a server's reply or a mail program's error message means, who
must act, and what to do. It takes the text itself, the name of a file that
holds it, or the standard input: a reply, a transcript, a bounced message, the
words of an error dialogue, the refusal of an OAuth2 server, a finding code such
as cert.expired, or a report that was saved with --json. It needs no network.

A reply without a fault, such as "250 OK", is called that; it is no match.

Exit status: 0 a fault is recognised, or a saved report says that everything
works; 1 none is; 2 usage.`,
		Example: `  mailprobe explain '535 5.7.139 Authentication unsuccessful, basic authentication is disabled'
  mailprobe explain cert.expired
  mailprobe explain --provider gmail bounce.txt
  mailprobe gmail --json > report.json; mailprobe explain report.json`,
		RunE: func(c *cobra.Command, args []string) error { return a.explain(c.Context(), &f, args) },
	}
	c.ValidArgsFunction = completeCodes
	f.set = c.Flags()
	c.Flags().StringVar(&f.provider, "provider", "", "the `PROVIDER` whose server said it")
	c.Flags().StringVar(&f.protocol, "protocol", "", "the protocol in which it was said: imap, pop3 or smtp")
	c.Flags().BoolVar(&f.json, "json", false, "as JSON")
	c.Flags().BoolVarP(&f.verbose, "verbose", "v", false, "the whole advice, what every reading means, and the standards")
	c.Flags().BoolVar(&f.codes, "codes", false, "list all finding codes instead")
	if err := c.RegisterFlagCompletionFunc("provider", a.completeRepliers); err != nil {
		panic("explain: " + err.Error()) // the flag stands two lines above
	}
	return c
}

func (a *app) explain(ctx context.Context, f *explainFlags, args []string) error {
	if f.codes {
		return a.listCodes()
	}
	q, err := a.question(f)
	if err != nil {
		return err
	}
	if q.Text, err = a.pasted(ctx, args); err != nil {
		return err
	}
	if strings.TrimSpace(q.Text) == "" {
		return errors.New("nothing to explain: the text is empty")
	}
	if err := mistypedCode(args); err != nil {
		return err
	}
	found, err := a.explained(q)
	if err != nil {
		return err
	}
	a.hideSecrets(q.Text, found.matches)
	if len(found.matches) == 0 && found.saved == nil {
		if err := missingFile(args); err != nil {
			return err
		}
	}
	if err := a.writeExplained(f, q.Text, found); err != nil {
		return err
	}
	if len(found.matches) == 0 && !found.works() {
		return &statusError{status: exitFails}
	}
	return nil
}

// hideSecrets takes what looks like a token or another secret out of what is
// said of a text that was pasted: a secret is never repeated.
func (a *app) hideSecrets(text string, matches []replies.Match) {
	if token.Hide(text) != text {
		fmt.Fprintln(a.stderr, "mailprobe: note: the text holds what looks like a token or secret; it is not repeated here. Whoever has seen it may use it: withdraw it, or let it expire.")
	}
	for i := range matches {
		m := &matches[i]
		m.Cause, m.Remedy, m.Evidence = token.Hide(m.Cause), token.Hide(m.Remedy), token.Hide(m.Evidence)
	}
}

func (a *app) writeExplained(f *explainFlags, text string, found explained) error {
	if f.json {
		return report.ExplainJSON(a.stdout, found.matches)
	}
	if nothing := found.nothing(text); nothing != "" {
		_, err := fmt.Fprintln(a.stdout, a.lang.Say(nothing))
		return err
	}
	width, _ := terminalWidth(a.stdout)
	return report.ExplainText(a.stdout, found.matches, report.Options{Width: width, Verbose: f.verbose, Language: a.lang.Language})
}

// question is what the flags say of the text.
func (a *app) question(f *explainFlags) (replies.Query, error) {
	q := replies.Query{Protocol: settings.Protocol(f.protocol), At: time.Now()}
	if err := checkEmpty(f.set); err != nil {
		return q, err
	}
	if f.protocol != "" && !slices.Contains(settings.Protocols(), q.Protocol) {
		return q, fmt.Errorf("--protocol %s: no such protocol; there are imap, pop3 and smtp", safe.Display(f.protocol))
	}
	if f.provider == "" {
		return q, nil
	}
	if s, ok := a.providers.Lookup(f.provider); ok {
		q.Provider = s.ID
		return q, nil
	}
	if !replies.KnowsProvider(f.provider) {
		return q, fmt.Errorf("--provider: %w", target.Unknown(a.providers, f.provider))
	}
	q.Provider = f.provider
	return q, nil
}

// listCodes prints every finding code with its title.
func (a *app) listCodes() error {
	for _, c := range finding.Pages() {
		if _, err := fmt.Fprintf(a.stdout, "%-34s %-8s %s\n", c.Code, c.Severity, c.Title); err != nil {
			return err
		}
	}
	return nil
}
