package clients

import (
	"slices"

	"mailprobe/internal/settings"
)

// An Account is what is to be set up by hand.
type Account struct {
	Address  string             // empty: not known
	Settings []settings.Setting // the best first
}

// A Kind says how an account signs in from a program.
type Kind string

const (
	Browser        Kind = "browser"         // on the provider's own page, which the program opens
	Password       Kind = "password"        // by the account's own password
	AppPassword    Kind = "app-password"    // by one that is made for the program
	EitherPassword Kind = "either-password" // by one of these two
	Nothing        Kind = "nothing"         // not at all
)

// Instructions are what to do in a program, in order.
type Instructions struct {
	Guide   *Guide
	SignIn  Kind
	In, Out settings.Setting // the servers that are meant; with Nothing those that could not be used, where there are such
	Form    *settings.Form   // what the password looks like; nil: like any
	Lines   []Line           // with Nothing none
	Rules   []Rule           // by what all of it is known
	Why     string           // with Nothing: the reason, in English
}

// A Line is one thing that a person does, or is told.
type Line struct {
	Do    string   // "press", "tick", "type" or "choose"; empty: the line is a heading, or a sentence in Text
	Words []string // the buttons, one after another, or the field; as the program calls them
	Text  string   // what is typed or chosen, or what is told
	Head  bool     // Text is the part of a window in which the next fields are
}

// For returns what to do for an account, in a language, "en" for English, which
// also stands for one that there are no labels in.
func (g *Guide) For(a Account, lang string) Instructions {
	l := labelsIn(lang)
	i := Instructions{Guide: g, Rules: []Rule{g.By}}
	if !g.servers(a, &i) {
		i.SignIn = Nothing
		return i
	}
	steps := g.steps
	if i.SignIn == Browser {
		steps, i.Rules = g.signsIn, append(i.Rules, g.browserBy)
	}
	if known, ok := l.Known[g.ID]; ok {
		i.Rules = append(i.Rules, known)
	}
	w := writer{g, a, l, &i}
	for _, s := range steps {
		i.Lines = append(i.Lines, w.line(s)...)
	}
	if i.SignIn == Browser {
		i.Lines = append(i.Lines, Line{Text: l.Words["browser"]})
	}
	return i
}

// servers chooses a server that receives and one that sends, for which the
// program has a way to sign in; false: there are none, and why is said.
func (g *Guide) servers(a Account, i *Instructions) bool {
	out := slices.IndexFunc(a.Settings, func(s settings.Setting) bool { return s.Protocol == settings.SMTP })
	var in []settings.Setting
	for _, p := range g.protocols {
		for _, s := range a.Settings {
			if s.Protocol == p {
				in = append(in, s)
			}
		}
	}
	switch {
	case len(in) == 0:
		i.Why = "it has no server for IMAP or POP3"
	case out < 0:
		i.Why = "it has no server for sending (SMTP)"
	}
	if i.Why != "" {
		return false
	}
	i.Out = a.Settings[out]
	for _, s := range in {
		if kind := g.signIn(s); kind != Nothing {
			if i.In, i.SignIn = s, kind; kind == AppPassword {
				i.Form = s.PasswordForm()
			}
			return true
		}
	}
	i.In = in[0]
	i.Why = "it takes OAuth2 alone, and the program is not known to sign in there by itself"
	return false
}

// signIn returns how the program signs in at a server.
func (g *Guide) signIn(s settings.Setting) Kind {
	takes := func(way string) bool {
		w, ok := s.SignInBy(way)
		return ok && w.Status != settings.RefusedWay
	}
	switch {
	case takes("oauth2") && g.opens(s.Endpoint):
		return Browser
	case takes("app-password") && takes("password"):
		return EitherPassword
	case takes("app-password"):
		return AppPassword
	case takes("password"), len(s.SignIn) == 0, takes("encrypted"), takes("ntlm"), takes("gssapi"), takes("none"):
		return Password
	}
	return Nothing
}

// opens reports whether the program opens a page to sign in at a server.
func (g *Guide) opens(e settings.Endpoint) bool {
	_, ok := g.browser(e)
	return ok
}
