package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"mailprobe/internal/target"
	"mailprobe/internal/typo"
)

// mostSlips is how far a mistyped word may be from what was meant.
const mostSlips = 2

// nearest returns the name that is nearest to a word, or nothing where none is
// near: of a short word a slip leaves too little to go by.
func nearest(word string, names []string) string {
	best, least := "", min(mostSlips, (len(word)-1)/2)+1
	for _, name := range names {
		if slips := typo.Distance(strings.ToLower(word), name); slips < least {
			best, least = name, slips
		}
	}
	return best
}

// mistypedFlag says what may have been meant by a flag that does not exist. It
// repeats no value: that may be a secret.
func mistypedFlag(c *cobra.Command, err error) error {
	missing, ok := errors.AsType[*pflag.NotExistError](err)
	if !ok {
		return err
	}
	name, written := missing.GetSpecifiedName(), "unknown flag: --"+missing.GetSpecifiedName()
	if missing.GetSpecifiedShortnames() != "" {
		written = fmt.Sprintf("unknown shorthand flag: '%s'", name)
	}
	if wantsPassword(name) && c.Flags().Lookup("password-file") != nil {
		return errors.New(written + "; no flag takes a password itself, others could read it: leave it out and --user ADDRESS asks for it at the terminal, or use --password-file FILE")
	}
	if near := nearest(name, flagNames(c)); near != "" {
		return fmt.Errorf("%s; did you mean --%s?", written, near)
	}
	return errors.New(written)
}

// wantsPassword reports whether the name of a flag is what other programs call
// the one that takes a password.
func wantsPassword(name string) bool {
	return slices.Contains([]string{"p", "P", "w", "pass", "passwd", "passwort", "password", "pw", "secret", "token"}, name)
}

func flagNames(c *cobra.Command) []string {
	var names []string
	c.Flags().VisitAll(func(f *pflag.Flag) {
		if !f.Hidden {
			names = append(names, f.Name)
		}
	})
	return names
}

// mistypedCommand says which command is meant where the first of the targets is
// nothing that is known and is nearly the name of one.
func mistypedCommand(c *cobra.Command, args []string, err error) error {
	unknown, ok := errors.AsType[*target.UnknownError](err)
	if !ok || len(unknown.Near) > 0 || len(args) == 0 || unknown.Text != args[0] {
		return err
	}
	var names []string
	for _, sub := range c.Root().Commands() {
		names = append(names, sub.Name())
	}
	near := nearest(args[0], names)
	if near == "" {
		return err
	}
	return fmt.Errorf("%w; did you mean the command 'mailprobe %s'?", err, near)
}
