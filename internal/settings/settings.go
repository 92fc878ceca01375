package settings

import "cmp"

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

// A Bridge is a program on the user's computer that speaks for a provider who
// has no servers for mail programs.
type Bridge struct {
	Name   string
	Text   string // how to get and start it
	Source Source
}
