package report

import (
	"io"

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
