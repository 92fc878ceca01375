package settings

import "slices"

// A SignIn is one way to sign in and how sure it is.
type SignIn struct {
	Way    string // "oauth2", "app-password", "password", or what documents name besides, such as "encrypted"
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

// Encrypted reports whether a source documents a password that is not shown to
// the server, before one that is or in its place: mail programs take the first
// way that they know.
func (s Setting) Encrypted() bool {
	for _, x := range s.SignIn {
		switch {
		case x.Status == RefusedWay:
		case x.Way == "encrypted":
			return true
		case x.Way == "password", x.Way == "app-password":
			return false
		}
	}
	return false
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
	WorkloadAudience             string              // of the identity token that a workload shows in place of a secret; may hold {provider}, its identity provider's name there; empty: none is taken
	ExchangeURL                  string              // where such a token is exchanged (RFC 8693), to sign as a service account; empty: it is shown to TokenURL itself
	SignURL                      string              // signs as a service account, whose address stands for {account}
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
