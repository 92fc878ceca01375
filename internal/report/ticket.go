package report

import (
	"fmt"
	"slices"
	"strings"

	"mailprobe/internal/document"
	"mailprobe/internal/finding"
	"mailprobe/internal/language"
	"mailprobe/internal/settings"
)

// A ticketPart is what one party is asked to do about one fault.
type ticketPart struct {
	rank  int      // of who can take the steps
	Actor string   // the same in words
	About []string // the servers concerned; empty: there is but one fault
	Steps []string // in their order, at least one
}

// ticketSteps lists what is to be done, each step once: what the user of the
// account can do first, what others must do behind it.
func ticketSteps(l *language.Language, d *document.Document) []ticketPart {
	var parts []ticketPart
	seen := map[string]bool{}
	add := func(f document.Finding, about []string) {
		for _, step := range f.Do() {
			rank := actorRank(step)
			if seen[step] {
				continue
			}
			seen[step] = true
			at := slices.IndexFunc(parts, func(p ticketPart) bool { return p.rank == rank && slices.Equal(p.About, about) })
			if at < 0 {
				at, parts = len(parts), append(parts, ticketPart{rank: rank, Actor: l.Say(actors[rank]), About: about})
			}
			parts[at].Steps = append(parts[at].Steps, phrase(l, document.Text(step)))
		}
	}
	for _, f := range d.Decisive() {
		add(f, nil)
	}
	for _, fault := range d.Faults {
		for _, f := range d.Endpoints[fault.Endpoints[0]].Decisive() {
			add(f, aboutFault(l, d, fault))
		}
	}
	slices.SortStableFunc(parts, func(a, b ticketPart) int { return a.rank - b.rank })
	return parts
}

// aboutFault names the servers of a fault, where there is more than one fault.
func aboutFault(l *language.Language, d *document.Document, fault document.Fault) []string {
	if len(d.Faults) < 2 {
		return nil
	}
	return document.Each(fault.Endpoints, func(i int) string { return title(l, d.Endpoints[i].Server) })
}

// The parties, in the order in which a help desk asks them.
var actors = []language.Template{"For the user", "For the administrator", "For whoever runs the server or publishes the settings"}

// actorRank says who can take a step. Advice is written to the user, who is told
// whom to ask, unless it says otherwise.
func actorRank(step string) int {
	switch {
	case finding.ForAdministrator(step):
		return 1
	case finding.ForOperator(step):
		return 2
	}
	return 0
}

// A ticketSetting is one server as it is typed into a mail program.
type ticketSetting struct {
	For, Server, Port, Security, User, Verdict string
}

// ticketSettings lists what to type: the settings that were verified, or what
// works in their place.
func ticketSettings(l *language.Language, d *document.Document) []ticketSetting {
	var all []ticketSetting
	for i := range d.Endpoints {
		e := &d.Endpoints[i]
		if e.Verdict != document.Fails || len(e.Instead) == 0 {
			all = append(all, ticketSettingOf(l, e.Server, e.Auth.Username, verdictWord(l, e.Verdict)))
		}
		for _, alt := range e.Instead {
			all = append(all, ticketSettingOf(l, alt.Server, e.Auth.Username, l.Say("answers here, in place of {server}; not signed in", "server", address(e.Server))))
		}
	}
	return all
}

func ticketSettingOf(l *language.Language, s document.Server, user document.Maybe, verdict string) ticketSetting {
	use := l.Say("Incoming mail ({protocol})", "protocol", protocol(s))
	if settings.Protocol(s.Protocol) == settings.SMTP {
		use = l.Say("Outgoing mail (SMTP)")
	}
	return ticketSetting{use, s.Host.String(), fmt.Sprint(s.Port), security(l, s), user.Clip(120), verdict}
}

// ticketFacts say what was tested, where, when and by what.
func ticketFacts(l *language.Language, d *document.Document, from string) []htmlPart {
	facts := []htmlPart{
		{Label: l.Say("Asked for"), Lines: []string{d.Target.String()}},
		{Label: l.Say("Tested from"), Lines: []string{document.Text(from).String()}},
		{Label: l.Say("Took"), Lines: []string{seconds(l, d.Took)}},
		{Label: l.Say("Settings of"), Lines: settingsOf(l, d)},
		{Label: l.Say("Version"), Lines: []string{"mailprobe " + d.Mailprobe.String()}},
	}
	return slices.DeleteFunc(facts, func(p htmlPart) bool { return strings.Join(p.Lines, "") == "" })
}

// settingsOf lists where the settings are from, each page once.
func settingsOf(l *language.Language, d *document.Document) []string {
	var all []string
	for _, e := range d.Endpoints {
		said := e.Source.String()
		if s := e.DocumentedIn; s != nil {
			said = strings.TrimSpace(s.Publisher.String()+" "+s.URL.String()) + readOn(l, s.Read)
		}
		if !slices.Contains(all, said) {
			all = append(all, said)
		}
	}
	return all
}

func readOn(l *language.Language, day document.Text) string {
	if day == "" {
		return ""
	}
	return ", " + l.Say("read {day}", "day", day)
}
