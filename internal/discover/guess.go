package discover

import (
	"context"
	"sync"

	"mailprobe/internal/published"
	"mailprobe/internal/settings"
	"mailprobe/internal/tlscheck"
)

// candidates are the names that are usual, the likelier first.
var candidates = map[settings.Protocol][]string{
	settings.IMAP: {"imap.", "mail."}, settings.POP3: {"pop.", "pop3.", "mail."}, settings.SMTP: {"smtp.", "mail."},
}

// guess tries the names that are usual, with TLS at once, and shows only what
// answers with a good certificate for its name.
func (a *asker) guess(ctx context.Context) Report {
	r := Report{Where: a.domain}
	type try struct {
		offer published.Offer
		works bool
	}
	var tries []try
	for _, p := range settings.Protocols() {
		for _, name := range candidates[p] {
			tries = append(tries, try{offer: published.Offer{Protocol: p, Host: name + a.domain, Port: settings.DefaultPort(p, settings.TLS), Security: settings.TLS}})
		}
	}
	var wait sync.WaitGroup
	for i := range tries {
		wait.Go(func() { tries[i].works = a.answers(ctx, tries[i].offer) })
	}
	wait.Wait()
	for _, t := range tries {
		if t.works && !offers(r.Offers, t.offer.Protocol) {
			r.Offers = append(r.Offers, t.offer)
		}
	}
	if len(r.Offers) == 0 {
		return r.none("none of the usual names answers with a good certificate")
	}
	r.Status = Found
	return r
}

func (a *asker) answers(ctx context.Context, o published.Offer) bool {
	conn, err := a.web.dial(ctx, o.Host, o.Port, true)
	if err != nil {
		return false
	}
	defer conn.Close()
	secured, state, err := tlscheck.Client(ctx, conn, o.Host, a.TLS)
	if err != nil {
		return false
	}
	secured.Close()
	return state.Trusted()
}
