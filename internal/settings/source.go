package settings

import "slices"

// A Dispute is what a source says against another.
type Dispute struct {
	Note   string // what it says instead
	Source Source
}

// A Standing says how well a setting is documented.
type Standing string

const (
	OfProvider  Standing = "official" // the provider says so
	Agreed      Standing = "agreed"   // two others or more say the same; the provider was not found to say it
	SingleVoice Standing = "single"   // one other says so
	Contested   Standing = "disputed" // a source says otherwise
)

// Standing weighs the sources of a setting. Empty: none is named.
func (s Setting) Standing() Standing {
	switch {
	case s.Disputed != nil:
		return Contested
	case s.Source == Source{}:
		return ""
	case s.Source.Kind == Official || slices.ContainsFunc(s.Also, func(o Source) bool { return o.Kind == Official }):
		return OfProvider
	case len(s.Also) > 0:
		return Agreed
	}
	return SingleVoice
}

// A Kind says what sort of document a source is.
type Kind string

const (
	Official Kind = "official" // by the provider, or by whoever runs its servers
	Database Kind = "database" // a collection of settings that others keep
	Report   Kind = "report"   // what others found or wrote: an issue, an article, a manual
)

// A Source says who documents a fact, and when that was read.
type Source struct {
	Kind      Kind // empty: not said
	Title     string
	Publisher string
	URL       string
	Read      string // YYYY-MM-DD or YYYY-MM; empty: not said
}
