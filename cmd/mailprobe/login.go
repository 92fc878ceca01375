package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"

	"github.com/spf13/cobra"

	"mailprobe/internal/oauth"
	"mailprobe/internal/safe"
	"mailprobe/internal/settings"
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

// loginClient turns the flags into a client and says where it keeps tokens.
func (a *app) loginClient(ctx context.Context, f *loginFlags, provider string) (*oauth.Client, string, error) {
	s, id, err := a.signInAt(ctx, f, provider)
	if err != nil {
		return nil, "", err
	}
	if id == "" && f.workload.serviceAccount == "" {
		return nil, "", noClientID(s)
	}
	config := oauth.Config{Provider: s, User: f.user}
	if config.Transport, err = f.transport(a); err != nil {
		return nil, "", err
	}
	if err := f.config(ctx, a, &config); err != nil {
		return nil, "", err
	}
	config.ClientID = id
	store, place, err := tokenStore(f.keyring)
	if err != nil {
		return nil, "", err
	}
	config.Store = store
	c, err := oauth.New(config)
	return c, place, err
}

func noClientID(s *settings.Provider) error {
	if r := s.OAuth.Register; r != nil && r.Closed != "" {
		return fmt.Errorf("no client id. %s Who has a client id names it by --client-id", r.Closed)
	}
	return fmt.Errorf("no client id; register an application with %s (mailprobe login %s --help-register tells how) and add --client-id ID", s.Name, s.ID)
}

// signIn runs the flow that was asked for, or the one that serves here: the
// browser comes first where there is one, for many organisations block device
// codes.
func (a *app) signIn(ctx context.Context, f *loginFlags, c *oauth.Client) error {
	flow, prompt := f.flow, loginPrompt{a.stderr}
	here := f.browser || browserHere(os.Getenv)
	if flow == "" {
		flow = flowBrowser
		if c.Provider.OAuth.DeviceURL != "" && !here {
			flow = flowDevice
		}
	}
	switch flow {
	case flowDevice:
		return c.SignInDevice(ctx, prompt)
	case flowBrowser:
		b := oauth.BrowserOptions{Port: f.port, Pasted: a.pastedAddresses(), Ignored: prompt.ignored}
		if here {
			if b.Open = a.openBrowser; b.Open == nil {
				b.Open = startBrowser
			}
		}
		return c.SignInBrowser(ctx, prompt, b)
	}
	return c.SignInApp(ctx)
}

// loginError gives an error of the sign-in its exit status; refusal is the one
// for a refusal of the provider's.
func loginError(ctx context.Context, s *settings.Provider, refusal int, err error) error {
	var refused *oauth.Error
	var workflow *oauth.WorkflowError
	switch {
	case errors.As(err, &workflow) && workflow.Temporary():
		return &statusError{exitUnknown, err}
	case errors.As(err, &workflow):
		return &statusError{refusal, err}
	case errors.Is(ctx.Err(), context.Canceled):
		return &statusError{exitInterrupted, errors.New("interrupted")}
	case errors.Is(err, oauth.ErrNotOffered):
		return fmt.Errorf("%s does not offer this way to sign in for mail; try another --flow", s.Name)
	case errors.Is(err, oauth.ErrNoAppSecret):
		return fmt.Errorf("%w; add --client-secret-file FILE, or --certificate FILE and its key", err)
	case errors.Is(err, oauth.ErrNoServiceAccount):
		return fmt.Errorf("%w; add --service-account-file FILE", err)
	case errors.Is(err, oauth.ErrNoWorkflow):
		return fmt.Errorf("%w; give the job the permission id-token: write", err)
	case errors.Is(err, oauth.ErrNoTenant):
		return fmt.Errorf("%w; add --tenant with its domain or directory id", err)
	case errors.As(err, &refused) && slices.Contains([]oauth.Reason{oauth.Unreachable, oauth.Temporary, oauth.Unexpected}, refused.Reason):
		return &statusError{exitUnknown, err}
	case errors.As(err, &refused):
		return &statusError{refusal, err}
	}
	return err
}
