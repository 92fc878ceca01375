package main

import (
	"bytes"
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"mailprobe/internal/catalog"
)

// Every command says what it does and names every flag that it takes.
func TestHelp(t *testing.T) {
	a := &app{stdin: &bytes.Buffer{}, stdout: &bytes.Buffer{}, stderr: &bytes.Buffer{}, providers: catalog.Load()}
	checkHelp(t, a.rootCommand())
}

func checkHelp(t *testing.T, c *cobra.Command) {
	t.Helper()
	var help bytes.Buffer
	c.SetOut(&help)
	if err := c.Help(); err != nil {
		t.Errorf("%s: %v", c.CommandPath(), err)
	}
	if c.Short == "" {
		t.Errorf("%s does not say what it does", c.CommandPath())
	}
	c.Flags().VisitAll(func(f *pflag.Flag) {
		if !strings.Contains(help.String(), " --"+f.Name+" ") && !strings.Contains(help.String(), " --"+f.Name+"\n") {
			t.Errorf("the help of %s does not name --%s", c.CommandPath(), f.Name)
		}
		if f.Usage == "" {
			t.Errorf("%s: --%s is not explained", c.CommandPath(), f.Name)
		}
	})
	for _, sub := range c.Commands() {
		checkHelp(t, sub)
	}
}
