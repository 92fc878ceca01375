package report

import (
	"io"
	"slices"
	"strings"

	"mailprobe/internal/clients"
	"mailprobe/internal/language"
	"mailprobe/internal/safe"
	"mailprobe/internal/settings"
)

// GuideText writes what to do in a mail program to set up an account, in the
// words of a language, for people to read. Of is whose account it is; a nil
// provider is none that the catalogue knows.
func GuideText(w io.Writer, i clients.Instructions, of string, known *settings.Provider, o Options) error {
	p := newPage(o)
	p.line(p.strong.Sprint(p.l.Say("{account} in {program}", "account", safe.Clip(of, 200), "program", i.Guide.NameIn(p.l.Tag()))))
	p.line()
	if i.SignIn == clients.Nothing {
		p.paragraph(p.bad, "", "", p.l.Say("This account cannot be set up in {program}: {why}.", "program", i.Guide.NameIn(p.l.Tag()), "why", p.l.Told(i.Why)))
	} else {
		p.firstSteps(i, known)
		if i.In.When != "" {
			p.paragraph(p.plain, "", "", p.l.Say("This is for {whom}.", "whom", safe.Display(p.l.Told(i.In.When))))
			p.line()
		}
		width := labelWidth(i.Lines)
		for _, l := range i.Lines {
			p.instruction(l, i.Guide, width)
		}
		p.secret(i)
	}
	p.line()
	for _, r := range i.Rules {
		p.paragraph(p.dim, "", "    ", knownBy(p.l, r))
	}
	_, err := io.WriteString(w, p.String())
	return err
}

// firstSteps says what must be switched on at the provider.
func (p *page) firstSteps(i clients.Instructions, known *settings.Provider) {
	if known == nil {
		return
	}
	if b := known.Bridge; b != nil {
		p.paragraph(p.plain, p.l.Say("First: "), "    ", p.l.Say("{bridge} must run on this computer.", "bridge", safe.Display(b.Name))+" "+safe.Display(p.l.Told(b.Text)))
		p.line("    ", safe.Display(b.Source.URL))
		p.line()
	}
	for _, e := range known.Enable {
		if len(e.Protocols) > 0 && !slices.Contains(e.Protocols, i.In.Protocol) && !slices.Contains(e.Protocols, settings.SMTP) {
			continue
		}
		p.paragraph(p.plain, p.l.Say("First: "), "    ", safe.Display(p.l.Told(e.Text)))
		p.line("    ", safe.Display(e.HelpURL))
		p.line()
	}
}

// verbWidth is the columns of what is done with a button or a field.
func verbWidth(g *clients.Guide, lang string) int {
	width := 7
	for _, do := range []string{"press", "tick", "type", "choose"} {
		width = max(width, safe.Width(g.Verb(lang, do)))
	}
	return width
}

// labelWidth is the columns of the labels of fields.
func labelWidth(lines []clients.Line) int {
	width := 22
	for _, l := range lines {
		if len(l.Words) == 1 && (l.Do == "type" || l.Do == "choose") {
			width = max(width, min(safe.Width(l.Words[0]), 40))
		}
	}
	return width
}

// instruction adds one thing to do. What is typed stands on a line of its own
// where the field leaves no room, and is never broken: it is to be copied.
func (p *page) instruction(l clients.Line, g *clients.Guide, width int) {
	verb := p.dim.Sprint(pad(g.Verb(p.l.Tag(), l.Do), verbWidth(g, p.l.Tag())))
	words := make([]string, len(l.Words))
	for i, word := range l.Words {
		words[i] = safe.Display(word)
	}
	text := safe.Clip(l.Text, 600)
	switch {
	case l.Head:
		p.line()
		p.line("  ", p.strong.Sprint(text))
	case l.Do == "":
		p.line()
		p.paragraph(p.plain, "  ", "  ", text)
	case len(l.Words) > 0 && (l.Do == "press" || l.Do == "tick"):
		line := strings.Join(words, " > ")
		if text != "" {
			line += "  (" + text + ")"
		}
		p.line("  ", verb, " ", p.strong.Sprint(line))
	default:
		p.line("  ", verb, " ", pad(words[0], width), " ", p.strong.Sprint(text))
	}
}

// secret says which password is meant, and where an app password comes from.
func (p *page) secret(i clients.Instructions) {
	if i.Form != nil {
		p.line()
		p.paragraph(p.plain, "", "", p.l.Say("App passwords here are {looks}.", "looks", safe.Display(p.l.Told(i.Form.Looks))))
	}
	if w, ok := i.In.SignInBy("app-password"); ok && (i.SignIn == clients.AppPassword || i.SignIn == clients.EitherPassword) {
		p.line()
		p.paragraph(p.plain, "", "", strings.TrimSpace(p.l.Say("App passwords: {note}", "note", safe.Display(p.l.Told(w.Note)))))
		if w.Source.URL != "" {
			p.line("    ", safe.Display(w.Source.URL))
		}
	}
}

// knownBy says by what the labels, or a rule, are known.
func knownBy(l *language.Language, r clients.Rule) string {
	by := language.Template("Known by what others wrote, which may be old: {title}, read {day}.")
	if r.Basis == clients.Code {
		by = "Known by the program's own files: {title}, read {day}."
	}
	return l.Say(by, "title", r.Title, "day", r.Read)
}
