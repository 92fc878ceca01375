package main

import "mailprobe/internal/settings"

// A showView is one provider in the JSON of show.
type showView struct {
	Schema     int            `json:"schema"`
	ID         string         `json:"id"`
	Name       string         `json:"name"`
	Aliases    []string       `json:"aliases"`
	Domains    []string       `json:"domains"`
	MX         []string       `json:"mx"`
	Endpoints  []settingView  `json:"endpoints"`
	NotOffered []notOfferView `json:"not_offered"`
	Advice     []adviceView   `json:"advice"`
	Notes      []noteView     `json:"notes"`
}

type settingView struct {
	Protocol string     `json:"protocol"`
	Host     string     `json:"host"`
	Port     uint16     `json:"port"`
	Security string     `json:"security"`
	Role     string     `json:"role"`
	Username string     `json:"username"`
	SignIn   []wayView  `json:"sign_in"`
	Source   sourceView `json:"documented_in"`
	Note     string     `json:"note"`
}

type wayView struct {
	Way    string `json:"way"`
	Status string `json:"status"`
	Note   string `json:"note"`
}

type sourceView struct {
	Title     string `json:"title"`
	Publisher string `json:"publisher"`
	URL       string `json:"url"`
	Read      string `json:"read"` // empty: not said
}

type notOfferView struct {
	Protocol string     `json:"protocol"`
	Note     string     `json:"note"`
	Source   sourceView `json:"documented_in"`
}

type adviceView struct {
	Codes   []string `json:"codes"`
	Text    string   `json:"text"`
	HelpURL string   `json:"help_url"`
	From    string   `json:"from"`  // empty: always
	Until   string   `json:"until"` // empty: no end
}

type noteView struct {
	Text   string     `json:"text"`
	Source sourceView `json:"documented_in"`
}

func showJSON(s *settings.Settings) showView {
	v := showView{
		Schema: 1, ID: s.ID, Name: s.Name,
		Aliases: append([]string{}, s.Aliases...), Domains: append([]string{}, s.Domains...), MX: append([]string{}, s.MX...),
		Endpoints: []settingView{}, NotOffered: []notOfferView{}, Advice: []adviceView{}, Notes: []noteView{},
	}
	for _, e := range s.Endpoints {
		v.Endpoints = append(v.Endpoints, viewSetting(e))
	}
	for _, n := range s.NotOffered {
		v.NotOffered = append(v.NotOffered, notOfferView{string(n.Protocol), n.Note, sourceView(n.Source)})
	}
	for _, a := range s.Advice {
		v.Advice = append(v.Advice, adviceView{append([]string{}, a.Codes...), a.Text, a.HelpURL, a.From, a.Until})
	}
	for _, n := range s.Notes {
		v.Notes = append(v.Notes, noteView{n.Text, sourceView(n.Source)})
	}
	return v
}

func viewSetting(e settings.Setting) settingView {
	v := settingView{
		Protocol: string(e.Protocol), Host: e.Host, Port: e.Port, Security: string(e.Security), Role: string(e.Role),
		Username: string(e.Username), SignIn: []wayView{}, Source: sourceView(e.Source), Note: e.Note,
	}
	for _, way := range e.SignIn {
		v.SignIn = append(v.SignIn, wayView{way.Way, way.Status, way.Note})
	}
	return v
}
