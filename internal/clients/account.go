package clients

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"mailprobe/internal/published"
	"mailprobe/internal/settings"
)

// signsIn returns the first way that the client knows; false: it knows none.
func (w *draft) signsIn(s published.Section) (string, bool) {
	a := w.Authentication
	if a == nil {
		return "", true
	}
	for _, word := range s.Values("authentication") {
		way, ok := a.Ways[word]
		switch {
		case !ok, slices.Contains(a.OutgoingOnly, word) && s.Kind == "incomingServer":
			continue
		case way == "oauth2" && a.OAuth.Or == "server" && !a.knows(w.host(s)):
			continue // it knows no place to sign in for this host
		}
		return way, true
	}
	return "", false
}

// knows reports whether the client knows where to sign in by OAuth2 for a host.
func (a *authentication) knows(host string) bool {
	return slices.ContainsFunc(a.OAuth.Hosts, func(h string) bool {
		return strings.EqualFold(h, host) || a.OAuth.Below && strings.HasSuffix(strings.ToLower(host), "."+h)
	})
}

// host returns the name of the server with its placeholders filled in.
func (w *draft) host(s published.Section) string {
	return published.Offer{Host: s.Host}.Endpoint(w.address).Host
}

// take takes a server with each way to connect that its row gives.
func (w *draft) take(s published.Section, p settings.Protocol, row securityRow, way string) {
	for i, security := range row.Then {
		port, err := settings.Port(s.Port)
		if s.Port != "" && err != nil {
			w.left = append(w.left, fmt.Sprintf("%s has no port that is a number", place(s)))
			return
		}
		w.servers = append(w.servers, Server{
			Endpoint: settings.Endpoint{Protocol: p, Host: w.host(s), Port: cmp.Or(port, settings.DefaultPort(p, security)), Security: security},
			Username: w.user(s, way), SignIn: way, Rule: row.rule, Line: s.Line, Later: i > 0,
		})
	}
}

// user returns what the client sends as user name.
func (w *draft) user(s published.Section, way string) settings.Template {
	switch {
	case s.Username == "" && way == "none":
		return ""
	case w.Address || s.Username == "" && w.WithoutUsername == "":
		return settings.FullAddress
	case s.Username == "":
		return settings.Template(w.WithoutUsername)
	}
	return settings.Template(s.Username)
}

// choose makes the account of the servers.
func (w *draft) choose(r *Reading) {
	incoming := w.of(settings.IMAP, settings.POP3)
	outgoing := w.of(settings.SMTP)
	for _, n := range w.Needs {
		switch {
		case n.What == "incoming" && len(incoming) == 0 && len(w.apart) == 0:
			w.drop(cmp.Or(strings.Join(w.left, "; "), "it has no server to read mail from"))
		case n.What == "outgoing" && len(outgoing) == 0:
			w.drop(cmp.Or(strings.Join(w.left, "; "), "it has no server to send by"))
		}
	}
	r.Servers = slices.Concat(w.kept(incoming), w.kept(outgoing))
	w.oauthOnly(r)
	switch {
	case w.dropped != "":
		r.State, r.Why, r.Servers = Drops, w.dropped, nil
	case len(w.apart) > 0 && (len(incoming) == 0 || w.apart[0].Line < incoming[0].Line):
		r.State, r.Servers = Open, nil
		r.Why = fmt.Sprintf("sets up %s by %s, which is not verified here", w.Apart[w.apart[0].Type], place(w.apart[0]))
	case len(r.Servers) == 0:
		r.State, r.Why = Drops, cmp.Or(strings.Join(w.left, "; "), "it has no server that the program knows")
	default:
		r.State = Reads
	}
}

// oauthOnly drops a document whose account would sign in by nothing but OAuth2,
// where the client does not know the provider.
func (w *draft) oauthOnly(r *Reading) {
	a := w.Authentication
	if a == nil || a.OAuth.Or != "document" {
		return
	}
	for i := range r.Servers {
		s := &r.Servers[i]
		if s.SignIn != "oauth2" || a.knows(s.Host) {
			continue
		}
		if s.SignIn = w.otherWay(s.section); s.SignIn == "" {
			w.drop(fmt.Sprintf("it knows no place to sign in by OAuth2 for %s", s.Host))
		}
	}
}

// otherWay returns the first way but OAuth2 of a section.
func (w *draft) otherWay(section int) string {
	for _, word := range w.document.Sections[section].Values("authentication") {
		if way := w.Authentication.Ways[word]; way != "" && way != "oauth2" {
			return way
		}
	}
	return ""
}

func (w *draft) of(protocols ...settings.Protocol) (list []Server) {
	for _, s := range w.servers {
		if slices.Contains(protocols, s.Protocol) {
			list = append(list, s)
		}
	}
	return list
}

// kept returns what the client keeps of the servers of one direction: those of
// the first section, or all of them one after another.
func (rd *reader) kept(list []Server) []Server {
	if len(list) == 0 || rd.Takes == "each" {
		for i := range list {
			list[i].Later = i > 0
		}
		return list
	}
	end := 1
	for end < len(list) && list[end].Later {
		end++
	}
	return list[:end]
}

// offers takes what this program found by itself, as names that are usual.
func (rd *reader) offers(r *Reading, target string, list []published.Offer) {
	w := &draft{reader: rd, address: target, document: &published.Document{}}
	for _, o := range list {
		if _, known := rd.Types[string(o.Protocol)]; !known {
			continue
		}
		w.servers = append(w.servers, Server{Endpoint: o.Endpoint(target), Username: settings.FullAddress, Why: "guessed by its name", Rule: rd.rule})
	}
	r.Rule = rd.rule
	w.choose(r)
}
