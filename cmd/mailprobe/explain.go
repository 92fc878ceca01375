package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"mailprobe/internal/auth/token"
	"mailprobe/internal/document"
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

Exit status: 0 a fault is recognised, 1 none is, 2 usage.`,
		Example: `  mailprobe explain '535 5.7.139 Authentication unsuccessful, basic authentication is disabled'
  mailprobe explain cert.expired
  mailprobe explain --provider gmail bounce.txt
  mailprobe gmail --json > report.json; mailprobe explain report.json`,
		RunE: func(_ *cobra.Command, args []string) error { return a.explain(&f, args) },
	}
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

func (a *app) explain(f *explainFlags, args []string) error {
	if f.codes {
		return a.listCodes()
	}
	q, err := a.question(f)
	if err != nil {
		return err
	}
	if q.Text, err = a.pasted(args); err != nil {
		return err
	}
	if strings.TrimSpace(q.Text) == "" {
		return errors.New("nothing to explain: the text is empty")
	}
	matches, saved, err := a.explained(q)
	if err != nil {
		return err
	}
	a.hideSecrets(q.Text, matches)
	if saved && len(matches) == 0 && !f.json {
		_, err = fmt.Fprintln(a.stdout, "The report has no finding, so there is nothing to explain.")
	} else {
		err = a.writeExplained(f, q.Text, matches)
	}
	if err != nil {
		return err
	}
	if len(matches) == 0 {
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

// explained takes the text for a saved report, if it is one. Of one that is
// damaged behind its first documents these are explained, and that is said.
func (a *app) explained(q replies.Query) (matches []replies.Match, saved bool, err error) {
	documents, err := document.Read(strings.NewReader(q.Text))
	none, some := errors.Is(err, document.ErrNone), len(documents) > 0
	switch {
	case none && !some && !errors.Is(err, document.ErrDamaged):
		return replies.Explain(q), false, nil
	case none && some:
		fmt.Fprintf(a.stderr, "mailprobe: only the first %d of it can be read: %v\n", len(documents), err)
	case err != nil:
		return nil, true, err
	}
	return document.Explain(documents), true, nil
}

func (a *app) writeExplained(f *explainFlags, text string, matches []replies.Match) error {
	switch {
	case f.json:
		return report.ExplainJSON(a.stdout, matches)
	case len(matches) == 0 && replies.Agrees(text):
		return report.ExplainSuccess(a.stdout)
	}
	width, _ := terminalWidth(a.stdout)
	return report.ExplainText(a.stdout, matches, report.Options{Width: width, Verbose: f.verbose})
}

// question is what the flags say of the text.
func (a *app) question(f *explainFlags) (replies.Query, error) {
	q := replies.Query{Protocol: settings.Protocol(f.protocol), At: time.Now()}
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

// pasted returns the text to explain: the arguments, the file that a single
// one names, or the standard input.
func (a *app) pasted(args []string) (string, error) {
	if len(args) == 1 && args[0] != "-" {
		if info, err := os.Stat(args[0]); err == nil && info.Mode().IsRegular() {
			file, err := os.Open(args[0])
			if err != nil {
				return "", fmt.Errorf("cannot read %s: %w", args[0], errors.Unwrap(err))
			}
			defer file.Close()
			return readPasted(file)
		}
	}
	if len(args) > 0 && (len(args) > 1 || args[0] != "-") {
		return strings.Join(args, " "), nil
	}
	if _, terminal := terminalWidth(a.stdin); len(args) == 0 && terminal {
		fmt.Fprintln(a.stderr, "Paste what the server or the mail program said, then type a line with only a dot, or Ctrl-D:")
		return untilDot(a.stdin)
	}
	return readPasted(a.stdin)
}

// untilDot reads lines as far as one with nothing but a dot, or to the end.
func untilDot(r io.Reader) (string, error) {
	lines := bufio.NewScanner(io.LimitReader(r, document.MaxSize+1))
	lines.Buffer(nil, document.MaxSize+1)
	var text strings.Builder
	for lines.Scan() && lines.Text() != "." {
		text.WriteString(lines.Text() + "\n")
	}
	return text.String(), lines.Err()
}

// pastedEnd is how much of each end of a text is kept that cannot be a saved
// report, in bytes. Between them nothing is looked at.
const pastedEnd = 1 << 20

// readPasted reads a text as far as it is looked at: its two ends, or of what
// may be a report all of it and a byte more, by which one that is too large can
// be told.
func readPasted(r io.Reader) (string, error) {
	var head strings.Builder
	if _, err := io.Copy(&head, io.LimitReader(r, pastedEnd)); err != nil {
		return "", err
	}
	begun := strings.TrimSpace(head.String())
	if strings.HasPrefix(begun, "{") || strings.HasPrefix(begun, "[") {
		_, err := io.Copy(&head, io.LimitReader(r, document.MaxSize+1-pastedEnd))
		return head.String(), err
	}
	last, err := lastOf(r, pastedEnd)
	if err != nil {
		return "", err
	}
	text := head.String() + string(last)
	if strings.TrimSpace(text) == "" {
		return "", errors.New("nothing to explain: the text is empty")
	}
	return text, nil
}

// lastOf reads at most as much as a report may have, and returns the last n
// bytes of it.
func lastOf(r io.Reader, n int) ([]byte, error) {
	r = io.LimitReader(r, document.MaxSize)
	kept, more := make([]byte, 0, 2*n), make([]byte, 64<<10)
	for {
		read, err := r.Read(more)
		if len(kept)+read > cap(kept) {
			kept = append(kept[:0], kept[len(kept)-n:]...)
		}
		kept = append(kept, more[:read]...)
		switch {
		case errors.Is(err, io.EOF):
			return kept[max(len(kept)-n, 0):], nil
		case err != nil:
			return nil, err
		}
	}
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
