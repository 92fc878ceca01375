package publish

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"mailprobe/internal/settings"
)

// A server is one setting, with the ways to sign in by the names that documents
// have for them.
type server struct {
	settings.Setting
	ways []string
}

// ways are the ways to sign in that are not refused, in the order of the
// source. Where it names none, a password is what every mail program asks for.
func ways(s settings.Setting) (list []string) {
	for _, w := range s.SignIn {
		way := w.Way
		if way == "app-password" {
			way = "password"
		}
		if w.Status != settings.RefusedWay && !slices.Contains(list, way) {
			list = append(list, way)
		}
	}
	if len(s.SignIn) == 0 {
		list = []string{"password"}
	}
	return list
}

// first returns the first of some ways that a server takes; empty: none.
func (s server) first(known ...string) string {
	for _, way := range known {
		if slices.Contains(s.ways, way) {
			return way
		}
	}
	return ""
}

// user returns the form of the user name.
func (s server) user() settings.Template {
	if s.Username == "" {
		return settings.FullAddress
	}
	return s.Username
}

// says names the server to people.
func (s server) says() string {
	return fmt.Sprintf("%s %s (%s)", s.Protocol.Name(), s.Address(), s.Security.Name())
}

// A draft is a document while it is written.
type draft struct {
	Publication
	format  string
	servers []server
	text    bytes.Buffer
	record  string
	notes   []string
}

func (d *draft) note(format string, args ...any) {
	if text := fmt.Sprintf(format, args...); !slices.Contains(d.notes, text) {
		d.notes = append(d.notes, text)
	}
}

// keep leaves out the servers for which there is a reason, and tells it. The
// error is that none is left.
func (d *draft) keep(without func(server) string) error {
	var kept []server
	var whys []string
	for _, s := range d.servers {
		why := without(s)
		if why == "" {
			kept = append(kept, s)
			continue
		}
		whys = append(whys, s.says()+" is left out of "+d.format+": "+why)
	}
	d.servers = kept
	switch {
	case len(kept) > 0:
		d.notes = append(d.notes, whys...)
		return nil
	case len(whys) > 0:
		return fmt.Errorf("%s can say nothing of these settings: %s", d.format, whys[0])
	}
	return fmt.Errorf("there is no server to write in %s", d.format)
}

// keepWhole is keep for a format of which mail programs make an account, for
// which they want a server that receives and one that sends. The error is that
// the format can say nothing of one of them; that there was none is told.
func (d *draft) keepWhole(without func(server) string) error {
	before := d.servers
	if err := d.keep(without); err != nil {
		return err
	}
	for _, way := range []struct {
		does string
		is   func(server) bool
	}{
		{"receives (IMAP or POP3)", func(s server) bool { return s.Protocol != settings.SMTP }},
		{"sends (SMTP)", func(s server) bool { return s.Protocol == settings.SMTP }},
	} {
		switch {
		case slices.ContainsFunc(d.servers, way.is):
			continue
		case slices.ContainsFunc(before, way.is):
			return fmt.Errorf("no mail program could make an account of what %s can say: no server would be left that %s; %s", d.format, way.does, d.notes[len(d.notes)-1])
		default:
			d.note("%s has no server that %s: no mail program makes an account of it", d.format, way.does)
		}
	}
	return nil
}

// domain returns the first domain.
func (d *draft) domain() (string, error) {
	if len(d.Domains) == 0 {
		return "", fmt.Errorf("%s names the domain of the addresses, which is not known here; add --domain, such as --domain example.com", d.format)
	}
	return d.Domains[0], nil
}

// Names may have 60 characters and short ones 20 (draft-ietf-mailmaint-autoconfig
// -06, "displayName and displayShortName").
const longest, longestShort = 60, 20

// title is the name of the provider on one line.
func (d *draft) title() string {
	name := strings.Join(strings.Fields(d.Name), " ")
	if name == "" && len(d.Domains) > 0 {
		name = d.Domains[0]
	}
	if name == "" && len(d.servers) > 0 {
		name = d.servers[0].Host
	}
	return clipped(name, longest)
}

// shortTitle is the title without what is explained in brackets behind it.
func (d *draft) shortTitle() string {
	name, _, _ := strings.Cut(d.title(), " (")
	return clipped(name, longestShort)
}

// clipped cuts a text where a word ends, so that it has n characters at most.
func clipped(text string, n int) string {
	runes := []rune(text)
	if len(runes) <= n {
		return text
	}
	cut := string(runes[:n])
	if i := strings.LastIndexByte(cut, ' '); i > 0 && runes[n] != ' ' {
		cut = cut[:i]
	}
	return strings.TrimSpace(cut)
}
