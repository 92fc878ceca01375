package main

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"mailprobe/internal/oauth"
	"mailprobe/internal/safe"
	"mailprobe/internal/settings"
	"mailprobe/internal/target"
)

// loginFlags are the flags of login.
type loginFlags struct {
	netFlags
	user, clientID, tenant string
	secretFile             string
	certificate            certificateFlags
	flow                   string
	browser, keyring       bool
	noPrompt               bool
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
		Long: `login signs in where passwords are not taken: at Microsoft by a code that is
typed on any device, elsewhere in a browser on this computer. It keeps the token
in a file that only you can read, or in the keyring. A later run with --user
uses it, renewed, against this provider's documented servers and no others.

The client id is that of an application which you register with the provider;
mailprobe has none of its own.`,
		Example: `  mailprobe login office365 --user me@corp.com --client-id 0f3c...
  mailprobe login gmail --user me@gmail.com --client-id 12-ab.apps.googleusercontent.com \
      --client-secret-file secret --browser
  mailprobe login office365 --user box@corp.com --client-id 0f3c... --tenant corp.com \
      --flow app --certificate app.pem --key app.key`,
		Args:              oneTarget,
		ValidArgsFunction: a.completeTargets,
		RunE:              func(c *cobra.Command, args []string) error { return a.login(c.Context(), &f, args[0]) },
	}
	set := c.Flags()
	set.StringVarP(&f.user, "user", "u", "", "the `ADDRESS` to sign in as")
	set.StringVar(&f.clientID, "client-id", "", "the `ID` of the application that you registered with the provider")
	set.StringVar(&f.tenant, "tenant", "", "the organisation's domain or directory `ID` (Microsoft; default common)")
	set.StringVar(&f.secretFile, "client-secret-file", "", "read the application's secret from the first line of `FILE`")
	set.StringVar(&f.certificate.file, "certificate", "", "the application's certificate, a PEM `FILE`, with --flow app")
	set.StringVar(&f.certificate.key, "key", "", "the certificate's private key, a PEM `FILE`")
	set.StringVar(&f.flow, "flow", "", "how: device, browser, or app for the application itself (default as the provider allows)")
	set.BoolVar(&f.browser, "browser", false, "start the browser")
	set.BoolVar(&f.keyring, "keyring", false, "keep the token in the keyring of this computer")
	set.BoolVar(&f.noPrompt, "no-prompt", false, "sign in only where nobody has to do anything (--flow app)")
	f.netFlags.register(set)
	f.registerTimeout(set, 0, "limit for the whole sign-in, such as 90s (default: as long as the provider lets the user take)")
	set.SortFlags = false
	return c
}

// login signs in and says in one line what came of it.
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
	if err := a.signIn(limited, f, c); err != nil {
		if f.late(ctx) {
			return &statusError{exitUnknown, fmt.Errorf("the sign-in was not done within %s; repeat with a longer --timeout", f.timeout)}
		}
		return loginError(ctx, c.Provider, exitFails, err)
	}
	_, err = fmt.Fprintf(a.stdout, "signed in as %s at %s; token kept in %s\n",
		safe.Display(f.user), c.Provider.Name, safe.Display(place))
	if err == nil && f.keyring {
		_, err = fmt.Fprintf(a.stdout, "use it with: mailprobe %s --user %s --oauth --client-id %s\n",
			c.Provider.ID, safe.Display(f.user), safe.Display(f.clientID))
	}
	return err
}

// check finds what can be wrong in the flags alone.
func (f *loginFlags) check() error {
	if err := f.netFlags.check(); err != nil {
		return err
	}
	switch {
	case f.user == "":
		return errors.New("no user; add --user ADDRESS")
	case !slices.Contains([]string{"", flowDevice, flowBrowser, flowApp}, f.flow):
		return fmt.Errorf("--flow %s: there are device, browser and app", safe.Display(f.flow))
	case f.certificate.file != "" && f.flow != flowApp:
		return errors.New("--certificate is for an application that signs in by itself; add --flow app")
	case f.flow == flowApp && f.browser:
		return errors.New("--browser is for a user, and with --flow app the application signs in by itself; leave one of them out")
	case f.noPrompt && f.flow != flowApp:
		return errors.New("--no-prompt: a user signs in by hand; leave it out, or let an application sign in by itself with --flow app")
	}
	return checkAddress(f.user)
}

// loginClient turns the flags into a client and says where it keeps tokens.
func (a *app) loginClient(ctx context.Context, f *loginFlags, provider string) (*oauth.Client, string, error) {
	r, err := f.resolver(a)
	if err != nil {
		return nil, "", err
	}
	s, err := a.oauthProvider(ctx, r, provider)
	if err != nil {
		return nil, "", err
	}
	config := oauth.Config{Provider: s, User: f.user, ClientID: f.clientID, Tenant: f.tenant}
	if config.Transport, err = f.transport(a); err != nil {
		return nil, "", err
	}
	if f.clientID == "" {
		return nil, "", fmt.Errorf("no client id; register an application with %s and add --client-id ID", s.Name)
	}
	if f.secretFile != "" {
		if config.Secret, err = oauth.ClientSecretFile(f.secretFile); err != nil {
			return nil, "", fmt.Errorf("--client-secret-file: %w", err)
		}
		config.SecretFile = f.secretFile
	}
	if config.Certificate, err = f.certificate.load("--certificate"); err != nil {
		return nil, "", err
	}
	store, place, err := tokenStore(f.keyring)
	if err != nil {
		return nil, "", err
	}
	config.Store = store
	c, err := oauth.New(config)
	return c, place, err
}

// oauthProvider returns the settings of a provider that has OAuth2 for mail.
func (a *app) oauthProvider(ctx context.Context, r target.Resolver, name string) (*settings.Provider, error) {
	t, err := r.Resolve(ctx, name)
	switch {
	case err != nil:
		return nil, err
	case t.Provider == nil:
		return nil, fmt.Errorf("%s is a server; name the provider to sign in at, such as office365", safe.Display(name))
	case t.Provider.OAuth == nil:
		return nil, fmt.Errorf("%s has no sign-in by OAuth2 for mail programs", t.Provider.Name)
	}
	return t.Provider, nil
}

// signIn runs the flow that was asked for, or the one that the provider
// allows: a device code needs no browser here, so it comes first.
func (a *app) signIn(ctx context.Context, f *loginFlags, c *oauth.Client) error {
	flow, prompt := f.flow, loginPrompt{a.stderr}
	if flow == "" {
		flow = flowBrowser
		if c.Provider.OAuth.DeviceURL != "" && !f.browser {
			flow = flowDevice
		}
	}
	switch flow {
	case flowDevice:
		return c.SignInDevice(ctx, prompt)
	case flowBrowser:
		var open func(string) error
		if f.browser {
			if open = a.openBrowser; open == nil {
				open = startBrowser
			}
		}
		return c.SignInBrowser(ctx, prompt, open)
	}
	return c.SignInApp(ctx)
}

// loginError gives an error of the sign-in its exit status; refusal is the one
// for a refusal of the provider's.
func loginError(ctx context.Context, s *settings.Provider, refusal int, err error) error {
	var refused *oauth.Error
	switch {
	case errors.Is(ctx.Err(), context.Canceled):
		return &statusError{exitInterrupted, errors.New("interrupted")}
	case errors.Is(err, oauth.ErrNotOffered):
		return fmt.Errorf("%s does not offer this way to sign in for mail; try another --flow", s.Name)
	case errors.Is(err, oauth.ErrNoAppSecret):
		return fmt.Errorf("%w; add --client-secret-file FILE, or --certificate FILE and --key FILE", err)
	case errors.Is(err, oauth.ErrNoTenant):
		return fmt.Errorf("%w; add --tenant with its domain or directory id", err)
	case errors.As(err, &refused) && (refused.Reason == oauth.Unreachable || refused.Reason == oauth.Temporary):
		return &statusError{exitUnknown, err}
	case errors.As(err, &refused):
		return &statusError{refusal, err}
	}
	return err
}
