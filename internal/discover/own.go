package discover

import (
	"cmp"
	"context"
	"sync"
	"time"
)

// Own asks a domain for its own autoconfig documents alone, at both places, as
// Thunderbird does. The error is that it is no domain.
func (o Options) Own(ctx context.Context, domain string) ([]Report, error) {
	name, err := Domain(domain)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, cmp.Or(o.All, 15*time.Second))
	defer cancel()
	a := &asker{Options: o, domain: name, web: web{o}}
	places := []question{{Autoconfig, (*asker).autoconfig}, {AutoconfigWellKnown, (*asker).wellKnown}}
	reports := make([]Report, len(places))
	var wait sync.WaitGroup
	for i, q := range places {
		wait.Go(func() { reports[i] = a.one(ctx, q) })
	}
	wait.Wait()
	return reports, nil
}
