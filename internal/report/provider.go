package report

import (
	"fmt"
	"io"
	"strings"
	"time"

	"mailprobe/internal/document"
	"mailprobe/internal/settings"
)

// A providerView is the JSON of "mailprobe show".
type providerView struct {
	Schema     int               `json:"schema"`
	ID         document.Text     `json:"id"`
	Name       document.Text     `json:"name"`
	Aliases    []document.Text   `json:"aliases"`
	Domains    []document.Text   `json:"domains"`
	MX         []document.Text   `json:"mx"`
	Region     *regionView       `json:"region"` // null: the same servers for all accounts
	Bridge     *bridgeView       `json:"bridge"` // null: its servers are in the network
	Endpoints  []settingView     `json:"endpoints"`
	NotOffered []notServedView   `json:"not_offered"`
	OAuth      *oauthView        `json:"oauth"` // null: none is known
	Enable     []enableView      `json:"enable"`
	Advice     []adviceView      `json:"advice"`
	Notes      []noteView        `json:"notes"`
	Help       []document.Source `json:"help"`
}

type regionView struct {
	Name   document.Text   `json:"name"`
	Tell   document.Text   `json:"tell"`
	Others []document.Text `json:"others"`
	Source document.Source `json:"documented_in"`
}

type bridgeView struct {
	Name   document.Text   `json:"name"`
	Text   document.Text   `json:"text"`
	Source document.Source `json:"documented_in"`
}

type oauthView struct {
	AuthURL   document.Text                         `json:"auth_url"`
	TokenURL  document.Text                         `json:"token_url"`
	DeviceURL document.Text                         `json:"device_url"` // empty: no device code
	Scopes    map[settings.Protocol][]document.Text `json:"scopes"`
	Mechanism document.Text                         `json:"mechanism"` // empty: as the server offers
	Source    document.Source                       `json:"documented_in"`
}

type enableView struct {
	Protocols []document.Text `json:"protocols"` // empty: all
	Text      document.Text   `json:"text"`
	HelpURL   document.Text   `json:"help_url"`
	Source    document.Source `json:"documented_in"`
}

type settingView struct {
	document.Server
	Role     document.Text     `json:"role"`
	Username document.Text     `json:"username"`
	SignIn   []wayView         `json:"sign_in"`
	When     document.Text     `json:"when"` // empty: for all accounts
	Source   document.Source   `json:"documented_in"`
	Also     []document.Source `json:"also_in"`
	Standing document.Text     `json:"standing"`
	Disputed *disputeView      `json:"disputed"` // null: nobody contradicts
	Note     document.Text     `json:"note"`
}

type disputeView struct {
	Note   document.Text   `json:"note"`
	Source document.Source `json:"documented_in"`
}

type wayView struct {
	Way    document.Text   `json:"way"`
	Status document.Text   `json:"status"`
	Note   document.Text   `json:"note"`
	Source document.Source `json:"documented_in"`
}

type notServedView struct {
	Protocol document.Text   `json:"protocol"`
	Note     document.Text   `json:"note"`
	Source   document.Source `json:"documented_in"`
}

type adviceView struct {
	Codes   []document.Text `json:"codes"`
	Text    document.Text   `json:"text"`
	HelpURL document.Text   `json:"help_url"`
	From    document.Text   `json:"from"`  // empty: always
	Until   document.Text   `json:"until"` // empty: no end
}

type noteView struct {
	Text   document.Text   `json:"text"`
	Source document.Source `json:"documented_in"`
}

func viewProvider(s *settings.Provider) providerView {
	v := providerView{
		Schema: document.Schema, ID: document.Text(s.ID), Name: document.Text(s.Name),
		Aliases: document.Texts(s.Aliases), Domains: document.Texts(s.Domains), MX: document.Texts(s.MX),
		Endpoints: document.Each(s.Settings(), viewSetting),
		NotOffered: document.Each(s.NotOffered, func(n settings.NotOffered) notServedView {
			return notServedView{document.Text(n.Protocol), document.Text(n.Note), document.SourceOf(n.Source)}
		}),
		OAuth: viewOAuth(s.OAuth),
		Enable: document.Each(s.Enable, func(e settings.Enable) enableView {
			return enableView{document.Each(e.Protocols, func(p settings.Protocol) document.Text { return document.Text(p) }), document.Text(e.Text), document.Text(e.HelpURL), document.SourceOf(e.Source)}
		}),
		Advice: document.Each(s.Advice, func(a settings.Advice) adviceView {
			return adviceView{document.Texts(a.Codes), document.Text(a.Text), document.Text(a.HelpURL), document.Text(a.From), document.Text(a.Until)}
		}),
		Notes: document.Each(s.Notes, func(n settings.Note) noteView { return noteView{document.Text(n.Text), document.SourceOf(n.Source)} }),
		Help:  document.Each(s.Help, document.SourceOf),
	}
	if r := s.Region; r != nil {
		v.Region = &regionView{document.Text(r.Name), document.Text(r.Tell), document.Texts(r.Others), document.SourceOf(r.Source)}
	}
	if b := s.Bridge; b != nil {
		v.Bridge = &bridgeView{document.Text(b.Name), document.Text(b.Text), document.SourceOf(b.Source)}
	}
	return v
}

func viewOAuth(o *settings.OAuth) *oauthView {
	if o == nil {
		return nil
	}
	v := &oauthView{document.Text(o.AuthURL), document.Text(o.TokenURL), document.Text(o.DeviceURL), map[settings.Protocol][]document.Text{}, document.Text(o.Mechanism), document.SourceOf(o.Source)}
	for _, p := range settings.Protocols() {
		v.Scopes[p] = document.Texts(o.Scopes[p])
	}
	return v
}

func viewSetting(e settings.Setting) settingView {
	v := settingView{
		Server: document.ServerOf(e.Endpoint), Role: document.Text(e.Role), Username: document.Text(e.Username.Word()),
		SignIn: document.Each(e.SignIn, func(w settings.SignIn) wayView {
			return wayView{document.Text(w.Way), document.Text(w.Status), document.Text(w.Note), document.SourceOf(w.Source)}
		}),
		When: document.Text(e.When), Source: document.SourceOf(e.Source), Also: document.Each(e.Also, document.SourceOf),
		Standing: document.Text(e.Standing()), Note: document.Text(e.Note),
	}
	if d := e.Disputed; d != nil {
		v.Disputed = &disputeView{document.Text(d.Note), document.SourceOf(d.Source)}
	}
	return v
}

// ProviderJSON writes what is documented for a provider as an indented JSON
// document.
func ProviderJSON(w io.Writer, s *settings.Provider) error { return encode(w, "", viewProvider(s)) }

// ProviderText writes what is documented for a provider, for people to read,
// with the advice that is good at the time now.
func ProviderText(w io.Writer, s *settings.Provider, now time.Time) error {
	p, v := newPage(Options{}), viewProvider(s)
	p.line(fmt.Sprintf("%s (%s)", v.Name, v.ID))
	if len(v.Aliases) > 0 {
		p.line("also:     ", commas(v.Aliases))
	}
	if len(v.Domains) > 0 {
		p.line("domains:  ", abridged(v.Domains, 8))
	}
	p.whose(v)
	p.settings(v.Endpoints)
	p.limits(v)
	for _, n := range v.NotOffered {
		p.remark(fmt.Sprintf("%s is not offered. %s", protocol(document.Server{Protocol: n.Protocol}), n.Note), cite(n.Source))
	}
	p.waysIn(v.Endpoints)
	for _, e := range v.Enable {
		p.remark("First: "+e.Text.String(), e.HelpURL.String())
	}
	for i, a := range v.Advice {
		if s.Advice[i].Current(now) {
			p.remark("Advice: "+a.Text.String(), a.HelpURL.String())
		}
	}
	for _, n := range v.Notes {
		p.remark("Note: "+n.Text.String(), cite(n.Source))
	}
	for _, h := range v.Help {
		p.remark("Help: "+h.Title.String(), h.URL.String())
	}
	_, err := io.WriteString(w, p.String())
	return err
}

// whose says for which accounts the settings are, and where they are spoken to,
// where that does not go without saying.
func (p *page) whose(v providerView) {
	if r := v.Region; r != nil {
		text := "For " + r.Name.String() + " only. " + r.Tell.String()
		if len(r.Others) > 0 {
			text += " The others: " + commas(r.Others) + "."
		}
		p.remark(text, cite(r.Source))
	}
	if b := v.Bridge; b != nil {
		p.remark("Spoken to through "+b.Name.String()+" on this computer. "+b.Text.String(), cite(b.Source))
	}
}

// remark adds a text and, if it is not empty, where to read it.
func (p *page) remark(text, where string) {
	p.line()
	p.line(text)
	if where != "" {
		p.line("    ", where)
	}
}

func (p *page) settings(list []settingView) {
	if len(list) == 0 {
		return
	}
	rows := [][]cell{cells("PROTOCOL", "SERVER", "PORT", "SECURITY", "USER NAME", "ROLE", "DOCUMENTED IN")}
	for _, e := range list {
		rows = append(rows, cells(protocol(e.Server), e.Host.String(), fmt.Sprint(e.Port), security(e.Server), usernameWord(e.Username), e.Role.String(), cite(e.Source)))
	}
	p.line()
	for _, row := range rows {
		p.line(joined(row, columnWidths(rows)))
	}
}

// limits says what holds for some accounts only, what is contradicted, and what
// others say alone.
func (p *page) limits(v providerView) {
	others := map[settings.Standing][]string{}
	for _, e := range v.Endpoints {
		name := protocol(e.Server) + " " + address(e.Server)
		if e.When != "" && (v.Region == nil || e.When != v.Region.Name) {
			p.remark(name+" is for "+e.When.String()+".", "")
		}
		if e.Disputed != nil {
			p.remark(name+" is disputed. "+e.Disputed.Note.String(), cite(e.Disputed.Source))
		}
		standing := settings.Standing(e.Standing)
		others[standing] = append(others[standing], name)
	}
	for _, row := range []struct {
		standing settings.Standing
		words    string
	}{{settings.SingleVoice, "one source names"}, {settings.Agreed, "several sources agree on"}} {
		if names := others[row.standing]; len(names) > 0 {
			p.line()
			p.paragraph(p.plain, "", "", "The provider's own page was not found; "+row.words+" "+strings.Join(names, ", ")+".")
		}
	}
}

// waysIn adds the ways to sign in, each protocol's once.
func (p *page) waysIn(list []settingView) {
	printed := map[document.Text]bool{}
	for _, e := range list {
		if settings.Role(e.Role) != settings.Documented || printed[e.Protocol] || len(e.SignIn) == 0 {
			continue
		}
		printed[e.Protocol] = true
		p.line()
		p.line("Signing in by ", protocol(e.Server), ":")
		for _, way := range e.SignIn {
			status := way.Status.String()
			if way.Note != "" {
				status += ": " + way.Note.String()
			}
			p.line("    ", pad(way.Way.String(), 13), " ", status)
		}
	}
}

func usernameWord(word document.Text) string {
	switch settings.TemplateOf(string(word)) {
	case settings.LocalPart:
		return "part before @"
	case settings.FullAddress:
		return "whole address"
	}
	return word.String()
}

func cite(s document.Source) string {
	text := s.Title.String()
	if s.Publisher != "" {
		text += " (" + s.Publisher.String() + ")"
	}
	if s.Read != "" {
		text += ", read " + s.Read.String()
	}
	return text
}

func commas(list []document.Text) string {
	return strings.Join(document.Each(list, document.Text.String), ", ")
}

func abridged(list []document.Text, n int) string {
	if len(list) <= n {
		return commas(list)
	}
	return commas(list[:n]) + fmt.Sprintf(" and %d more", len(list)-n)
}
