package clients

import (
	"fmt"
	"slices"
	"strings"

	"mailprobe/internal/published"
	"mailprobe/internal/settings"
)

// section reads one server.
func (w *draft) section(at int, s published.Section) {
	protocol, ok := w.types(s)
	if !ok && !w.isApart(s) {
		return
	}
	if lack, what, lacks := w.lacks(s); lacks {
		w.or(lack.Or, fmt.Sprintf("%s has %s", place(s), what))
		return
	}
	row, why, known := w.secured(s)
	if !known {
		w.or(w.Unknown, fmt.Sprintf("%s has an encryption that it does not know (%s)", place(s), written(s, w.fields())))
		return
	}
	way, known := w.signsIn(s)
	if !known {
		w.or(w.Authentication.None, fmt.Sprintf("%s has no way to sign in that it knows", place(s)))
		return
	}
	if !ok {
		w.apart = append(w.apart, s)
		return
	}
	from := len(w.servers)
	w.take(s, protocol, row, way)
	for i := range w.servers[from:] {
		w.servers[from+i].section, w.servers[from+i].Why = at, why
	}
}

// types returns the protocol of a section, in the direction in which it stands.
func (w *draft) types(s published.Section) (settings.Protocol, bool) {
	for name, p := range w.Types {
		if !w.same(name, s.Type) {
			continue
		}
		outgoing := strings.HasPrefix(strings.ToLower(s.Kind), "outgoing")
		incoming := strings.HasPrefix(strings.ToLower(s.Kind), "incoming")
		return p, !(outgoing && p != settings.SMTP || incoming && p == settings.SMTP)
	}
	return "", false
}

// isApart reports whether a section is for reading mail by a protocol that the
// client knows and this program does not.
func (w *draft) isApart(s published.Section) bool {
	return w.Apart[s.Type] != "" && !strings.HasPrefix(strings.ToLower(s.Kind), "outgoing")
}

func (w *draft) same(x, y string) bool { return x == y || w.Fold && strings.EqualFold(x, y) }

// lacks returns the first need that a server does not meet.
func (w *draft) lacks(s published.Section) (need, string, bool) {
	for _, n := range w.Needs {
		switch {
		case n.What == "host" && !w.named(s):
			return n, "no host that can be used", true
		case n.What == "text" && s.Broken:
			return n, "an element in a value", true
		case n.What == "text" && s.Padded:
			return n, "blanks around a value", true
		case n.What == "port" && s.Port == "":
			return n, "no port", true
		case n.What == "username" && s.Username == "":
			return n, "no user name", true
		}
	}
	return need{}, "", false
}

// named reports whether a section names a host.
func (w *draft) named(s published.Section) bool {
	host := w.host(s)
	if strings.Contains(host, "%") {
		return s.Host != "" && !s.Broken // nobody is known for whom to fill it in
	}
	again, err := settings.Host(host)
	return err == nil && host != "" && !s.Broken && strings.EqualFold(again, host) && !strings.ContainsAny(host, " \t")
}

// fields are the names of what says how a connection is secured.
func (w *draft) fields() []string {
	var names []string
	for _, row := range w.Security {
		for name := range row.When {
			if !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
	}
	return names
}

// secured returns the row that holds for a section, and the values that it
// goes by.
func (w *draft) secured(s published.Section) (securityRow, string, bool) {
	repeated := s.Values("socketType")
	if w.Repeated == "all-known" {
		for _, v := range repeated {
			if _, _, ok := w.row(s, v); !ok {
				return securityRow{}, "", false
			}
		}
	}
	if w.Repeated == "first-known" {
		for _, v := range repeated {
			if row, why, ok := w.row(s, v); ok {
				return row, why, true
			}
		}
		return securityRow{}, "", false
	}
	last := ""
	if len(repeated) > 0 {
		last = repeated[len(repeated)-1]
	}
	return w.row(s, last)
}

// row returns the first row that holds where socketType, if it repeats, is one
// of its values.
func (w *draft) row(s published.Section, socketType string) (securityRow, string, bool) {
	port, _ := settings.Port(s.Port)
	for _, row := range w.Security {
		if len(row.Ports) > 0 && !slices.Contains(row.Ports, port) || !w.holds(row.When, s, socketType) {
			continue
		}
		return row, reason(row, s, w.fields()), true
	}
	return securityRow{}, "", false
}

func (w *draft) holds(when map[string]string, s published.Section, socketType string) bool {
	for name, word := range when {
		value := socketType
		if name != "socketType" {
			value = first(s.Values(name))
		}
		if !w.same(word, value) {
			return false
		}
	}
	return true
}
