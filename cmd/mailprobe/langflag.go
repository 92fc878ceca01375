package main

import (
	"os"
	"strings"

	"github.com/spf13/cobra"

	"mailprobe/internal/language"
)

// A langFlag is the language that people are answered in.
type langFlag struct{ *language.Language }

func (f *langFlag) String() string { return "" } // no default is shown: it is the environment's

func (f *langFlag) Type() string { return "LANGUAGE" }

func (f *langFlag) Set(tag string) (err error) {
	f.Language, err = language.Named(tag)
	return err
}

// speaks lets every command be told the language of what it says to people.
func (a *app) speaks(root *cobra.Command) {
	a.lang = langFlag{language.OfLocale(os.Getenv)}
	root.PersistentFlags().Var(&a.lang, "lang", "the `LANGUAGE` of reports and explanations for people: "+strings.Join(language.Tags(), " or ")+" (otherwise that of LC_ALL, LC_MESSAGES or LANG)")
	complete := func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
		return language.Tags(), cobra.ShellCompDirectiveNoFileComp
	}
	if err := root.RegisterFlagCompletionFunc("lang", complete); err != nil {
		panic(err) // it is registered twice
	}
}
