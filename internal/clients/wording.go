package clients

import (
	"fmt"
	"strings"

	"mailprobe/internal/settings"
)

// A writer puts steps into the words of a language.
type writer struct {
	guide   *Guide
	account Account
	lang    language
	i       *Instructions
}

func (w writer) label(key string) string {
	switch key {
	case "in.protocol":
		key = string(w.i.In.Protocol)
	case "browser":
		key, _ = w.guide.browser(w.i.In.Endpoint)
	}
	return w.lang.Programs[w.guide.ID][key]
}

func (w writer) line(s step) []Line {
	if s.If == "in.user" && (w.i.In.Username == "" || w.i.In.Username == settings.FullAddress) {
		return nil
	}
	var words []string
	for _, key := range s.Press {
		words = append(words, w.label(key))
	}
	switch {
	case len(words) > 0:
		return []Line{{Do: "press", Words: words, Text: w.sentence(s.Say)}}
	case s.Tick != "":
		return []Line{{Do: "tick", Words: []string{w.label(s.Tick)}}}
	case s.Type != "":
		return w.field("type", s.Type, s.Value)
	case s.Choose != "":
		return w.field("choose", s.Choose, s.Value)
	case s.In != "":
		return []Line{{Text: w.label(s.In), Head: true}}
	}
	return []Line{{Text: w.sentence(s.Say)}}
}

// field is one that is filled in; none where there is nothing to fill in.
func (w writer) field(do, label, value string) []Line {
	text := w.value(value)
	if text == "" {
		return nil
	}
	return []Line{{Do: do, Words: []string{w.label(label)}, Text: text}}
}

func (w writer) sentence(key string) string {
	return strings.ReplaceAll(w.lang.Words[key], "{username}", w.username(w.i.In))
}

// value returns what stands behind a name of guides.yaml.
func (w writer) value(name string) string {
	side, part, sided := strings.Cut(name, ".")
	if !sided {
		return w.common(name)
	}
	s := w.i.In
	if side == "out" {
		s = w.i.Out
	}
	switch part {
	case "protocol":
		return w.label(string(s.Protocol))
	case "host":
		return s.Host
	case "port":
		return fmt.Sprint(s.Port)
	case "security":
		return w.label(w.guide.security[string(s.Security)])
	case "way":
		return w.label(w.guide.ways[way(s)])
	case "username":
		return w.username(s)
	}
	return ""
}

func (w writer) common(name string) string {
	switch {
	case name == "address" && w.account.Address != "":
		return w.account.Address
	case name == "password" && w.i.SignIn == AppPassword:
		return w.lang.Words["app_password"]
	case name == "password" && w.i.SignIn == EitherPassword:
		return w.lang.Words["either_password"]
	}
	return w.lang.Words[name]
}

// way returns the first way to sign in of a server that is a password's, and
// otherwise the first.
func way(s settings.Setting) string {
	for _, known := range []string{"app-password", "password", "encrypted", "ntlm", "gssapi", "none"} {
		if w, ok := s.SignInBy(known); ok && w.Status != settings.RefusedWay {
			return strings.TrimPrefix(known, "app-")
		}
	}
	return "password"
}

// username returns what is typed as the user name, or its form in words.
func (w writer) username(s settings.Setting) string {
	switch form := s.Username; {
	case w.account.Address != "" && form != "":
		return form.For(w.account.Address)
	case w.account.Address != "":
		return w.account.Address
	case form == "", form == settings.FullAddress:
		return w.lang.Words["address"]
	case form == settings.LocalPart:
		return w.lang.Words["local_part"]
	default:
		return strings.ReplaceAll(w.lang.Words["form"], "{form}", string(form))
	}
}

// Verb returns the word of a language for what a line does in this program: a
// phone is tapped where a mouse clicks. Empty: it does nothing.
func (g *Guide) Verb(lang, do string) string {
	l := labelsIn(lang)
	if own := l.Programs[g.ID]["do_"+do]; own != "" {
		return own
	}
	return l.Words[do]
}

// labelsIn returns the words of a language; of one that there is not those of
// English.
func labelsIn(lang string) language {
	all := readGuides().labels
	if l, ok := all[lang]; ok {
		return l
	}
	return all["en"]
}
