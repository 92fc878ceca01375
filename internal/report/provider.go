package report

import (
	"fmt"
	"io"
	"strings"
	"time"

	"mailprobe/internal/document"
	"mailprobe/internal/settings"
)

// ProviderText writes what is documented for a provider, for people to read,
// with the advice that is good at the time now.
func ProviderText(w io.Writer, s *settings.Provider, now time.Time) error {
	p, v := newPage(Options{}), viewProvider(s)
	if v.ID == "" {
		p.line(v.Name.String())
	} else {
		p.line(fmt.Sprintf("%s (%s)", v.Name, v.ID))
	}
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
		rows = append(rows, cells(protocol(e.Server), e.Host.String(), fmt.Sprint(e.Port), security(p.l, e.Server), usernameWord(e.Username), e.Role.String(), cite(e.Source)))
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
