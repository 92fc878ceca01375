package report

import (
	"fmt"
	"io"
	"strings"
	"time"

	"mailprobe/internal/auth/token"
	"mailprobe/internal/document"
	"mailprobe/internal/finding"
	"mailprobe/internal/language"
	"mailprobe/internal/safe"
	"mailprobe/internal/settings"
	"mailprobe/internal/verify"
)

// A Token is what is told of a token that was sent nowhere.
type Token struct {
	Built    string // the program's version
	Reading  token.Reading
	User     string             // empty: not said
	Provider *settings.Provider // nil: not known
	Findings []finding.Finding
	Verdict  verify.Verdict
	Now      time.Time
}

// A tokenView is the JSON of "mailprobe token", an interface like that of a
// report.
type tokenView struct {
	Schema   int                `json:"schema"`
	Version  document.Text      `json:"mailprobe"`
	Provider *tokenProvider     `json:"provider"` // null: not known
	User     document.Maybe     `json:"user"`
	Token    shownToken         `json:"token"`
	Verdict  document.Text      `json:"verdict"`
	Findings []document.Finding `json:"findings"`
}

type tokenProvider struct {
	ID   document.Text `json:"id"`
	Name document.Text `json:"name"`
}

type shownToken struct {
	document.Token
	Subject  document.Maybe `json:"subject"`
	AppOnly  bool           `json:"app_only"` // the application itself signed in
	Issued   *time.Time     `json:"issued"`
	LifeLeft *int64         `json:"life_left_s"` // negative: it has expired; null: not said
}

// TokenJSON writes what a token shows as an indented JSON document.
func TokenJSON(w io.Writer, t Token) error {
	v := tokenView{Schema: document.Schema, Version: document.Text(t.Built), User: document.Maybe(t.User), Verdict: document.Text(t.Verdict),
		Findings: document.Each(t.Findings, document.FindingOf)}
	if p := t.Provider; p != nil {
		v.Provider = &tokenProvider{document.Text(p.ID), document.Text(p.Name)}
	}
	v.Token = t.shown()
	return encode(w, "", v)
}

func (t Token) shown() shownToken {
	v := shownToken{Token: document.Token{Form: document.Text(t.Reading.Form), Length: t.Reading.Length,
		Audience: []document.Text{}, Scopes: []document.Text{}, Roles: []document.Text{}}}
	if said := document.TokenOf(&t.Reading); said != nil {
		v.Token = *said
	}
	c := t.Reading.Claims
	if c == nil {
		return v
	}
	v.Subject, v.AppOnly = document.Maybe(c.Subject), c.AppOnly
	if !c.Issued.IsZero() {
		v.Issued = &c.Issued
	}
	if !c.Expires.IsZero() {
		left := int64(c.Expires.Sub(t.Now).Seconds())
		v.LifeLeft = &left
	}
	return v
}

// TokenText writes what a token shows for people to read.
func TokenText(w io.Writer, t Token, o Options) error {
	p := newPage(o)
	p.paragraph(p.plain, "", "", t.answer(p.l))
	p.line()
	b := block{p, "  ", 2, 14}
	t.claims(b)
	p.judgements(t.Findings)
	_, err := io.WriteString(w, p.String())
	return err
}

// judgements adds findings, each with what to do.
func (p *page) judgements(findings []finding.Finding) {
	b := block{p, "  ", 2, 14}
	for _, f := range findings {
		d := document.FindingOf(f)
		p.line()
		p.paragraph(p.plain, "", "  ", p.l.Say("{severity}: {what}", "severity", severityWord(p.l, d.Severity), "what", phrase(p.l, d.Message)))
		if d.Blame != "" {
			b.field(p.l.Say("who must act"), whoMustAct(p.l, d))
		}
		if d.Remedy != "" {
			b.field(p.l.Say("what to do"), phrase(p.l, d.Remedy))
		}
		for _, line := range peerLines(p.l, string(d.Evidence)) {
			b.field(p.l.Say("seen"), line)
		}
		b.field(p.l.Say("read more"), "mailprobe explain "+safe.Display(string(d.Code)))
	}
}

// answer says in one sentence what became of it.
func (t Token) answer(l *language.Language) string {
	where := l.Say("mail")
	if t.Provider != nil {
		where = l.Say("mail at {provider}", "provider", safe.Display(t.Provider.Name))
	}
	switch {
	case t.Verdict == verify.Works:
		return l.Say("This access token is good for {where}, by what it says of itself. Its signature was not verified, and it was sent nowhere.", "where", where)
	case t.Verdict == verify.Fails && t.Reading.Usable():
		return l.Say("This access token cannot open {where}. It was sent nowhere.", "where", where)
	case t.Verdict == verify.Fails:
		return l.Say("This is no access token. It was sent nowhere.")
	case t.Reading.Claims != nil:
		return l.Say("Whether this access token is for mail cannot be judged: nothing shows whose servers it is for. Name the provider. It was sent nowhere.")
	}
	return l.Say("This may be an access token. It is opaque: nothing can be read of it, so only its server can judge it. It was sent nowhere.")
}

func (t Token) claims(b block) {
	b.field(b.l.Say("length"), b.l.Count(t.Reading.Length, "{n} character", "{n} characters"))
	c := t.Reading.Claims
	if c == nil {
		return
	}
	for _, row := range []struct {
		label language.Template
		text  string
	}{
		{"issued by", c.Issuer}, {"for", strings.Join(c.Audience, " ")}, {"whose", c.Username}, {"subject", c.Subject},
		{"application", c.Application}, {"organisation", c.Tenant}, {"allows", strings.Join(c.Scopes, " ")}, {"roles", strings.Join(c.Roles, " ")},
	} {
		if row.text != "" {
			b.field(b.l.Say(row.label), safe.Clip(safe.Display(row.text), maxEvidence))
		}
	}
	if c.AppOnly {
		b.field(b.l.Say("signed in"), b.l.Say("the application itself, no user"))
	}
	if !c.Expires.IsZero() {
		b.field(b.l.Say("good until"), fmt.Sprintf("%s (%s)", c.Expires.Format(time.RFC3339), lifeLeft(b.l, c.Expires.Sub(t.Now))))
	}
}

func lifeLeft(l *language.Language, d time.Duration) string {
	if d <= 0 {
		return l.Say("over")
	}
	return l.Say("{time} left", "time", d.Round(time.Second))
}
