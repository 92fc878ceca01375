package main

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/spf13/pflag"

	"mailprobe/internal/auth"
	"mailprobe/internal/auth/source"
	"mailprobe/internal/oauth"
	"mailprobe/internal/safe"
	"mailprobe/internal/settings"
	"mailprobe/internal/target"
)

// grantFlags say how a run itself gets an access token, with nobody there and
// nothing stored.
type grantFlags struct {
	flow   string
	client clientFlags
}

func (f *grantFlags) register(set *pflag.FlagSet) {
	set.StringVar(&f.flow, "flow", "", "`app`: get the access token as an application, for this run alone; nothing is stored")
	set.StringVar(&f.client.tenant, "tenant", "", "the organisation's domain or directory `ID`, with --flow app (Microsoft)")
	set.StringVar(&f.client.secretFile, "client-secret-file", "", "with --flow app: the application's secret, the first line of `FILE` (also by the variable "+source.ClientSecretVariable+")")
	set.StringVar(&f.client.secretCommand, "client-secret-command", "", "with --flow app: the application's secret, from the output of this shell `COMMAND`")
	set.StringVar(&f.client.certificate.file, "certificate", "", "with --flow app: the application's certificate, a PEM `FILE`")
	set.StringVar(&f.client.certificate.key, "certificate-key", "", "the private key of --certificate, a PEM `FILE`")
	f.client.certificate.keyFlag = "--certificate-key"
	f.client.workload.register(set)
}

// asked reports whether the run is to get a token itself.
func (f *grantFlags) asked() bool {
	return f.flow != "" || os.Getenv(source.RefreshTokenVariable) != ""
}

// check finds contradictions before anything is dialled.
func (f *grantFlags) check() error {
	app := len(f.client.ways()) > 0 || f.client.tenant != "" || f.client.workload.pool != (oauth.Pool{})
	switch {
	case f.flow != "" && f.flow != flowApp:
		return fmt.Errorf("--flow %s: a run has nobody to sign in, so there is app only; sign in once with mailprobe login", safe.Display(f.flow))
	case app && !f.asked():
		return errors.New("a secret, certificate or federated token of an application is given and not used; add --flow app")
	}
	return f.client.oneWay()
}

// way names what the application shows, for messages.
func (f *grantFlags) way() string {
	switch {
	case f.flow == "":
		return "with the refresh token in " + source.RefreshTokenVariable
	case f.client.workload.pool != (oauth.Pool{}):
		return "as the service account of --service-account"
	case f.client.workload.serviceAccount != "":
		return "with the service account's key (--service-account-file)"
	case f.client.workload.github:
		return "with the workflow's identity token (--federated-github)"
	case f.client.workload.file != "":
		return "with the identity token of --federated-token-file"
	case f.client.workload.command != "":
		return "with the identity token of --federated-token-command"
	case f.client.certificate.file != "":
		return "with the application's certificate (--certificate)"
	}
	return "with the application's secret"
}

// unattended returns the credential of each target where the run is to get it
// itself; nil: it is not.
func (a *app) unattended(ctx context.Context, f *runFlags, who signIn, targets []target.Target) ([]shown, error) {
	given := f.sources(a).Given()
	switch {
	case !f.grant.asked() || f.oauth.never && f.grant.flow == "":
		return nil, nil
	case f.oauth.never:
		return nil, errors.New("--flow does not go with this command: its servers are not the provider's")
	case len(given) > 0 || f.oauth.force:
		other := "--oauth"
		if len(given) > 0 {
			other = given[0]
		}
		first := "--flow app"
		if f.grant.flow == "" {
			first = source.RefreshTokenVariable
		}
		return nil, &source.ConflictError{First: first, Second: other}
	case who.Address == "":
		return nil, errors.New("the account that is to be signed in to is missing; add --user ADDRESS")
	}
	known := make(map[*settings.Provider]*auth.Credential)
	var all []shown
	for _, t := range targets {
		if t.Provider == nil || t.Provider.OAuth == nil || !a.documents(t) {
			return nil, fmt.Errorf("%s: a token that the run gets itself goes to a provider's documented servers only; name a provider with sign-in by OAuth2", safe.Display(t.Text))
		}
		c := known[t.Provider]
		if c == nil {
			var err error
			if c, err = a.grantFor(ctx, f, who, t.Provider); err != nil {
				return nil, err
			}
			known[t.Provider] = c
		}
		all = append(all, shown{credential: c})
	}
	return all, nil
}

// grantFor gets an access token for one provider.
func (a *app) grantFor(ctx context.Context, f *runFlags, who signIn, p *settings.Provider) (*auth.Credential, error) {
	config := oauth.Config{Provider: p, User: who.Address}
	if err := a.grantConfig(ctx, f, &config); err != nil {
		return nil, err
	}
	c, err := oauth.New(config)
	if err != nil {
		return nil, err
	}
	if f.grant.flow == "" {
		err = a.refreshed(ctx, c)
	} else {
		err = c.SignInApp(ctx)
	}
	if err != nil {
		return nil, grantError(ctx, f, p, err)
	}
	tok, err := c.Token(ctx, settings.IMAP)
	if err != nil {
		return nil, err
	}
	credential := auth.NewCredential(auth.Token, tok.Access)
	return credential, credential.Check(who.Address)
}

// grantConfig puts in what the application shows, and how to reach the provider.
func (a *app) grantConfig(ctx context.Context, f *runFlags, c *oauth.Config) (err error) {
	g := f.grant
	g.client.id = f.oauth.clientID
	if c.Transport, err = f.transport(a); err != nil {
		return err
	}
	if err = g.client.config(ctx, a, c); err != nil {
		return err
	}
	switch byAccount := c.Provider.OAuth.AppGrant != ""; {
	case c.ClientID != "" || c.ServiceAccount != nil || c.Pool != (oauth.Pool{}):
		return nil
	case byAccount && c.Federated():
		return errors.New("a workload acts as a service account here; add --workload-provider and --service-account")
	case byAccount && g.flow == flowApp:
		return fmt.Errorf("%w; add --service-account-file FILE", oauth.ErrNoServiceAccount)
	}
	return noClientID(c.Provider)
}

// refreshed gets a token with the refresh token of the environment, and warns
// where that does not last.
func (a *app) refreshed(ctx context.Context, c *oauth.Client) error {
	v, err := source.Options{Stderr: a.stderr}.Read(ctx, source.Place{Variable: source.RefreshTokenVariable})
	if err != nil {
		return err
	}
	if what := oauth.NoRefreshToken(v); what != "" {
		return &stepError{"reading " + source.RefreshTokenVariable, fmt.Errorf("it holds %s and no refresh token, so it was sent nowhere; put the refresh_token of the sign-in's answer there", what)}
	}
	rotated, err := c.SignInRefresh(ctx, v)
	if rotated {
		fmt.Fprintf(a.stderr, "warning: %s gave a new refresh token, which is not kept: the one in %s may end soon; sign in with mailprobe login, or let the application sign in by itself (--flow app)\n",
			c.Provider.Name, source.RefreshTokenVariable)
	}
	return err
}

// A stepError names the step in which something failed.
type stepError struct {
	step string
	err  error
}

func (e *stepError) Error() string { return e.step + ": " + e.err.Error() }
func (e *stepError) Unwrap() error { return e.err }

// grantError names the step and the setting of a failure, and gives it its exit
// status.
func grantError(ctx context.Context, f *runFlags, p *settings.Provider, err error) error {
	var step *stepError
	if !errors.As(err, &step) {
		err = &stepError{"getting the access token " + f.grant.way(), err}
	}
	return loginError(ctx, p, exitFails, err)
}
