package report

import (
	"io"

	"mailprobe/internal/settings"
)

// A showView is the JSON of "mailprobe show".
type showView struct {
	Schema     int             `json:"schema"`
	ID         text            `json:"id"`
	Name       text            `json:"name"`
	Aliases    []text          `json:"aliases"`
	Domains    []text          `json:"domains"`
	MX         []text          `json:"mx"`
	Endpoints  []settingView   `json:"endpoints"`
	NotOffered []notServedView `json:"not_offered"`
	Advice     []adviceView    `json:"advice"`
	Notes      []noteView      `json:"notes"`
}

type settingView struct {
	Protocol text       `json:"protocol"`
	Host     text       `json:"host"`
	Port     uint16     `json:"port"`
	Security text       `json:"security"`
	Role     text       `json:"role"`
	Username text       `json:"username"`
	SignIn   []wayView  `json:"sign_in"`
	Source   sourceView `json:"documented_in"`
	Note     text       `json:"note"`
}

type wayView struct {
	Way    text `json:"way"`
	Status text `json:"status"`
	Note   text `json:"note"`
}

type notServedView struct {
	Protocol text       `json:"protocol"`
	Note     text       `json:"note"`
	Source   sourceView `json:"documented_in"`
}

type adviceView struct {
	Codes   []text `json:"codes"`
	Text    text   `json:"text"`
	HelpURL text   `json:"help_url"`
	From    text   `json:"from"`  // empty: always
	Until   text   `json:"until"` // empty: no end
}

type noteView struct {
	Text   text       `json:"text"`
	Source sourceView `json:"documented_in"`
}

// ProviderJSON writes what is documented for a provider as an indented JSON
// document.
func ProviderJSON(w io.Writer, s *settings.Provider) error {
	return encode(w, showView{
		Schema: schema, ID: text(s.ID), Name: text(s.Name),
		Aliases: texts(s.Aliases), Domains: texts(s.Domains), MX: texts(s.MX),
		Endpoints:  each(s.Settings(), viewSetting),
		NotOffered: each(s.NotOffered, viewNotServed),
		Advice:     each(s.Advice, viewAdvice),
		Notes:      each(s.Notes, viewNote),
	})
}

func viewSetting(e settings.Setting) settingView {
	return settingView{
		Protocol: text(e.Protocol), Host: text(e.Host), Port: e.Port, Security: text(e.Security), Role: text(e.Role),
		Username: text(e.Username.Word()), SignIn: each(e.SignIn, viewWay), Source: cited(e.Source), Note: text(e.Note),
	}
}

func viewWay(w settings.SignIn) wayView { return wayView{text(w.Way), text(w.Status), text(w.Note)} }

func viewNotServed(n settings.NotOffered) notServedView {
	return notServedView{text(n.Protocol), text(n.Note), cited(n.Source)}
}

func viewAdvice(a settings.Advice) adviceView {
	return adviceView{texts(a.Codes), text(a.Text), text(a.HelpURL), text(a.From), text(a.Until)}
}

func viewNote(n settings.Note) noteView { return noteView{text(n.Text), cited(n.Source)} }
