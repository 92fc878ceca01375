package report

import (
	"io"
	"strings"

	"mailprobe/internal/diagnose"
	"mailprobe/internal/document"
	"mailprobe/internal/finding"
	"mailprobe/internal/language"
	"mailprobe/internal/safe"
	"mailprobe/internal/settings"
	"mailprobe/internal/verify"
)

// A SignInService is what is told of a sign-in service.
type SignInService struct {
	Built    string // the program's version
	Target   string // as typed
	Provider *settings.Provider
	Seen     diagnose.SignInService
	Findings []finding.Finding
	Verdict  verify.Verdict
}

// A serviceView is the JSON of "mailprobe oauth", an interface like that of a
// report.
type serviceView struct {
	Schema   int                `json:"schema"`
	Version  document.Text      `json:"mailprobe"`
	Target   document.Text      `json:"target"`
	Provider *tokenProvider     `json:"provider"` // null: an issuer was named
	Issuer   document.Text      `json:"issuer"`
	Asked    []askedView        `json:"asked"`
	Metadata *metadataView      `json:"metadata"`
	Servers  []announcedView    `json:"servers"`
	Named    []namedView        `json:"named"`
	Verdict  document.Text      `json:"verdict"`
	Findings []document.Finding `json:"findings"`
}

type askedView struct {
	What   document.Text  `json:"what"`
	URL    document.Text  `json:"url"`
	Status *int           `json:"status"` // null: no answer
	Took   float64        `json:"took_ms"`
	Error  document.Maybe `json:"error"`
}

type metadataView struct {
	Issuer       document.Text   `json:"issuer"`
	PKCE         []document.Text `json:"pkce"`
	Device       document.Maybe  `json:"device_endpoint"`
	Registration document.Maybe  `json:"registration_endpoint"`
	Grants       []document.Text `json:"grants"`
	Scopes       []document.Text `json:"scopes"`
}

type namedView struct {
	By     document.Text `json:"by"`
	Issuer document.Text `json:"issuer"`
}

type announcedView struct {
	document.Server
	Mechanisms []document.Text `json:"mechanisms"`
	Seen       bool            `json:"seen"` // the dialogue came as far
}

// SignInServiceJSON writes it as an indented JSON document.
func SignInServiceJSON(w io.Writer, s SignInService) error {
	v := serviceView{Schema: document.Schema, Version: document.Text(s.Built), Target: document.Text(s.Target), Issuer: document.Text(s.Seen.Issuer),
		Asked: []askedView{}, Servers: []announcedView{}, Named: []namedView{}, Verdict: document.Text(s.Verdict), Findings: document.Each(s.Findings, document.FindingOf)}
	if p := s.Provider; p != nil {
		v.Provider = &tokenProvider{document.Text(p.ID), document.Text(p.Name)}
	}
	for _, a := range s.Seen.Asked {
		view := askedView{What: document.Text(a.What), URL: document.Text(a.URL), Took: float64(a.Took.Microseconds()/100) / 10}
		if a.Status != 0 {
			view.Status = &a.Status
		}
		if a.Err != nil {
			view.Error = document.Maybe(a.Err.Error())
		}
		v.Asked = append(v.Asked, view)
	}
	if m := s.Seen.Metadata; m != nil {
		v.Metadata = &metadataView{document.Text(m.Issuer), document.Texts(m.PKCE), document.Maybe(m.DeviceURL), document.Maybe(m.Registration), document.Texts(m.Grants), document.Texts(m.Scopes)}
	}
	for _, n := range s.Seen.Named {
		v.Named = append(v.Named, namedView{document.Text(n.By), document.Text(n.Issuer)})
	}
	for _, r := range s.Seen.Servers {
		v.Servers = append(v.Servers, announcedView{document.ServerOf(r.Endpoint), document.Texts(r.Mechanisms), diagnose.SaysItsWays(r)})
	}
	return encode(w, "", v)
}

// SignInServiceText writes it for people to read.
func SignInServiceText(w io.Writer, s SignInService, o Options) error {
	p := newPage(o)
	p.paragraph(p.plain, "", "", s.answer(p.l))
	p.line()
	b := block{p, "  ", 2, 14}
	b.field(p.l.Say("issuer"), safe.Display(s.Seen.Issuer))
	for _, n := range s.Seen.Named {
		b.field(p.l.Say("named"), p.l.Say("{issuer} by {source}", "issuer", safe.Display(n.Issuer), "source", safe.Display(n.By)))
	}
	for _, a := range s.Seen.Asked {
		said := p.l.Say("HTTP status {status} in {seconds} s", "status", a.Status, "seconds", decimal(p.l, a.Took.Seconds(), 2))
		if a.Err != nil {
			said = p.l.Say("no answer")
		}
		b.field(p.l.Told(a.What), safe.Display(a.URL)+"  "+said)
	}
	if m := s.Seen.Metadata; m != nil {
		b.field("PKCE", orNot(p.l, strings.Join(m.PKCE, " ")))
		b.field(p.l.Say("device codes"), orNot(p.l, m.DeviceURL))
		b.field(p.l.Say("registration"), orNot(p.l, m.Registration))
	}
	for _, r := range s.Seen.Servers {
		b.field(r.Endpoint.Protocol.Name(), safe.Display(r.Endpoint.Address())+"  "+orNot(p.l, strings.Join(r.Mechanisms, " ")))
	}
	p.judgements(s.Findings)
	_, err := io.WriteString(w, p.String())
	return err
}

func orNot(l *language.Language, text string) string {
	if text == "" {
		return l.Say("not announced")
	}
	return safe.Display(text)
}

func (s SignInService) answer(l *language.Language) string {
	name := safe.Display(s.Seen.Issuer)
	if s.Provider != nil {
		name = s.Provider.Name
	}
	switch s.Verdict {
	case verify.Works:
		return l.Say("The sign-in service of {name} is in order, seen from here. Nobody signed in.", "name", name)
	case verify.Fails:
		return l.Say("Something is wrong with the sign-in service of {name}, seen from here.", "name", name)
	}
	return l.Say("The sign-in service of {name} could not be judged from here.", "name", name)
}
