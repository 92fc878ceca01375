package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"mailprobe/internal/safe"
)

// mxLimit bounds the question for a domain's MX records.
const mxLimit = 5 * time.Second

// hosted recognises the provider of a domain of one's own by where it
// receives its mail. It returns the target that was not found, completed, or
// the error that said so.
func (a *app) hosted(ctx context.Context, f *runFlags, t target, unknown error) (target, error) {
	var none *unknownError
	domain := strings.ToLower(t.text)
	if _, after, ok := cutAddress(domain); ok {
		domain = after
	}
	if !errors.As(unknown, &none) || !strings.Contains(domain, ".") {
		return t, unknown
	}
	dns, err := f.dns()
	if dns == nil || err != nil {
		return t, errors.Join(unknown, err)
	}
	ctx, cancel := context.WithTimeout(ctx, mxLimit)
	defer cancel()
	mx, err := dns.MX(ctx, domain)
	if err != nil {
		return t, fmt.Errorf("%w; its mail servers (MX) cannot be found either: %s", unknown, safe.Clip(err.Error(), 160))
	}
	provider, ok := a.providers.ByMX(mx)
	if !ok {
		return t, fmt.Errorf("%w; its mail arrives at %s, which belongs to no provider that is known", unknown, safe.Clip(mx[0], 100))
	}
	fmt.Fprintf(a.stderr, "mailprobe: %s receives its mail at %s, so these are the settings of %s\n", safe.Display(domain), safe.Display(mx[0]), provider.Name)
	return t.of(provider), nil
}
