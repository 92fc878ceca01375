package main

import (
	"io"
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// TestSections holds that the help shows every command and every flag once, and
// that those of mailprobe itself stand in sections.
func TestSections(t *testing.T) {
	root := (&app{stdin: strings.NewReader(""), stdout: io.Discard, stderr: io.Discard}).rootCommand()
	root.InitDefaultHelpCmd()
	root.InitDefaultCompletionCmd()
	var shown strings.Builder
	root.SetOut(&shown)
	for _, c := range append(root.Commands(), root) {
		c.InitDefaultHelpFlag()
		shown.Reset()
		if err := c.Usage(); err != nil {
			t.Fatal(err)
		}
		if c == root && strings.Contains(shown.String(), "\nIts own") {
			t.Errorf("got\n%s\nwant each command and flag in a section of commandSections and flagSections", shown.String())
		}
		wantOnce(t, c, shown.String())
	}
}

func wantOnce(t *testing.T, c *cobra.Command, text string) {
	t.Helper()
	for _, below := range c.Commands() {
		if n := strings.Count(text, "\n  "+below.Name()+" "); (n == 1) != (below.IsAvailableCommand() || below.Name() == "help") {
			t.Errorf("got  the command %s %d times\n%s", below.Name(), n, text)
		}
	}
	c.Flags().VisitAll(func(f *pflag.Flag) {
		if n := strings.Count(text, " --"+f.Name+" ") + strings.Count(text, " --"+f.Name+"\n"); n == 0 && !f.Hidden {
			t.Errorf("%s\ngot  no line for --%s", c.Name(), f.Name)
		}
	})
}
