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
	Schema     int             `json:"schema"`
	ID         document.Text   `json:"id"`
	Name       document.Text   `json:"name"`
	Aliases    []document.Text `json:"aliases"`
	Domains    []document.Text `json:"domains"`
	MX         []document.Text `json:"mx"`
	Endpoints  []settingView   `json:"endpoints"`
	NotOffered []notServedView `json:"not_offered"`
	Advice     []adviceView    `json:"advice"`
	Notes      []noteView      `json:"notes"`
}

type settingView struct {
	document.Server
	Role     document.Text   `json:"role"`
	Username document.Text   `json:"username"`
	SignIn   []wayView       `json:"sign_in"`
	Source   document.Source `json:"documented_in"`
	Note     document.Text   `json:"note"`
}

type wayView struct {
	Way    document.Text `json:"way"`
	Status document.Text `json:"status"`
	Note   document.Text `json:"note"`
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
	return providerView{
		Schema: document.Schema, ID: document.Text(s.ID), Name: document.Text(s.Name),
		Aliases: document.Texts(s.Aliases), Domains: document.Texts(s.Domains), MX: document.Texts(s.MX),
		Endpoints: document.Each(s.Settings(), viewSetting),
		NotOffered: document.Each(s.NotOffered, func(n settings.NotOffered) notServedView {
			return notServedView{document.Text(n.Protocol), document.Text(n.Note), document.SourceOf(n.Source)}
		}),
		Advice: document.Each(s.Advice, func(a settings.Advice) adviceView {
			return adviceView{document.Texts(a.Codes), document.Text(a.Text), document.Text(a.HelpURL), document.Text(a.From), document.Text(a.Until)}
		}),
		Notes: document.Each(s.Notes, func(n settings.Note) noteView { return noteView{document.Text(n.Text), document.SourceOf(n.Source)} }),
	}
}

func viewSetting(e settings.Setting) settingView {
	return settingView{
		Server: document.ServerOf(e.Endpoint), Role: document.Text(e.Role), Username: document.Text(e.Username.Word()),
		SignIn: document.Each(e.SignIn, func(w settings.SignIn) wayView {
			return wayView{document.Text(w.Way), document.Text(w.Status), document.Text(w.Note)}
		}),
		Source: document.SourceOf(e.Source), Note: document.Text(e.Note),
	}
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
	p.settings(v.Endpoints)
	for _, n := range v.NotOffered {
		p.remark(fmt.Sprintf("%s is not offered. %s", protocol(document.Server{Protocol: n.Protocol}), n.Note), cite(n.Source))
	}
	p.waysIn(v.Endpoints)
	for i, a := range v.Advice {
		if s.Advice[i].Current(now) {
			p.remark("Advice: "+a.Text.String(), a.HelpURL.String())
		}
	}
	for _, n := range v.Notes {
		p.remark("Note: "+n.Text.String(), cite(n.Source))
	}
	_, err := io.WriteString(w, p.String())
	return err
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
