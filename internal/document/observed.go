package document

import (
	"cmp"
	"strings"
	"time"

	"mailprobe/internal/auth/token"
	"mailprobe/internal/probe"
)

// An Attempt is one connection that was started.
type Attempt struct {
	Address Text   `json:"address"`
	Took    Millis `json:"took_ms"`
	Error   Maybe  `json:"error"`
}

// A Phase is what became of one phase.
type Phase struct {
	Name   Text   `json:"name"`
	Status Text   `json:"status"`
	Took   Millis `json:"took_ms"`
	Note   Text   `json:"note"`
	Error  Maybe  `json:"error"`
}

// A Check says whether an announced mechanism is real.
type Check struct {
	Mechanism Text  `json:"mechanism"`
	Real      bool  `json:"real"`
	Reply     Maybe `json:"reply"`
}

// An Unlike says that a port speaks with another security than was asked for.
type Unlike struct {
	Security Text  `json:"security"`
	Protocol Maybe `json:"protocol"`
}

// A SignIn is what became of signing in.
type SignIn struct {
	Status    Text  `json:"status"`
	Mechanism Maybe `json:"mechanism"`
	Username  Maybe `json:"username"`
	Reply     Maybe `json:"reply"`
	Challenge Maybe `json:"challenge"`
	Reason    Maybe `json:"reason"`
}

// A Token is what an access token says of itself.
type Token struct {
	Form      Text       `json:"form"`
	Length    int        `json:"length"`
	Issuer    Maybe      `json:"issuer"`
	Audience  []Text     `json:"audience"`
	Scopes    []Text     `json:"scopes"`
	Roles     []Text     `json:"roles"`
	Expires   *time.Time `json:"expires"`
	NotBefore *time.Time `json:"not_before"`
	Username  Maybe      `json:"username"`

	Application Maybe `json:"application"`
	Tenant      Maybe `json:"tenant"`
}

// A Message is what one server saw of the test message.
type Message struct {
	Subject Text   `json:"subject"`
	Sent    bool   `json:"sent"`
	Seen    bool   `json:"seen"`
	Deleted bool   `json:"deleted"`
	Took    Millis `json:"took_ms"`
	Reply   Maybe  `json:"reply"`
	Reason  Maybe  `json:"reason"`
}

// A Line is one line of a dialogue.
type Line struct {
	At   Millis `json:"at_ms"`
	Dir  Text   `json:"dir"`
	TLS  bool   `json:"tls"`
	Text Text   `json:"text"`

	Dropped int `json:"dropped"` // how many lines are left out here
}

// The directions of a line.
const (
	Sent     = Text("sent")
	Received = Text("received")
)

// A DNS is what DNS itself says of a name.
type DNS struct {
	Server Text   `json:"server"`
	Rcode  Maybe  `json:"rcode"`
	EDE    Maybe  `json:"ede"`
	CNAME  []Text `json:"cname"`
	Error  Maybe  `json:"error"`
}

// phases are all phases, in their order.
var phases = []string{
	probe.Resolve, probe.Connect, probe.TLS, probe.Greeting, probe.StartTLS, probe.Capabilities, probe.SignIn, probe.Access, probe.Quit,
}

// phaseOf returns what became of a phase. One without a step was not reached.
func phaseOf(r *probe.Result, name string) Phase {
	s := r.Step(name)
	if s.Phase == "" {
		return Phase{Name: Text(name), Status: Skipped, Note: "not reached"}
	}
	return Phase{Text(s.Phase), Text(s.Status), millis(s.Took), Text(s.Note), reason(s.Err)}
}

// Why returns why a phase failed or was skipped, or what is worth saying.
func (p Phase) Why() Text {
	if p.Error != "" {
		return Text(p.Error)
	}
	return Text(strings.TrimPrefix(string(p.Note), "skipped: "))
}

func dnsOf(l *probe.Lookup) *DNS {
	if l == nil {
		return nil
	}
	return &DNS{Text(l.Server), Maybe(l.Rcode), Maybe(l.EDE), Texts(l.CNAME), reason(l.Err)}
}

func attempt(a probe.Attempt) Attempt {
	return Attempt{Text(a.Addr.String()), millis(a.Took), reason(a.Err)}
}

func check(c probe.MechanismCheck) Check { return Check{Text(c.Mechanism), c.Real, reply(c.Reply)} }

func signInOf(a *probe.Auth) *SignIn {
	if a == nil {
		return nil
	}
	return &SignIn{
		Status: cmp.Or(Text(a.Status), NotTested), Mechanism: Maybe(a.Mechanism), Username: Maybe(a.Username),
		Reply: reply(a.Reply), Challenge: Maybe(a.Challenge), Reason: Maybe(a.Reason),
	}
}

// TokenOf returns what a token shows; nil: nothing but that it may be one.
func TokenOf(r *token.Reading) *Token {
	switch {
	case r == nil, r.Claims == nil && r.Usable():
		return nil
	}
	t := &Token{Form: Text(r.Form), Length: r.Length, Audience: []Text{}, Scopes: []Text{}, Roles: []Text{}}
	if c := r.Claims; c != nil {
		t.Audience, t.Scopes, t.Roles = Texts(c.Audience), Texts(c.Scopes), Texts(c.Roles)
		t.Expires, t.NotBefore, t.Username = momentOrNil(c.Expires), momentOrNil(c.NotBefore), Maybe(c.Username)
		t.Issuer, t.Application, t.Tenant = Maybe(c.Issuer), Maybe(c.Application), Maybe(c.Tenant)
	}
	return t
}

func messageOf(d *probe.Delivery) *Message {
	if d == nil {
		return nil
	}
	return &Message{Text(d.Subject), d.Sent, d.Seen, d.Deleted, millis(d.Took), reply(d.Reply), Maybe(d.Reason)}
}

func line(l probe.Line) Line {
	dir := Received
	if l.Sent {
		dir = Sent
	}
	return Line{millis(l.At), dir, l.TLS, Text(l.Text), l.Dropped}
}

func reply(r *probe.Reply) Maybe {
	if r == nil {
		return ""
	}
	return Maybe(r.Text)
}
