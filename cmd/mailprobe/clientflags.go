package main

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/pflag"

	"mailprobe/internal/auth"
	"mailprobe/internal/auth/source"
	"mailprobe/internal/oauth"
)

// clientVariable is the environment variable that may hold a client id.
const clientVariable = "MAILPROBE_CLIENT_ID"

// clientFlags say as which application a sign-in by OAuth2 is made.
type clientFlags struct {
	id, tenant                string
	secretFile, secretCommand string
	certificate               certificateFlags
	workload                  workloadFlags
}

func (f *clientFlags) register(set *pflag.FlagSet) {
	set.StringVar(&f.id, "client-id", "", "the `ID` of the application that you registered with the provider (also by the variable "+clientVariable+")")
	set.StringVar(&f.tenant, "tenant", "", "the organisation's domain or directory `ID`, or common, organizations, consumers (Microsoft; default common)")
	set.StringVar(&f.secretFile, "client-secret-file", "", "read the application's secret from the first line of `FILE` (- is the standard input; also by the variable "+source.ClientSecretVariable+")")
	set.StringVar(&f.secretCommand, "client-secret-command", "", "take the application's secret from the output of this shell `COMMAND`")
	set.StringVar(&f.certificate.file, "certificate", "", "the application's certificate, a PEM `FILE`, with --flow app")
	set.StringVar(&f.certificate.key, "key", "", "the certificate's private key, a PEM `FILE`")
	f.workload.register(set)
}

// ways are the flags by which the application shows who it is, as given.
func (f *clientFlags) ways() (ways []string) {
	for _, way := range []struct {
		name  string
		given bool
	}{
		{"--client-secret-file", f.secretFile != ""}, {"--client-secret-command", f.secretCommand != ""},
		{"--certificate", f.certificate.file != ""}, {"--federated-token-file", f.workload.file != ""},
		{"--federated-token-command", f.workload.command != ""}, {"--federated-github", f.workload.github}, {"--service-account-file", f.workload.serviceAccount != ""},
	} {
		if way.given {
			ways = append(ways, way.name)
		}
	}
	return ways
}

// oneWay refuses two ways at once.
func (f *clientFlags) oneWay() error {
	if ways := f.ways(); len(ways) > 1 {
		return &source.ConflictError{First: ways[0], Second: ways[1]}
	}
	return nil
}

// clientID is the one that is named; empty: none is.
func (f *clientFlags) clientID() string { return cmp.Or(f.id, os.Getenv(clientVariable)) }

// config puts the application's side into a configuration: its id, its secret
// or certificate, and where these lie, as absolute names.
func (f *clientFlags) config(ctx context.Context, a *app, c *oauth.Config) (err error) {
	c.ClientID, c.Tenant = f.clientID(), f.tenant
	c.Command = a.secretCommand
	if c.Certificate, err = f.certificate.load("--certificate"); err != nil {
		return err
	}
	if c.Places, err = f.places(); err != nil {
		return err
	}
	if err = f.workload.into(a, c); err != nil || c.ServiceAccount != nil || c.Places.Federated() {
		return err
	}
	if f.secretFile != "" && f.secretFile != "-" && f.secretCommand == "" {
		if c.Secret, err = oauth.ClientSecretFile(f.secretFile); err != nil {
			err = fmt.Errorf("--client-secret-file: %w", err)
		}
		return err
	}
	place := source.Place{Flag: "--client-secret", File: f.secretFile, Command: f.secretCommand, Variable: source.ClientSecretVariable}
	c.Secret, err = source.Options{Stdin: a.stdin, Stderr: a.stderr}.Read(ctx, place)
	return err
}

// places are where the secrets lie, for renewals that are made elsewhere.
func (f *clientFlags) places() (p oauth.Places, err error) {
	p.SecretCommand, p.FederatedCommand, p.FederatedGitHub = f.secretCommand, f.workload.command, f.workload.github
	names := []struct {
		given string
		into  *string
	}{{f.secretFile, &p.SecretFile}, {f.certificate.file, &p.CertificateFile}, {f.certificate.key, &p.KeyFile},
		{f.workload.file, &p.FederatedFile}, {f.workload.serviceAccount, &p.ServiceAccountFile}}
	for _, n := range names {
		if n.given == "" || n.given == "-" {
			continue
		}
		if *n.into, err = filepath.Abs(n.given); err != nil {
			return p, err
		}
	}
	return p, nil
}

// secretCommand runs a command that prints a client secret.
func (a *app) secretCommand(ctx context.Context, line string) (auth.Secret, error) {
	return source.Options{Stderr: a.stderr}.Read(ctx, source.Place{Flag: "--client-secret", Command: line})
}
