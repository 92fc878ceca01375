package main

import (
	"errors"
	"fmt"
	"regexp"
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

// perhaps is what an error adds about the name that is nearest to a word; empty:
// none is near.
func perhaps(word string, names []string) string {
	if near := nearest(word, names); near != "" {
		return " (did you mean " + near + "?)"
	}
	return ""
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
	if with := withFlag(c.Root(), name); len(with) > 0 && len(with) <= fewCommands {
		return fmt.Errorf("%s; it is a flag of %s", written, strings.Join(with, " and "))
	}
	return errors.New(written)
}

// fewCommands is how many commands with a flag are named.
const fewCommands = 2

// withFlag returns the commands that have a flag, as they are typed.
func withFlag(root *cobra.Command, name string) (commands []string) {
	for _, c := range append([]*cobra.Command{root}, root.Commands()...) {
		if f := c.Flags().Lookup(name); f != nil && !f.Hidden && !c.Hidden {
			commands = append(commands, "'"+c.CommandPath()+"'")
		}
	}
	return commands
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
	if errorName.MatchString(args[0]) {
		return fmt.Errorf("%s is no provider; 'mailprobe explain %s' says what an error means", args[0], args[0])
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

// errorName matches a single word that is the number or the name of an error:
// 0x800CCC0E, ECONNREFUSED, SEC_ERROR_UNKNOWN_ISSUER.
var errorName = regexp.MustCompile(`^(?:0[xX][0-9A-Fa-f]{6,8}|E[A-Z]{5,}|[A-Z0-9]+(?:_[A-Z0-9]+)+)$`)
