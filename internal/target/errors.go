package target

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"mailprobe/internal/catalog"
	"mailprobe/internal/safe"
	"mailprobe/internal/settings"
)

// An AddressError says that a text with an @ is no mail address.
type AddressError struct{ Text string }

func (e *AddressError) Error() string {
	like := "me@example.com"
	if bare := Bare(e.Text); bare != e.Text {
		like = bare
	}
	return fmt.Sprintf(`"%s" is not a mail address; write it like %s`, safe.Display(e.Text), safe.Display(like))
}

// An UnknownError says that nothing is known under a name.
type UnknownError struct {
	Text string
	Near []string // what may be meant, the nearest first; none: nothing is near
	More string   // what DNS, and the domain itself, say of it, escaped; empty: they were not asked

	Asked bool // there is such a domain, or nobody could say whether there is: it need not be mistyped
	Here  bool // a file or folder in this folder has the name
}

// Unknown returns the error about a name that a catalogue does not know. A
// host name, with or without a port, may mean one of its servers.
func Unknown(c *catalog.Catalog, text string) *UnknownError {
	host, number, isServer := strings.Cut(text, ":")
	port, _ := strconv.ParseUint(number, 10, 16)
	var near []string
	for _, e := range c.ServersNear(host, uint16(port)) {
		near = append(near, e.String())
	}
	if len(near) > 0 || isServer {
		return &UnknownError{Text: text, Near: near}
	}
	return &UnknownError{Text: text, Near: c.Suggest(text)}
}

func (e *UnknownError) Error() string {
	more := e.More
	if strings.Contains(e.Text, ":") {
		more = ""
	}
	near := slices.Clone(e.Near)
	if e.Here {
		near = slices.Insert(near, 0, "./"+safe.Display(e.Text)+" (which is here)")
	}
	var hint string
	switch {
	case len(near) > 0 && more != "":
		hint = "did you mean " + strings.Join(near, " or ") + "? (" + more + ")"
	case len(near) > 0:
		hint = "did you mean " + strings.Join(near, " or ") + "?"
	case more != "": // a domain: the list of providers is no help
		hint = more + "; name a server, like imaps://imap.example.com"
	default:
		hint = "'mailprobe list' shows those that are known; or name a server, like imaps://imap.example.com"
	}
	return fmt.Sprintf(`unknown provider "%s"; %s`, safe.Display(e.Text), hint)
}

// A NothingOfferedError says that a provider offers nothing to mail programs.
type NothingOfferedError struct{ Provider *settings.Provider }

func (e *NothingOfferedError) Error() string {
	var names, notes []string
	for _, p := range settings.Protocols() {
		names = append(names, p.Name())
	}
	for _, n := range e.Provider.NotOffered {
		note := fmt.Sprintf("%s (%s, %s)", strings.TrimSuffix(n.Note, "."), n.Source.Publisher, n.Source.URL)
		if !slices.Contains(notes, note) {
			notes = append(notes, note)
		}
	}
	return safe.Display(fmt.Sprintf("%s offers none of %s to mail programs: %s; there is nothing to verify",
		e.Provider.Name, strings.Join(names, ", "), strings.Join(notes, "; ")))
}

// A NothingLeftError says that a target has no setting for the protocols to
// which it was restricted.
type NothingLeftError struct {
	Target Target
	Only   []settings.Protocol
}

func (e *NothingLeftError) Error() string {
	if p := e.Target.Provider; p != nil {
		for _, n := range p.NotOffered {
			if slices.Contains(e.Only, n.Protocol) {
				return fmt.Sprintf("%s does not offer %s (documented); there is nothing to verify", p.Name, n.Protocol.Name())
			}
		}
	}
	var names []string
	for _, p := range e.Only {
		names = append(names, string(p))
	}
	return fmt.Sprintf("%s has no documented setting for %s", safe.Display(e.Target.Text), strings.Join(names, ", "))
}
