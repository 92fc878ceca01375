package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"

	"mailprobe/internal/oauth"
	"mailprobe/internal/settings"
)

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
