package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"strings"

	"mailprobe/internal/safe"
	"mailprobe/internal/settings"
)

// helpRegister tells how an application gets a client id from a provider, or
// from a domain's own sign-in service.
func (a *app) helpRegister(ctx context.Context, f *loginFlags, name string) error {
	if err := f.netFlags.check(); err != nil {
		return err
	}
	f.begin(f.timeout)
	limited, cancel := f.within(ctx)
	defer cancel()
	p, err := a.signInPlace(limited, f, name)
	if err != nil {
		return err
	}
	var b strings.Builder
	switch r := p.provider.OAuth.Register; {
	case p.own != nil:
		writeOwnRegistration(&b, *p.own, f.port)
	case r == nil || r.Closed != "":
		fmt.Fprintln(&b, safe.Display(noRegistration(p.provider)))
	default:
		if p.Domain != "" {
			fmt.Fprintf(&b, "%s has its mail at %s.\n", safe.Display(p.Domain), p.provider.Name)
		}
		writeRegistration(&b, p.provider, f.port)
		fmt.Fprintf(&b, "\nThen: mailprobe login %s --user ADDRESS --client-id ID\n", safe.Display(cmp.Or(p.Domain, p.provider.ID)))
	}
	_, err = io.WriteString(a.stdout, b.String())
	return err
}

// noRegistration says why a provider's steps are not told.
func noRegistration(s *settings.Provider) string {
	if r := s.OAuth.Register; r != nil {
		return r.Closed
	}
	return "How an application gets a client id from " + s.Name + " is not known here; ask the provider."
}

func writeRegistration(b *strings.Builder, s *settings.Provider, port uint16) {
	r := s.OAuth.Register
	fmt.Fprintf(b, "To register an application with %s, begin at %s\n\n", s.Name, r.URL)
	for i, step := range r.Steps {
		fmt.Fprintf(b, "%d. %s\n", i+1, safe.Display(step))
	}
	fmt.Fprintf(b, "\nRedirect address: %s\nPermissions: %s\nDocumented in: %s\n", redirectOf(r.Redirect, port), strings.Join(r.Needs, " "), r.Source.Title)
}

// writeOwnRegistration tells how it is at a domain's own sign-in service.
func writeOwnRegistration(b *strings.Builder, o ownService, port uint16) {
	name := safe.Display(o.Name)
	if o.registration != "" {
		fmt.Fprintf(b, "%s registers mail programs by itself (RFC 7591), at %s; no client id is needed.\n\nThen: mailprobe login %s --user ADDRESS\n", name, safe.Clip(o.registration, 200), name)
		return
	}
	fmt.Fprintf(b, "Ask whoever runs %s to register a public client (no secret) at %s.\n\nRedirect address: %s\nPermissions: %s\n\nThen: mailprobe login %s --user ADDRESS --client-id ID\n",
		name, safe.Clip(o.OAuth.Issuer, 200), redirectOf("http://127.0.0.1", port), safe.Clip(strings.Join(o.allScopes(), " "), 200), name)
}

// redirectOf is the redirect address to register; where the user wants a fixed
// port, with it.
func redirectOf(address string, port uint16) string {
	if port == 0 {
		return address + " (any port)"
	}
	return fmt.Sprintf("%s:%d/", address, port)
}
