package document

import (
	"mailprobe/internal/clients"
)

// A Client is a family of mail programs.
type Client struct {
	ID    Text `json:"id"`
	Name  Text `json:"name"`
	About Text `json:"about"`
}

func clientOf(c *clients.Client) Client { return Client{Text(c.ID), Text(c.Name), Text(c.About)} }

// A Reading is one server that a mail program would connect to, by what one
// source says.
type Reading struct {
	Client Text `json:"client"`
	Source Text `json:"source"`
	Server
	Username Text    `json:"username"`
	SignIn   Text    `json:"sign_in"` // empty: not said
	Why      Text    `json:"why"`
	Line     int     `json:"line"`  // 0: in no document
	Later    bool    `json:"later"` // only where those before it do not work
	Taken    bool    `json:"taken"` // from this source the program takes its account
	KnownBy  KnownBy `json:"known_by"`
}

// An Unread is a source from which a mail program takes nothing.
type Unread struct {
	Client  Text    `json:"client"`
	Source  Text    `json:"source"`
	State   Text    `json:"state"`
	Why     Text    `json:"why"`
	KnownBy KnownBy `json:"known_by"`
}

// A KnownBy is by what something is known of a mail program.
type KnownBy struct {
	Basis Text `json:"basis"`
	Title Text `json:"title"`
	URL   Text `json:"url"`
	Read  Text `json:"read"`
}

// readingsOf parts what programs read from what they do not.
func readingsOf(all []clients.Reading) (read []Reading, unread []Unread) {
	read, unread = []Reading{}, []Unread{}
	for _, r := range all {
		if r.State != clients.Reads {
			unread = append(unread, Unread{Text(r.Client.ID), Text(r.Source), Text(r.State), Text(r.Why), knownBy(r.Rule)})
			continue
		}
		for _, s := range r.Servers {
			read = append(read, Reading{
				Client: Text(r.Client.ID), Source: Text(r.Source), Server: ServerOf(s.Endpoint), Username: Text(s.Username), SignIn: Text(s.SignIn),
				Why: Text(s.Why), Line: s.Line, Later: s.Later, Taken: r.Taken, KnownBy: knownBy(s.Rule),
			})
		}
	}
	return read, unread
}

func knownBy(r clients.Rule) KnownBy {
	return KnownBy{Text(r.Basis), Text(r.Title), Text(r.URL), Text(r.Read)}
}
