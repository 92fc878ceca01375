package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/cobra/doc"

	"mailprobe/internal/finding"
	"mailprobe/internal/report"
	"mailprobe/internal/safe"
	"mailprobe/internal/settings"
)

// generateCommand is for packagers: it writes what is shipped beside the
// program, as this program is.
func (a *app) generateCommand() *cobra.Command {
	return &cobra.Command{
		Use:    "generate FOLDER",
		Short:  "Write man pages and completions, for packages",
		Long:   "generate writes man pages to FOLDER/man and scripts for shells to FOLDER/completions.",
		Hidden: true,
		Args:   cobra.ArbitraryArgs,
		RunE: func(c *cobra.Command, args []string) error {
			if len(args) != 1 {
				return fmt.Errorf("write it like this: mailprobe generate FOLDER")
			}
			if err := a.writeMan(filepath.Join(args[0], "man")); err != nil {
				return fmt.Errorf("cannot write to %s: %w", safe.Display(args[0]), err)
			}
			if err := writeCompletions(c.Root(), filepath.Join(args[0], "completions")); err != nil {
				return fmt.Errorf("cannot write to %s: %w", safe.Display(args[0]), err)
			}
			return nil
		},
	}
}

// writeMan writes a page for each command. That of the program itself lists
// what its flags take.
func (a *app) writeMan(folder string) error {
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	root := a.rootCommand()
	root.DisableAutoGenTag = true
	escapeLong(root)
	root.Long += a.values()
	header := &doc.GenManHeader{Title: "MAILPROBE", Section: "1", Source: "mailprobe " + version(), Manual: "mailprobe"}
	if on := built(); !on.IsZero() {
		header.Date = &on
	}
	return doc.GenManTree(root, header, folder)
}

// escapeLong makes the texts of a command and of those below it fit for
// Markdown, of which man pages are made.
func escapeLong(c *cobra.Command) {
	c.Long = manText(c.Long)
	for _, below := range c.Commands() {
		escapeLong(below)
	}
}

// values lists what flags and arguments take, as Markdown.
func (a *app) values() string {
	var b strings.Builder
	list := func(head string, rows [][2]string) {
		fmt.Fprintf(&b, "\n\n# %s\n\n", head)
		for _, row := range rows {
			fmt.Fprintf(&b, "- `%s` %s\n", row[0], manText(row[1]))
		}
	}
	bare := func(names []string) (rows [][2]string) {
		for _, name := range names {
			rows = append(rows, [2]string{name, ""})
		}
		return rows
	}
	var protocols []string
	for _, p := range settings.Protocols() {
		protocols = append(protocols, string(p))
	}
	list("PROTOCOLS", bare(protocols))
	list("FORMATS", bare(append(report.SuiteFormats(), patchFormat)))
	list("MECHANISMS", bare(append([]string{"auto", "none"}, waysToSignIn()...)))
	var providers, codes [][2]string
	for _, o := range a.providers.Outlines() {
		providers = append(providers, [2]string{o.ID, o.Name})
	}
	for _, p := range finding.Pages() {
		codes = append(codes, [2]string{p.Code, p.Title})
	}
	list("PROVIDERS", providers)
	list("FINDING CODES", codes)
	return b.String()
}

// manText makes a text mean nothing to Markdown.
func manText(s string) string {
	return strings.NewReplacer(`\`, `\\`, "`", "\\`", "*", `\*`, "_", `\_`, "<", `\<`, "[", `\[`).Replace(s)
}

// writeCompletions writes a script for each shell, by the name that it looks for.
func writeCompletions(root *cobra.Command, folder string) error {
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	for name, write := range map[string]func(string) error{
		"mailprobe.bash": func(file string) error { return root.GenBashCompletionFileV2(file, true) },
		"_mailprobe":     root.GenZshCompletionFile,
		"mailprobe.fish": func(file string) error { return root.GenFishCompletionFile(file, true) },
		"mailprobe.ps1":  root.GenPowerShellCompletionFileWithDesc,
	} {
		if err := write(filepath.Join(folder, name)); err != nil {
			return err
		}
	}
	return nil
}
