package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"slices"
	"time"

	"github.com/spf13/pflag"

	"mailprobe/internal/auth"
	"mailprobe/internal/auth/source"
	"mailprobe/internal/auth/token"
	"mailprobe/internal/oauth"
	"mailprobe/internal/safe"
)

// workloadFlags say what an application shows in place of a secret of its own:
// the identity token of its workload, or the key of a service account.
type workloadFlags struct {
	file, command  string
	github         bool
	serviceAccount string
	pool           oauth.Pool
}

func (f *workloadFlags) register(set *pflag.FlagSet) {
	set.StringVar(&f.file, "federated-token-file", "", "with --flow app: the workload's identity token in `FILE`, in place of a secret")
	set.StringVar(&f.command, "federated-token-command", "", "with --flow app: the workload's identity token, from the output of this shell `COMMAND`")
	set.BoolVar(&f.github, "federated-github", false, "with --flow app: the identity token of this GitHub workflow")
	set.StringVar(&f.pool.Provider, "workload-provider", "", "with a --federated-token flag, at Google: the full `NAME` of the identity provider in a workload identity pool")
	set.StringVar(&f.pool.Account, "service-account", "", "with --workload-provider: the `ADDRESS` of the service account to act as, without its key")
	set.StringVar(&f.serviceAccount, "service-account-file", "", "with --flow app: the JSON key `FILE` of a Google service account that may act for --user")
}

// into puts what is given into a configuration.
func (f *workloadFlags) into(a *app, c *oauth.Config) (err error) {
	c.Workload, c.Pool = a.federated, f.pool
	if f.serviceAccount == "" {
		return nil
	}
	if c.ServiceAccount, err = oauth.ServiceAccountFile(f.serviceAccount); err != nil {
		return fmt.Errorf("--service-account-file: %w", err)
	}
	return nil
}

// federated reads the workload's identity token afresh from where it lies, and
// says whose it is.
func (a *app) federated(ctx context.Context, transport http.RoundTripper, p oauth.Places, audience string) (auth.Secret, error) {
	var v auth.Secret
	var err error
	if p.FederatedGitHub {
		h := oauth.GitHub{URL: os.Getenv("ACTIONS_ID_TOKEN_REQUEST_URL"), Token: auth.NewSecret(os.Getenv("ACTIONS_ID_TOKEN_REQUEST_TOKEN"))}
		v, err = h.IdentityToken(ctx, transport, audience)
	} else {
		v, err = source.Options{Stdin: a.stdin, Stderr: a.stderr}.Read(ctx, source.Place{Flag: "--federated-token", File: p.FederatedFile, Command: p.FederatedCommand})
	}
	if err != nil {
		return v, &stepError{"getting the workload's identity token", err}
	}
	r, _ := auth.NewCredential(auth.Token, v).Reading()
	return v, a.tellWorkload(r, audience)
}

// tellWorkload says what a workload's identity token shows; one that cannot
// serve is refused here.
func (a *app) tellWorkload(r token.Reading, audience string) error {
	const step = "looking at the workload's identity token"
	c := r.Claims
	switch {
	case c == nil:
		return &stepError{step, fmt.Errorf("it is no signed token (JWT) but %s", r.Form)}
	case !c.Expires.IsZero() && !time.Now().Before(c.Expires):
		return &stepError{step, errors.New("it has expired; it must be read afresh for each run")}
	}
	life := "without an end"
	if !c.Expires.IsZero() {
		life = time.Until(c.Expires).Round(time.Second).String() + " left"
	}
	fmt.Fprintf(a.stderr, "mailprobe: identity token of the workload: issuer %s, subject %s, audience %s, %s\n",
		safe.Display(c.Issuer), safe.Display(c.Subject), safe.Display(first(c.Audience)), life)
	if audience != "" && !slices.Contains(c.Audience, audience) {
		fmt.Fprintf(a.stderr, "warning: the provider wants the audience %s in it\n", safe.Display(audience))
	}
	return nil
}

func first(list []string) string {
	if len(list) == 0 {
		return ""
	}
	return list[0]
}
