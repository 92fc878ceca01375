package target

import (
	"context"
	"fmt"
	"strings"
	"time"

	"mailprobe/internal/safe"
)

// mxLimit bounds the question for a domain's MX records.
const mxLimit = 5 * time.Second

// hosted recognises the provider of a domain of one's own by where it
// receives its mail.
func (r Resolver) hosted(ctx context.Context, text string) (*Target, error) {
	domain := strings.ToLower(text)
	if _, after, ok := Cut(domain); ok {
		domain = after
	}
	if r.MX == nil || r.Domains != nil || !strings.Contains(domain, ".") {
		return nil, nil
	}
	ctx, cancel := context.WithTimeout(ctx, mxLimit)
	defer cancel()
	unknown := Unknown(r.Catalogue, text)
	mx, err := r.MX.MX(ctx, domain)
	if err != nil {
		unknown.More = "its mail servers (MX) cannot be found either: " + safe.Clip(err.Error(), 160)
		return nil, unknown
	}
	provider, ok := r.Catalogue.ByMX(mx)
	if !ok {
		unknown.More = "its mail arrives " + noProvider(mx)
		return nil, unknown
	}
	t := of(provider)
	t.Notes = []string{fmt.Sprintf("%s receives its mail at %s, so these are the settings of %s%s", safe.Display(domain), safe.Display(mx[0]), provider.Name, provider.Shared())}
	return t, nil
}

// noProvider says where mail arrives that no provider is known to receive.
func noProvider(mx []string) string {
	host := safe.Clip(mx[0], 100)
	if len(mx) > 1 {
		return fmt.Sprintf("at %s and %s, which belong to no one provider that is known", host, safe.Clip(mx[1], 100))
	}
	return fmt.Sprintf("at %s, which belongs to no provider that is known", host)
}
