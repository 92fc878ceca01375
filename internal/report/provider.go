package report

import (
	"fmt"
	"io"
	"strings"
	"time"

	"mailprobe/internal/document"
	"mailprobe/internal/language"
	"mailprobe/internal/settings"
)

// ProviderText writes what is documented for a provider, for people to read,
// with the advice that is good at the time now.
func ProviderText(w io.Writer, s *settings.Provider, now time.Time, l *language.Language) error {
	p, v := newPage(Options{Language: l}), viewProvider(s)
	if v.ID == "" {
		p.line(v.Name.String())
	} else {
		p.line(fmt.Sprintf("%s (%s)", v.Name, v.ID))
	}
	if len(v.Aliases) > 0 {
		p.line(pad(l.Say("also:"), 10), commas(v.Aliases))
	}
	if len(v.Domains) > 0 {
		p.line(pad(l.Say("domains:"), 10), abridged(l, v.Domains, 8))
	}
	p.whose(v)
	p.settings(v.Endpoints)
	p.limits(v)
	for _, n := range v.NotOffered {
		p.remark(l.Say("{protocol} is not offered.", "protocol", protocol(document.Server{Protocol: n.Protocol}))+" "+phrase(l, n.Note), cite(l, n.Source))
	}
	p.waysIn(v.Endpoints)
	for _, e := range v.Enable {
		p.remark(l.Say("First: ")+phrase(l, e.Text), e.HelpURL.String())
	}
	for i, a := range v.Advice {
		if s.Advice[i].Current(now) {
			p.remark(l.Say("Advice: ")+phrase(l, a.Text), a.HelpURL.String())
		}
	}
	for _, n := range v.Notes {
		p.remark(l.Say("Note: ")+phrase(l, n.Text), cite(l, n.Source))
	}
	for _, h := range v.Help {
		p.remark(l.Say("Help: ")+h.Title.String(), h.URL.String())
	}
	_, err := io.WriteString(w, p.String())
	return err
}

// whose says for which accounts the settings are, and where they are spoken to,
// where that does not go without saying.
func (p *page) whose(v providerView) {
	if r := v.Region; r != nil {
		text := p.l.Say("For {region} only.", "region", r.Name) + " " + phrase(p.l, r.Tell)
		if len(r.Others) > 0 {
			text += " " + p.l.Say("The others: {regions}.", "regions", commas(r.Others))
		}
		p.remark(text, cite(p.l, r.Source))
	}
	if b := v.Bridge; b != nil {
		p.remark(p.l.Say("Spoken to through {bridge} on this computer.", "bridge", b.Name)+" "+phrase(p.l, b.Text), cite(p.l, b.Source))
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
	rows := [][]cell{cells(p.l.Say("PROTOCOL"), p.l.Say("SERVER"), p.l.Say("PORT"), p.l.Say("SECURITY"), p.l.Say("USER NAME"), p.l.Say("ROLE"), p.l.Say("DOCUMENTED IN"))}
	for _, e := range list {
		rows = append(rows, cells(protocol(e.Server), e.Host.String(), fmt.Sprint(e.Port), security(p.l, e.Server), usernameWord(p.l, e.Username), phrase(p.l, e.Role), cite(p.l, e.Source)))
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
			p.remark(p.l.Say("{server} is for {whom}.", "server", name, "whom", phrase(p.l, e.When)), "")
		}
		if e.Disputed != nil {
			p.remark(p.l.Say("{server} is disputed.", "server", name)+" "+phrase(p.l, e.Disputed.Note), cite(p.l, e.Disputed.Source))
		}
		standing := settings.Standing(e.Standing)
		others[standing] = append(others[standing], name)
	}
	for _, row := range []struct {
		standing settings.Standing
		words    language.Template
	}{
		{settings.SingleVoice, "The provider's own page was not found; one source names {servers}."},
		{settings.Agreed, "The provider's own page was not found; several sources agree on {servers}."},
	} {
		if names := others[row.standing]; len(names) > 0 {
			p.line()
			p.paragraph(p.plain, "", "", p.l.Say(row.words, "servers", strings.Join(names, ", ")))
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
		p.line(p.l.Say("Signing in by {protocol}:", "protocol", protocol(e.Server)))
		for _, way := range e.SignIn {
			status := phrase(p.l, way.Status)
			if way.Note != "" {
				status += ": " + phrase(p.l, way.Note)
			}
			p.line("    ", pad(way.Way.String(), 13), " ", status)
		}
	}
}

func usernameWord(l *language.Language, word document.Text) string {
	switch settings.TemplateOf(string(word)) {
	case settings.LocalPart:
		return l.Say("part before @")
	case settings.FullAddress:
		return l.Say("whole address")
	}
	return word.String()
}

func cite(l *language.Language, s document.Source) string {
	text := s.Title.String()
	if s.Publisher != "" {
		text += " (" + s.Publisher.String() + ")"
	}
	if s.Read != "" {
		text += ", " + l.Say("read {day}", "day", s.Read)
	}
	return text
}

func commas(list []document.Text) string {
	return strings.Join(document.Each(list, document.Text.String), ", ")
}

func abridged(l *language.Language, list []document.Text, n int) string {
	if len(list) <= n {
		return commas(list)
	}
	return l.Say("{list} and {n} more", "list", commas(list[:n]), "n", len(list)-n)
}
