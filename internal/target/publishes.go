package target

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"mailprobe/internal/discover"
	"mailprobe/internal/finding"
	"mailprobe/internal/safe"
	"mailprobe/internal/settings"
)

// publishes takes the settings that a domain of no known provider publishes
// itself, and those of whoever receives its mail.
func (r Resolver) publishes(ctx context.Context, text string) (*Target, error) {
	domain, err := discover.Domain(text)
	if r.Domains == nil || err != nil || !strings.Contains(domain, ".") {
		return nil, nil
	}
	found, err := r.Domains.Ask(ctx, text)
	if err != nil {
		return nil, nil
	}
	list := found.Endpoints()
	t := &Target{Provider: found.Provider, Domain: found.Domain, Found: found}
	if r.Expect != nil {
		t.Beside = found.Unexpected(r.Expect)
	}
	switch {
	case len(list) == 0 && r.Expect == nil:
		return nil, r.nothing(text, found)
	case len(list) == 0:
		t.Provider, t.Settings = r.Expect, of(r.Expect).Settings
		t.Notes = []string{fmt.Sprintf("%s publishes no settings, so these are those of %s, which is expected", safe.Display(t.Domain), r.Expect.Name)}
		return t, nil
	}
	for _, e := range list {
		t.take(e)
	}
	if t.Guessed {
		t.Beside = append(t.Beside, unread(found)...)
	}
	t.Notes = t.foundNotes()
	return t, nil
}

// unread are the faults for which what a domain publishes cannot be read:
// servers that are guessed in its place do not make it good.
func unread(r *discover.Result) []finding.Finding {
	var all []finding.Finding
	for _, s := range r.Sources {
		for _, f := range s.Findings {
			if f.Severity == finding.Error {
				all = append(all, f.Finding)
			}
		}
	}
	return all
}

// take adds an endpoint that the domain's sources name.
func (t *Target) take(e discover.Endpoint) {
	first := e.Sources[0]
	s := settings.Setting{Endpoint: e.At, Role: settings.Documented, Username: cmp.Or(e.Offer.Username, settings.FullAddress), Source: sourceOf(first, t.Domain)}
	for _, way := range e.Offer.SignIn {
		s.SignIn = append(s.SignIn, settings.SignIn{Way: way, Status: settings.DocumentedWay, Source: s.Source})
	}
	for _, from := range e.Sources {
		if i := slices.IndexFunc(from.Provider.Settings(), func(x settings.Setting) bool { return x.Endpoint == e.At }); i >= 0 {
			s = from.Provider.Settings()[i] // the catalogue knows more of it
			break
		}
	}
	s.Origin = settings.Origin(first.Source)
	for _, from := range e.Sources[1:] {
		s.AlsoFrom = append(s.AlsoFrom, settings.Origin(from.Source))
	}
	t.Settings = append(t.Settings, s)
	t.Guessed = t.Guessed || first.Source == discover.Guess
	if t.doubts(e) && !slices.Contains(t.Doubtful, e.At.Host) {
		t.Doubtful = append(t.Doubtful, e.At.Host)
	}
}

// doubts reports whether nothing that is protected names a server of another
// organisation: DNS without signatures can be forged (RFC 6186 §6).
func (t *Target) doubts(e discover.Endpoint) bool {
	return !discover.SameOwner(t.Domain, e.At.Host) && !slices.ContainsFunc(e.Sources, func(s discover.Report) bool {
		return s.Provider != nil || s.Source != discover.SRV && s.Source != discover.Guess && strings.HasPrefix(s.Where, "https://")
	})
}

func sourceOf(r discover.Report, domain string) settings.Source {
	s := settings.Source{Title: string(r.Source) + " of " + domain, Publisher: domain, Read: time.Now().UTC().Format(time.DateOnly)}
	if strings.Contains(r.Where, "://") {
		s.URL = r.Where
	}
	return s
}

// foundNotes tell where the settings come from, and what is to be known of it.
func (t *Target) foundNotes() []string {
	var notes, names []string
	troubles := len(t.Found.Conflicts)
	for _, s := range t.Found.Sources {
		troubles += len(s.Findings)
		switch {
		case s.Status != discover.Found:
			continue
		case s.Source == discover.MX && s.Provider != nil:
			_, host, _ := strings.Cut(s.Where, " MX ")
			notes = append(notes, fmt.Sprintf("%s receives its mail at %s, so these are the settings of %s%s", safe.Display(t.Domain), safe.Display(host), s.Provider.Name, s.Provider.Shared()))
		}
		names = append(names, string(s.Source))
		for _, e := range s.Enable {
			notes = append(notes, fmt.Sprintf("%s says what must be done first: %s", safe.Display(t.Domain), safe.Clip(strings.TrimSpace(e.Text+" "+e.URL), 300)))
		}
	}
	switch {
	case t.Guessed:
		notes = append(notes, fmt.Sprintf("%s publishes no settings; these servers are guessed by their names, and no password goes to them", safe.Display(t.Domain)))
	case len(notes) == 0 || len(names) > 1:
		notes = append(notes, fmt.Sprintf("these are the settings that %s publishes (%s)", safe.Display(t.Domain), strings.Join(names, ", ")))
	}
	if troubles > 0 {
		notes = append(notes, fmt.Sprintf("there is something to say about how they are published: 'mailprobe discover %s'", safe.Display(t.Domain)))
	}
	return notes
}

// nothing says what a domain says that publishes nothing.
func (r Resolver) nothing(text string, found *discover.Result) *UnknownError {
	unknown := Unknown(r.Catalogue, text)
	unknown.More, unknown.Asked = "it publishes no settings", found.Exists()
	for _, s := range found.Sources {
		for _, f := range s.Findings {
			switch {
			case f.Code == discover.PrivateAddress:
				unknown.More = "it publishes no settings that can be verified: " + safe.Clip(f.Says(), 300)
				return unknown
			case f.Severity == finding.Error && f.Code != discover.CannotBeAsked:
				unknown.More += fmt.Sprintf(" that can be read (%s: %s)", s.Source, safe.Clip(f.Says(), 200))
				return unknown
			}
		}
	}
	switch mx := found.Of(discover.MX); {
	case mx == nil:
	case mx.Status == discover.Failed:
		unknown.More = "nothing that it publishes can be found, and its mail servers (MX) cannot either"
		unknown.Asked = unknown.Asked || len(unknown.Near) == 0
	default:
		if _, host, ok := strings.Cut(mx.Where, " MX "); ok {
			unknown.More += "; its mail arrives " + noProvider(strings.Split(host, ", "))
		} else {
			unknown.More += "; its mail servers (MX) cannot be found either: " + safe.Clip(mx.Reason, 160)
		}
	}
	return unknown
}

// publishedFor says whether a secret may go to the servers that a domain
// publishes: those of its own accounts, at hosts that nobody could forge.
func (t Target) publishedFor(address, domain string) error {
	host, err := settings.Host(domain)
	switch {
	case err != nil || host != t.Domain:
		return &StrangerError{Address: address, Why: fmt.Sprintf("%s publishes these settings for its own accounts, not for those of %s", safe.Display(t.Domain), safe.Clip(domain, 100))}
	case len(t.Doubtful) > 0:
		return &StrangerError{Address: address, Why: fmt.Sprintf("nothing but DNS without a signature says that %s is the server of %s", safe.Clip(strings.Join(t.Doubtful, ", "), 160), safe.Display(t.Domain))}
	}
	return nil
}

// all reports whether all settings are a provider's own.
func (t Target) all(p *settings.Provider) bool {
	own := p.Settings()
	return p != nil && !slices.ContainsFunc(t.Settings, func(s settings.Setting) bool {
		return !slices.ContainsFunc(own, func(o settings.Setting) bool { return o.Endpoint == s.Endpoint })
	})
}
