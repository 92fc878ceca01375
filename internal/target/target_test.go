package target

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"mailprobe/internal/catalog"
	"mailprobe/internal/settings"
	"mailprobe/internal/verify"
)

const (
	small = `id: small
name: Small Mail
compare: true
domains: [small.example]
mx: [.mx.small.example]
imap_id: true
sources:
  page: {kind: official, read: 2026-11, title: Help, publisher: Small, url: "https://small.example/help"}
username: local-part
endpoints:
  - {protocol: imap, host: imap.small.example, port: 993, security: tls, role: documented, source: page}
  - {protocol: imap, host: old.small.example, port: 993, security: tls, role: legacy, source: page}
  - {protocol: smtp, host: smtp.small.example, port: 465, security: tls, role: documented, source: page}
not_offered:
  - {protocol: pop3, note: No POP., source: page}
oauth:
  auth_url: https://small.example/authorize
  token_url: https://small.example/token
  mechanism: XOAUTH2
  scopes: {imap: [mail]}
  source: page
`
	closed = `id: closed
name: Closed Mail
domains: [closed.example]
sources:
  page: {kind: official, read: 2026-11, title: Help, publisher: Closed, url: "https://closed.example/help"}
not_offered:
  - {protocol: imap, note: "Only its own programs, says Closed.", source: page}
  - {protocol: pop3, note: "Only its own programs, says Closed.", source: page}
  - {protocol: smtp, note: No sending., source: page}
`
)

// known is a catalogue of the two.
func known(t *testing.T) *catalog.Catalog {
	t.Helper()
	files := fstest.MapFS{"providers/small.yaml": {Data: []byte(small)}, "providers/closed.yaml": {Data: []byte(closed)}}
	if err := catalog.Check(files); err != nil {
		t.Fatal(err)
	}
	return catalog.Read(files)
}

// An mx answers for the domains that it knows.
type mx map[string][]string

func (m mx) MX(ctx context.Context, domain string) ([]string, error) {
	if _, limited := ctx.Deadline(); !limited {
		return nil, errors.New("without a limit")
	}
	if hosts := m[domain]; hosts != nil {
		return hosts, nil
	}
	return nil, errors.New("NXDOMAIN\x1b")
}

// TestResolve: who is meant by a text, who is to sign in, and what is said of
// how it was understood; or why nobody is meant.
func TestResolve(t *testing.T) {
	dns := mx{"corp.example": {"a.mx.small.example"}, "else.example": {"mx.nobody.example"}, "nosuch": {"a.mx.small.example"}}
	const documented = "imaps://imap.small.example:993 catalogue, submissions://smtp.small.example:465 catalogue"
	for _, row := range []struct {
		text     string
		dns      MXAsker
		provider string
		user     string
		settings string
		note     string
		err      string
	}{
		{text: "small", provider: "small", settings: documented},
		{text: "Small Mail", provider: "small", settings: documented},
		{text: "me@small.example", provider: "small", user: "me@small.example", settings: documented},
		{text: "closed", provider: "closed"},
		{text: "imaps://imap.corp.example", settings: "imaps://imap.corp.example:993 url"},
		{text: "CORP.example", dns: dns, provider: "small", settings: documented,
			note: "corp.example receives its mail at a.mx.small.example, so these are the settings of Small Mail"},
		{text: "me@corp.example", dns: dns, provider: "small", user: "me@corp.example", settings: documented,
			note: "corp.example receives its mail at a.mx.small.example, so these are the settings of Small Mail"},

		{text: "imaps://", err: `"imaps://" is not an endpoint URL; write it like imaps://imap.example.com:993`},
		{text: "me@", dns: dns, err: `"me@" is not a mail address; write it like me@example.com`},
		{text: "@small.example", dns: dns, err: `"@small.example" is not a mail address; write it like me@example.com`},
		{text: "me@@small.example", dns: dns, err: `"me@@small.example" is not a mail address; write it like me@example.com`},
		{text: "Me <me@small.example>", dns: dns, err: `"Me <me@small.example>" is not a mail address; write it like me@small.example`},
		{text: "mailto:me@small.example", dns: dns, err: `"mailto:me@small.example" is not a mail address; write it like me@small.example`},
		{text: " me@small.example", dns: dns, err: `" me@small.example" is not a mail address; write it like me@small.example`},
		{text: "smal", err: `unknown provider "smal"; did you mean small?`},
		{text: "nosuch", dns: dns, err: `unknown provider "nosuch"; 'mailprobe list' shows those that are known; or name a server, like imaps://imap.example.com`},
		{text: "corp.example\x1b", err: `unknown provider "corp.example\x1b"; 'mailprobe list' shows those that are known; or name a server, like imaps://imap.example.com`},
		{text: "else.example", dns: dns, err: `unknown provider "else.example"; its mail arrives at mx.nobody.example, which belongs to no provider that is known; name a server, like imaps://imap.example.com`},
		{text: "smal.example", dns: dns, err: `unknown provider "smal.example"; did you mean small.example? (its mail servers (MX) cannot be found either: NXDOMAIN\x1b)`},
	} {
		t.Run(row.text, func(t *testing.T) {
			got, err := Resolver{Catalogue: known(t), MX: row.dns}.Resolve(t.Context(), row.text)
			if fmt.Sprint(err) != cmp.Or(row.err, "<nil>") {
				t.Errorf("got  %v\nwant %s", err, row.err)
			}
			if err != nil {
				return
			}
			if id := idOf(got.Provider); got.Text != row.text || id != row.provider || got.User != row.user {
				t.Errorf("got  %q %q %q\nwant %q %q %q", got.Text, id, got.User, row.text, row.provider, row.user)
			}
			if s := listed(got.Settings); s != row.settings {
				t.Errorf("got  %s\nwant %s", s, row.settings)
			}
			if note := strings.Join(got.Notes, "\n"); note != row.note {
				t.Errorf("got  %s\nwant %s", note, row.note)
			}
		})
	}
}

func idOf(p *settings.Provider) string {
	if p == nil {
		return ""
	}
	return p.ID
}

// listed names settings with their origin.
func listed(list []settings.Setting) string {
	var all []string
	for _, s := range list {
		all = append(all, fmt.Sprintf("%s %s", s.Endpoint, s.Origin))
	}
	return strings.Join(all, ", ")
}

// The kinds of error can be told apart without their text.
func TestErrorTypes(t *testing.T) {
	r := Resolver{Catalogue: known(t), MX: mx{}}
	_, err := r.Resolve(t.Context(), "smal.example")
	if e := (*UnknownError)(nil); !errors.As(err, &e) || e.Text != "smal.example" || !slices.Equal(e.Near, []string{"small.example"}) || e.More == "" {
		t.Errorf("got  %#v\nwant an unknown provider, what is near, and what DNS says", err)
	}
	_, err = r.Resolve(t.Context(), "me@")
	if e := (*AddressError)(nil); !errors.As(err, &e) || e.Text != "me@" {
		t.Errorf("got  %#v\nwant no address", err)
	}
}

func TestOnly(t *testing.T) {
	r := Resolver{Catalogue: known(t)}
	for _, row := range []struct {
		text, host string
		only       []settings.Protocol
		want       string // the settings, or the error
	}{
		{"small", "imap.small.example", nil, "imaps://imap.small.example:993 catalogue, submissions://smtp.small.example:465 catalogue"},
		{"small", "smtp.small.example", []settings.Protocol{settings.SMTP, settings.POP3}, "submissions://smtp.small.example:465 catalogue"},
		{"small", "", []settings.Protocol{settings.POP3}, "Small Mail does not offer POP3 (documented); there is nothing to verify"},
		{"imaps://imap.example.com", "", []settings.Protocol{settings.POP3, settings.SMTP}, "imaps://imap.example.com has no documented setting for pop3, smtp"},
		{"closed", "", nil, "Closed Mail offers none of IMAP, POP3, SMTP to mail programs: Only its own programs, says Closed (Closed, https://closed.example/help); " +
			"No sending (Closed, https://closed.example/help); there is nothing to verify"},
		{"closed", "", []settings.Protocol{settings.IMAP}, "Closed Mail offers none of IMAP, POP3, SMTP to mail programs: Only its own programs, says Closed (Closed, https://closed.example/help); " +
			"No sending (Closed, https://closed.example/help); there is nothing to verify"},
	} {
		whole, err := r.Resolve(t.Context(), row.text)
		if err != nil {
			t.Fatal(err)
		}
		before := listed(whole.Settings)
		left, err := whole.Only(row.only...)
		got := listed(left.Settings)
		if err != nil {
			got = err.Error()
		}
		if got != row.want || left.Host() != row.host {
			t.Errorf("%s %v\ngot  %s, %q\nwant %s, %q", row.text, row.only, got, left.Host(), row.want, row.host)
		}
		if after := listed(whole.Settings); after != before {
			t.Errorf("%s: the whole target is changed\ngot  %s\nwant %s", row.text, after, before)
		}
	}
}

// A plan is about the target, and otherwise like what it is made from.
func TestPlan(t *testing.T) {
	r := Resolver{Catalogue: known(t)}
	for _, row := range []struct {
		text      string
		id        bool
		preferred string
	}{
		{"me@small.example", true, "XOAUTH2"},
		{"closed", false, ""},
		{"imaps://imap.example.com", false, ""},
	} {
		target, err := r.Resolve(t.Context(), row.text)
		if err != nil {
			t.Fatal(err)
		}
		like := verify.Plan{TLSScan: true}
		like.Options.Mechanism = "PLAIN"
		p := r.Plan(target, like)
		if p.Target != row.text || p.Provider != target.Provider || listed(p.Endpoints) != listed(target.Settings) || !p.TLSScan || p.Options.Mechanism != "PLAIN" {
			t.Errorf("%s\ngot  %+v\nwant the target and what all runs have in common", row.text, p)
		}
		if p.Options.IMAPID != row.id || p.Options.Preferred != row.preferred {
			t.Errorf("%s\ngot  %v, %q\nwant %v, %q", row.text, p.Options.IMAPID, p.Options.Preferred, row.id, row.preferred)
		}
		if got := p.Recognise("old.small.example", ""); idOf(got) != "small" {
			t.Errorf("%s: the server is recognised as %q\nwant small", row.text, idOf(got))
		}
		if got := len(p.Controls(nil)); got != 2 {
			t.Errorf("%s: %d documented endpoints to compare with\nwant 2", row.text, got)
		}
	}
}

func TestAccount(t *testing.T) {
	whole, local, unsaid := settings.Setting{Username: settings.FullAddress}, settings.Setting{Username: settings.LocalPart}, settings.Setting{}
	for _, row := range []struct {
		account             Account
		setting             settings.Setting
		owner, name, second string
		known               bool
	}{
		{Account{}, whole, "", "", "", false},
		{Account{Address: "me@a.example"}, whole, "me@a.example", "me@a.example", "me", true},
		{Account{Address: "me@a.example"}, local, "me@a.example", "me", "me@a.example", true},
		{Account{Address: "me@a.example"}, unsaid, "me@a.example", "me@a.example", "me", true},
		{Account{Name: "x"}, local, "x", "x", "", true},
		{Account{Address: "me@a.example", Name: "x"}, local, "me@a.example", "x", "me@a.example", true},
	} {
		a := row.account
		if a.Owner() != row.owner || a.Username(row.setting) != row.name || a.OtherForm(row.setting) != row.second || a.Known() != row.known {
			t.Errorf("%+v\ngot  %q %q %q %v\nwant %q %q %q %v", a,
				a.Owner(), a.Username(row.setting), a.OtherForm(row.setting), a.Known(), row.owner, row.name, row.second, row.known)
		}
	}
}

// An id does not tell the region of an account, a domain does.
func TestRegion(t *testing.T) {
	files := fstest.MapFS{
		"providers/small.yaml": {Data: []byte(small)},
		"providers/near.yaml":  {Data: []byte(regional("near", "far"))},
		"providers/far.yaml":   {Data: []byte(strings.Replace(regional("far", "near"), "tell: Ask.,", "tell: Ask., shares: \"Others have these names, too.\",", 1))},
	}
	if err := catalog.Check(files); err != nil {
		t.Fatal(err)
	}
	r := Resolver{Catalogue: catalog.Read(files), MX: mx{"corp.example": {"a.mx.near.example"}, "dod.example": {"a.mx.far.example"}}}
	for text, want := range map[string]string{
		"near":            "these are the settings of Mail near for accounts near. Ask. The others: far",
		"me@far.example":  "",
		"far.example":     "",
		"me@corp.example": "corp.example receives its mail at a.mx.near.example, so these are the settings of Mail near",
		"me@dod.example":  "dod.example receives its mail at a.mx.far.example, so these are the settings of Mail far. Others have these names, too.",
		"small":           "",
	} {
		got, err := r.Resolve(t.Context(), text)
		if err != nil || strings.Join(got.Notes, "\n") != want {
			t.Errorf("%s\ngot  %q, %v\nwant %q", text, got.Notes, err, want)
		}
	}
}

func regional(id, other string) string {
	return strings.NewReplacer("small", id, "Small Mail", "Mail "+id, "compare: true", "region: {name: accounts "+id+", tell: Ask., others: ["+other+"], source: page}").Replace(small)
}
