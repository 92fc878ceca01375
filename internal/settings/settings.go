package settings

import (
	"cmp"
	"slices"
	"time"
)

// A Role says in which sense a source names an endpoint.
type Role string

const (
	Documented  Role = "documented"  // the setting that users are told to type; this is what a run verifies
	Alternative Role = "alternative" // works as well, says another official source
	Legacy      Role = "legacy"      // older documents still name it
	Unsupported Role = "unsupported" // documented as not offered
)

// An Origin names a kind of source, as reports show it.
type Origin string

const (
	FromCatalogue Origin = "catalogue" // built into this program
	FromURL       Origin = "url"       // typed by the user
)

// An Offer is what one source says of how a mailbox is reached.
type Offer struct {
	Origin    Origin
	Where     string   // the document, file or name that says it; empty: the origin says all
	Username  Template // of every endpoint that names none; empty: FullAddress
	Endpoints []Setting
}

// Settings returns the endpoints of the offer in its order, each with its
// origin and its user name.
func (o Offer) Settings() []Setting {
	return o.appendTo(nil)
}

func (o *Offer) appendTo(list []Setting) []Setting {
	from := len(list)
	list = append(list, o.Endpoints...)
	for i := range list[from:] {
		s := &list[from+i]
		s.Origin = o.Origin
		s.Username = cmp.Or(s.Username, o.Username, FullAddress)
	}
	return list
}

// A Provider is what is known of a mail provider. One that offers nothing is
// valid: its notes say why.
type Provider struct {
	ID      string // stable, lower case: "office365"
	Name    string // as people know it: "Office 365"
	Aliases []string
	Domains []string // mail domains: what stands behind the @; "*.example.com" is any name below example.com, "example.*" that name in any country
	MX      []string // suffixes of MX host names of customers' domains, with their leading dot

	// NotDomains look like the provider's domains but are somebody else's.
	NotDomains []string

	// Greetings are words by which the provider's servers can be told: a
	// greeting that contains one, in any case, looks like this provider's.
	// It is a hint, not a proof; several providers can share a mark.
	Greetings []string

	Offers     []Offer      // what sources say of its servers; none: it has none for mail programs
	NotOffered []NotOffered // protocols that the provider states it does not offer
	OAuth      *OAuth       // nil: no OAuth2 for mail programs is known
	Enable     []Enable     // what users must switch on before their mail program is let in
	Advice     []Advice
	Notes      []Note
	Help       []Source // pages for users, the most useful first
	IMAPID     bool     // the server wants the ID command (RFC 2971) before a mailbox is opened
	Compare    bool     // big and public enough to be dialled for comparison by whoever uses another provider

	Region *Region // nil: the same servers for all accounts
	Bridge *Bridge // nil: its servers are in the network
}

// Settings returns the endpoints of all offers, in their order. A nil receiver
// has none.
func (p *Provider) Settings() []Setting {
	if p == nil {
		return nil
	}
	var all []Setting
	for i := range p.Offers {
		all = p.Offers[i].appendTo(all)
	}
	return all
}

// A Setting is one endpoint with what its source says of it.
type Setting struct {
	Endpoint
	Origin   Origin   // empty: not said
	AlsoFrom []Origin // others that name the same endpoint
	Role     Role
	Username Template // empty: as the offer says
	SignIn   []SignIn // in the provider's order of preference; empty: not said
	When     string   // for which accounts it holds, in words; empty: all
	Source   Source
	Also     []Source // others that say the same
	Disputed *Dispute // nil: nobody contradicts
	Note     string
}

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

// A SignIn is one way to sign in and how sure it is.
type SignIn struct {
	Way    string // "oauth2", "app-password", "password"
	Status string // DocumentedWay, DisputedWay, UnverifiedWay or RefusedWay
	Note   string
	Form   *Form // what the provider's passwords of this way look like; nil: like any
	Source Source
}

// How sure a way to sign in is, the surest first.
const (
	DocumentedWay = "documented"
	UnverifiedWay = "unverified"
	DisputedWay   = "disputed"
	RefusedWay    = "refused" // documented as not taken
)

// SignInBy returns what the source of a setting says of signing in by any of
// these ways: of several it names, the one that promises most. It reports false
// if it names none.
func (s Setting) SignInBy(ways ...string) (SignIn, bool) {
	for _, status := range []string{DocumentedWay, UnverifiedWay, DisputedWay, RefusedWay} {
		for _, x := range s.SignIn {
			if x.Status == status && slices.Contains(ways, x.Way) {
				return x, true
			}
		}
	}
	return SignIn{}, false
}

// A Form is what all passwords of one kind look like.
type Form struct {
	Pattern string // RE2, of the whole password
	Looks   string // the same for people: "16 letters without spaces"
	Source  Source
}

// PasswordForm returns what every password looks like that is taken here: that
// of app passwords, where the account's own password is refused. nil: not known.
func (s Setting) PasswordForm() *Form {
	var form *Form
	refused := false
	for _, w := range s.SignIn {
		switch {
		case w.Way == "password":
			refused = w.Status == RefusedWay
		case w.Way == "app-password" && w.Status != RefusedWay:
			form = w.Form
		}
	}
	if !refused {
		return nil
	}
	return form
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

// NotOffered is a protocol that the provider states it does not offer.
type NotOffered struct {
	Protocol Protocol
	Note     string
	Source   Source
}

// An Enable is what a user must do before a mail program is let in.
type Enable struct {
	Protocols []Protocol // empty: all
	Text      string     // what to do, in words for a stranger
	HelpURL   string
	Source    Source
}

// advice is what to do where the server says that it is not done.
func (e Enable) advice() Advice {
	return Advice{Codes: []string{"auth.not_enabled", "access.mailbox_not_opened"}, Protocols: e.Protocols, Text: e.Text, HelpURL: e.HelpURL, Source: e.Source}
}

// A Region is the part of a provider's customers for whom its servers are.
type Region struct {
	Name   string   // which accounts: "accounts in the European Union"
	Tell   string   // how a user finds out where an account is kept
	Others []string // ids of the provider's other regions
	Source Source
}

// advice is what to do where a sign-in is refused: the account may be kept in
// another region.
func (r *Region) advice() Advice {
	text := "These servers know " + r.Name + " only. " + r.Tell
	return Advice{Codes: []string{"auth.rejected", "auth.user_unknown"}, Text: text, HelpURL: r.Source.URL, Source: r.Source}
}

// A Bridge is a program on the user's computer that speaks for a provider who
// has no servers for mail programs.
type Bridge struct {
	Name   string
	Text   string // how to get and start it
	Source Source
}

// OAuth is what a sign-in by OAuth2 needs to know of a provider. It never
// holds a client id: that is the user's own.
type OAuth struct {
	AuthURL, TokenURL, DeviceURL string // DeviceURL empty: no device code for mail scopes
	Scopes                       map[Protocol][]string
	ExtraScopes                  []string            // asked for beside the protocols' own, such as offline_access
	AuthParams                   map[string]string   // sent with the authorization request
	RedirectHost                 string              // "localhost" in the loopback redirect; empty: 127.0.0.1
	Mechanism                    string              // "XOAUTH2" or "OAUTHBEARER"; empty: as the server offers
	Audiences                    []string            // values of a token's "aud" that mail servers accept
	Tenant                       bool                // URLs hold {tenant}
	AppScope                     string              // scope of the client-credentials flow; empty: not offered
	AppGrant                     string              // "urn:ietf:params:oauth:grant-type:jwt-bearer": by a service account's key; empty: client credentials
	AppRoles                     map[Protocol]string // "roles" of such a token that each protocol needs; nil: not known
	Issuer                       string              // whose metadata is published (RFC 8414); may hold {tenant}; empty: not known
	Register                     *Registration       // nil: not known
	Source                       Source
}

// A Registration says how an application gets a client id from a provider.
type Registration struct {
	Closed   string   // why nobody can register one, and what to do instead; empty: one can
	Steps    []string // what to do, in order; each names what to click and to enter
	Redirect string   // the redirect address to register; empty: none is
	Needs    []string // permissions (scopes) to add, by the names that the provider's pages show
	URL      string   // where to begin
	Source   Source
}

// Advice is what a provider's users must know, joined to findings by code.
type Advice struct {
	Codes     []string   // finding codes that it goes with
	Protocols []Protocol // with findings about these only; empty: all
	Text      string     // what to do, in words for a stranger
	HelpURL   string
	From      string // YYYY-MM-DD: true from this day on; empty: always
	Until     string // YYYY-MM-DD: true until the day before; empty: no end
	Mild      bool   // of a change ahead: it concerns old programs alone, so it is mentioned and never warned of
	Source    Source
}

// AdviceFor returns the advice that goes with a finding code of a protocol on
// a day, in the order of the source; last what must be
// switched on and which region is meant. An empty protocol is a finding about the
// account as a whole. None is nil. A nil receiver has no advice.
func (p *Provider) AdviceFor(code string, about Protocol, day time.Time) []Advice {
	if p == nil {
		return nil
	}
	all := slices.Clone(p.Advice)
	for _, e := range p.Enable {
		all = append(all, e.advice())
	}
	if p.Region != nil {
		all = append(all, p.Region.advice())
	}
	return slices.DeleteFunc(all, func(a Advice) bool {
		return !slices.Contains(a.Codes, code) || !a.concerns(about) || !a.Current(day)
	})
}

func (a Advice) concerns(p Protocol) bool {
	return p == "" || len(a.Protocols) == 0 || slices.Contains(a.Protocols, p)
}

// Current reports whether the advice holds on a day: From is the first day, Until
// the first day on which it no longer holds.
func (a Advice) Current(day time.Time) bool {
	date := day.Format(time.DateOnly)
	return (a.From == "" || a.From <= date) && (a.Until == "" || date < a.Until)
}

// A Note is a fact about a provider with its source.
type Note struct {
	Text   string
	Source Source
}
