package report

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"mailprobe/internal/clients"
	"mailprobe/internal/safe"
	"mailprobe/internal/settings"
)

// GuideText writes what to do in a mail program to set up an account, in the
// words of a language, for people to read. Of is whose account it is; a nil
// provider is none that the catalogue knows.
func GuideText(w io.Writer, i clients.Instructions, of string, known *settings.Provider, lang string, o Options) error {
	p := newPage(o)
	p.line(p.strong.Sprint(safe.Clip(of, 200) + " in " + i.Guide.Name))
	p.line()
	if i.SignIn == clients.Nothing {
		p.paragraph(p.bad, "", "", fmt.Sprintf("This account cannot be set up in %s: %s.", i.Guide.Name, i.Why))
	} else {
		p.firstSteps(i, known)
		if i.In.When != "" {
			p.paragraph(p.plain, "", "", "This is for "+safe.Display(i.In.When)+".")
			p.line()
		}
		for _, l := range i.Lines {
			p.instruction(l, lang)
		}
		p.secret(i)
	}
	p.line()
	for _, r := range i.Rules {
		p.paragraph(p.dim, "", "    ", knownBy(r))
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
		p.paragraph(p.plain, "First: ", "    ", safe.Display(b.Name)+" must run on this computer. "+safe.Display(b.Text))
		p.line("    ", safe.Display(b.Source.URL))
		p.line()
	}
	for _, e := range known.Enable {
		if len(e.Protocols) > 0 && !slices.Contains(e.Protocols, i.In.Protocol) && !slices.Contains(e.Protocols, settings.SMTP) {
			continue
		}
		p.paragraph(p.plain, "First: ", "    ", safe.Display(e.Text))
		p.line("    ", safe.Display(e.HelpURL))
		p.line()
	}
}

// instruction adds one thing to do. What is typed stands on a line of its own
// where the field leaves no room, and is never broken: it is to be copied.
func (p *page) instruction(l clients.Line, lang string) {
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
		p.line("  ", p.dim.Sprint(pad(clients.Verb(lang, l.Do), 7)), " ", p.strong.Sprint(line))
	default:
		p.line("  ", p.dim.Sprint(pad(clients.Verb(lang, l.Do), 7)), " ", pad(words[0], 22), " ", p.strong.Sprint(text))
	}
}

// secret says which password is meant, and where an app password comes from.
func (p *page) secret(i clients.Instructions) {
	if i.Form != nil {
		p.line()
		p.paragraph(p.plain, "", "", "App passwords here are "+safe.Display(i.Form.Looks)+".")
	}
	if w, ok := i.In.SignInBy("app-password"); ok && (i.SignIn == clients.AppPassword || i.SignIn == clients.EitherPassword) {
		p.line()
		p.paragraph(p.plain, "", "", strings.TrimSpace("App passwords: "+safe.Display(w.Note)))
		if w.Source.URL != "" {
			p.line("    ", safe.Display(w.Source.URL))
		}
	}
}

// knownBy says by what the labels, or a rule, are known.
func knownBy(r clients.Rule) string {
	by := "by what others wrote, which may be old"
	if r.Basis == clients.Code {
		by = "by the program's own files"
	}
	return fmt.Sprintf("Known %s: %s, read %s.", by, r.Title, r.Read)
}
