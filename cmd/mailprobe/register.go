package main

import (
	"context"
	"fmt"
	"io"
	"strings"

	"mailprobe/internal/safe"
	"mailprobe/internal/settings"
)

// helpRegister tells how an application gets a client id from a provider.
func (a *app) helpRegister(ctx context.Context, f *loginFlags, provider string) error {
	if err := f.netFlags.check(); err != nil {
		return err
	}
	r, err := f.resolver(a)
	if err != nil {
		return err
	}
	s, err := a.oauthProvider(ctx, r, provider)
	if err != nil {
		return err
	}
	return writeRegistration(a.stdout, s, f.port)
}

func writeRegistration(w io.Writer, s *settings.Provider, port uint16) error {
	var b strings.Builder
	r := s.OAuth.Register
	switch {
	case r == nil:
		fmt.Fprintf(&b, "How an application gets a client id from %s is not known here; ask the provider.\n", s.Name)
	case r.Closed != "":
		fmt.Fprintln(&b, safe.Display(r.Closed))
	default:
		fmt.Fprintf(&b, "To register an application with %s, begin at %s\n\n", s.Name, r.URL)
		for i, step := range r.Steps {
			fmt.Fprintf(&b, "%d. %s\n", i+1, safe.Display(step))
		}
		fmt.Fprintf(&b, "\nRedirect address: %s\nPermissions: %s\nDocumented in: %s\n\nThen: mailprobe login %s --user ADDRESS --client-id ID\n",
			redirectOf(r.Redirect, port), strings.Join(r.Needs, " "), r.Source.Title, s.ID)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// redirectOf is the redirect address to register; where the user wants a fixed
// port, with it.
func redirectOf(address string, port uint16) string {
	if port == 0 {
		return address + " (any port)"
	}
	return fmt.Sprintf("%s:%d/", address, port)
}
