package main

import (
	"encoding/json"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"mailprobe/internal/baseline"
	"mailprobe/internal/document"
	"mailprobe/internal/safe"
)

const aboutDiff = `diff compares two saved runs, of -o json=FILE or --save-baseline FILE: which
settings came and went, verdicts, capabilities, ways to sign in, the version of
TLS, who issued the certificates, addresses. What was not seen in one of them is
not compared. It needs no network.

Exit status: 0 nothing changed, 1 something did, 2 a file cannot be read.`

func (a *app) diffCommand() *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use:     "diff BEFORE AFTER",
		Short:   "Say what changed between two saved runs",
		Long:    aboutDiff,
		Example: "  mailprobe gmail --save-baseline gmail.json\n  mailprobe diff gmail.json today.json",
		Args:    cobra.ArbitraryArgs,
		RunE: func(_ *cobra.Command, args []string) error {
			if len(args) != 2 {
				return errors.New("write it like this: mailprobe diff BEFORE.json AFTER.json, with two saved runs")
			}
			return a.diff(args[0], args[1], asJSON)
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "write the changes as JSON")
	return c
}

// A change is one of the JSON of diff.
type change struct {
	Code    document.Text   `json:"code"`
	Target  document.Text   `json:"target"`
	Before  []document.Text `json:"before"`
	After   []document.Text `json:"after"`
	Message document.Text   `json:"message"`
	document.Server
}

func (a *app) diff(before, after string, asJSON bool) error {
	old, err := savedReports(before)
	if err != nil {
		return err
	}
	now, err := savedReports(after)
	if err != nil {
		return err
	}
	all := []change{}
	for _, d := range now {
		was := baseline.Of(d, old)
		if was == nil {
			all = append(all, change{Code: "drift.no_baseline", Target: d.Target, Before: []document.Text{}, After: []document.Text{d.Target}, Message: d.Target + " is new."})
			continue
		}
		for _, c := range baseline.Compare(was, d) {
			all = append(all, change{document.Text(c.Code), d.Target, document.Texts(c.Before), document.Texts(c.After), document.Text(c.String()), c.Server})
		}
	}
	for _, d := range old {
		if baseline.Of(d, now) == nil {
			all = append(all, change{Code: "drift.no_baseline", Target: d.Target, Before: []document.Text{d.Target}, After: []document.Text{}, Message: d.Target + " is gone."})
		}
	}
	return a.printDiff(all, asJSON)
}

func (a *app) printDiff(all []change, asJSON bool) error {
	if asJSON {
		e := json.NewEncoder(a.stdout)
		e.SetEscapeHTML(false)
		e.SetIndent("", "  ")
		if err := e.Encode(struct {
			Schema  int      `json:"schema"`
			Changes []change `json:"changes"`
		}{document.Schema, all}); err != nil {
			return err
		}
	} else if err := a.printChanges(all); err != nil {
		return err
	}
	if len(all) > 0 {
		return &statusError{status: exitFails}
	}
	return nil
}

// printChanges prints the changes of each target below its name.
func (a *app) printChanges(all []change) error {
	if len(all) == 0 {
		_, err := fmt.Fprintln(a.stdout, "Nothing changed.")
		return err
	}
	target := document.Text("")
	for _, c := range all {
		if c.Target != target {
			fmt.Fprintln(a.stdout, safe.Display(string(c.Target))+":")
			target = c.Target
		}
		if _, err := fmt.Fprintf(a.stdout, "  - %s [%s]\n", c.Message, c.Code); err != nil {
			return err
		}
	}
	return nil
}
