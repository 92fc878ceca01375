package main

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"mailprobe/internal/oauth"
	"mailprobe/internal/safe"
)

// loginFlags are the flags of login.
type loginFlags struct {
	netFlags
	clientFlags
	user             string
	flow             string
	browser, keyring bool
	port             uint16
	noPrompt         bool
	list, json       bool
	register         bool // only tell how to register an application
}

// The values of --flow.
const (
	flowDevice  = "device"
	flowBrowser = "browser"
	flowApp     = "app"
)

func (a *app) loginCommand() *cobra.Command {
	var f loginFlags
	c := &cobra.Command{
		Use:   "login PROVIDER --user ADDRESS --client-id ID",
		Short: "Sign in at a provider by OAuth2 and keep the token",
		Long: `login signs in where passwords are not taken: in the browser of this computer
where there is one, otherwise, at Microsoft, by a code that is typed on any
device. It holds who signed in against --user, says what was granted and for how
long, and keeps the token in a file that only you can read, or in the keyring. A
later run with --user uses it, renewed, against this provider's documented
servers and no others.

A browser on another computer (ssh) serves as well: paste the address that it
shows in the end.

The client id is that of an application which you register with the provider;
mailprobe has none of its own; --help-register tells how, step by step. At the
sign-in service of a domain of one's own that registers applications by itself,
none is needed.

Exit status: 0 signed in, 1 the provider refused or somebody else signed in, 2
usage, 3 it could not be reached or not in time.`,
		Example: `  mailprobe login office365 --user me@corp.com --client-id 0f3c...
  mailprobe login gmail --user me@gmail.com --client-id 12-ab.apps.googleusercontent.com \
      --client-secret-file secret
  mailprobe login office365 --user box@corp.com --client-id 0f3c... --tenant corp.com \
      --flow app --certificate app.pem --key app.key
  mailprobe login --list`,
		Args:              f.args,
		ValidArgsFunction: a.completeTargets,
		RunE: func(c *cobra.Command, args []string) error {
			if f.list {
				return a.listLogins(c.Context(), f.json)
			}
			if f.register {
				return a.helpRegister(c.Context(), &f, args[0])
			}
			return a.login(c.Context(), &f, args[0])
		},
	}
	set := c.Flags()
	set.StringVarP(&f.user, "user", "u", "", "the `ADDRESS` to sign in as")
	f.clientFlags.register(set)
	set.StringVar(&f.flow, "flow", "", "`HOW` to sign in: device, browser, or app for the application itself (default the browser where there is one, then the device)")
	set.BoolVar(&f.browser, "browser", false, "start the browser, also where none is found")
	set.Uint16Var(&f.port, "port", 0, "the `PORT` of the redirect address, for an application that is registered with one (default any that is free)")
	set.BoolVar(&f.keyring, "keyring", false, "keep the token in the keyring of this computer")
	set.BoolVar(&f.list, "list", false, "list the sign-ins that are stored in files, and nothing else")
	set.BoolVar(&f.json, "json", false, "the list as JSON")
	set.BoolVar(&f.register, "help-register", false, "tell how to register an application with the provider, and nothing else")
	set.BoolVar(&f.noPrompt, "no-prompt", false, "sign in only where nobody has to do anything (--flow app)")
	f.netFlags.register(set)
	f.registerTimeout(set, 0, "limit for the whole sign-in, such as 90s (default: as long as the provider lets the user take)")
	set.SortFlags = false
	return c
}

// args wants one target, and none for the list.
func (f *loginFlags) args(c *cobra.Command, args []string) error {
	if f.list {
		return cobra.NoArgs(c, args)
	}
	return oneTarget(c, args)
}

// login signs in and says what came of it.
func (a *app) login(ctx context.Context, f *loginFlags, provider string) error {
	if err := f.check(); err != nil {
		return err
	}
	f.begin(f.timeout)
	limited, cancel := f.within(ctx)
	defer cancel()
	c, place, err := a.loginClient(limited, f, provider)
	if err != nil {
		return err
	}
	if err := c.Store.Try(limited); err != nil {
		return fmt.Errorf("a sign-in could not be kept in %s, so none is begun: %w", place, err)
	}
	if err := a.signIn(limited, f, c); err != nil {
		if f.late(ctx) {
			return &statusError{exitUnknown, fmt.Errorf("the sign-in was not done within %s; repeat with a longer --timeout", f.timeout)}
		}
		return loginError(ctx, c.Provider, exitFails, err)
	}
	return a.tellLogin(ctx, f, c, place)
}

// check finds what can be wrong in the flags alone.
func (f *loginFlags) check() error {
	if err := f.netFlags.check(); err != nil {
		return err
	}
	switch {
	case f.user == "":
		return errors.New("no user; add --user ADDRESS")
	case f.json:
		return errors.New("--json is for --list; leave it out")
	case !slices.Contains([]string{"", flowDevice, flowBrowser, flowApp}, f.flow):
		return fmt.Errorf("--flow %s: there are device, browser and app", safe.Display(f.flow))
	case f.certificate.file != "" && f.flow != flowApp:
		return errors.New("--certificate is for an application that signs in by itself; add --flow app")
	case f.workload != (workloadFlags{}) && f.flow != flowApp:
		return fmt.Errorf("%s is for an application that signs in by itself; add --flow app", f.ways()[len(f.ways())-1])
	case f.workload.pool != (oauth.Pool{}):
		return errors.New("--workload-provider is for a run that gets its token itself (mailprobe gmail --flow app ...), and nothing of it is kept; leave it out here")
	case f.flow == flowApp && f.browser:
		return errors.New("--browser is for a user, and with --flow app the application signs in by itself; leave one of them out")
	case f.noPrompt && f.flow != flowApp:
		return errors.New("--no-prompt: a user signs in by hand; leave it out, or let an application sign in by itself with --flow app")
	}
	if err := f.oneWay(); err != nil {
		return err
	}
	return checkAddress(f.user)
}
