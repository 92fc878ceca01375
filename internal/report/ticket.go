package report

import (
	"fmt"
	"slices"
	"strings"

	"mailprobe/internal/document"
	"mailprobe/internal/finding"
	"mailprobe/internal/settings"
)

// A ticketPart is what one party is asked to do about one fault.
type ticketPart struct {
	Actor string   // who can take the steps
	About []string // the servers concerned; empty: there is but one fault
	Steps []string // in their order, at least one
}

// ticketSteps lists what is to be done, each step once: what the user of the
// account can do first, what others must do behind it.
func ticketSteps(d *document.Document) []ticketPart {
	var parts []ticketPart
	seen := map[string]bool{}
	add := func(f document.Finding, about []string) {
		for _, step := range f.Do() {
			actor := actorOf(step)
			if seen[actor+step] {
				continue
			}
			seen[actor+step] = true
			at := slices.IndexFunc(parts, func(p ticketPart) bool { return p.Actor == actor && slices.Equal(p.About, about) })
			if at < 0 {
				at, parts = len(parts), append(parts, ticketPart{Actor: actor, About: about})
			}
			parts[at].Steps = append(parts[at].Steps, document.Text(step).String())
		}
	}
	for _, f := range d.Decisive() {
		add(f, nil)
	}
	for _, fault := range d.Faults {
		for _, f := range d.Endpoints[fault.Endpoints[0]].Decisive() {
			add(f, aboutFault(d, fault))
		}
	}
	slices.SortStableFunc(parts, func(a, b ticketPart) int { return actorRank(a.Actor) - actorRank(b.Actor) })
	return parts
}

// aboutFault names the servers of a fault, where there is more than one fault.
func aboutFault(d *document.Document, fault document.Fault) []string {
	if len(d.Faults) < 2 {
		return nil
	}
	return document.Each(fault.Endpoints, func(i int) string { return title(d.Endpoints[i].Server) })
}

// The parties, in the order in which a help desk asks them.
var actors = []string{"For the user", "For the administrator", "For whoever runs the server or publishes the settings"}

func actorRank(actor string) int { return slices.Index(actors, actor) }

// actorOf says who can take a step. Advice is written to the user, who is told
// whom to ask, unless it says otherwise.
func actorOf(step string) string {
	switch {
	case finding.ForAdministrator(step):
		return actors[1]
	case finding.ForOperator(step):
		return actors[2]
	}
	return actors[0]
}

// A ticketSetting is one server as it is typed into a mail program.
type ticketSetting struct {
	For, Server, Port, Security, User, Verdict string
}

// ticketSettings lists what to type: the settings that were verified, or what
// works in their place.
func ticketSettings(d *document.Document) []ticketSetting {
	var all []ticketSetting
	for i := range d.Endpoints {
		e := &d.Endpoints[i]
		if e.Verdict != document.Fails || len(e.Instead) == 0 {
			all = append(all, ticketSettingOf(e.Server, e.Auth.Username, verdictWord(e.Verdict)))
		}
		for _, alt := range e.Instead {
			all = append(all, ticketSettingOf(alt.Server, e.Auth.Username, "answers here, in place of "+address(e.Server)+"; not signed in"))
		}
	}
	return all
}

func ticketSettingOf(s document.Server, user document.Maybe, verdict string) ticketSetting {
	use := "Incoming mail (" + protocol(s) + ")"
	if settings.Protocol(s.Protocol) == settings.SMTP {
		use = "Outgoing mail (SMTP)"
	}
	return ticketSetting{use, s.Host.String(), fmt.Sprint(s.Port), typedSecurity(s), user.Clip(120), verdict}
}

// typedSecurity says security in the words of mail programs.
func typedSecurity(s document.Server) string {
	switch settings.Security(s.Security) {
	case settings.TLS:
		return "SSL/TLS"
	case settings.Plain:
		return "none"
	}
	return security(s)
}

// ticketFacts say what was tested, where, when and by what.
func ticketFacts(d *document.Document, from string) []htmlPart {
	facts := []htmlPart{
		{Label: "Asked for", Lines: []string{d.Target.String()}},
		{Label: "Tested from", Lines: []string{document.Text(from).String()}},
		{Label: "Took", Lines: []string{seconds(d.Took)}},
		{Label: "Settings of", Lines: settingsOf(d)},
		{Label: "Version", Lines: []string{"mailprobe " + d.Mailprobe.String()}},
	}
	return slices.DeleteFunc(facts, func(p htmlPart) bool { return strings.Join(p.Lines, "") == "" })
}

// settingsOf lists where the settings are from, each page once.
func settingsOf(d *document.Document) []string {
	var all []string
	for _, e := range d.Endpoints {
		said := e.Source.String()
		if s := e.DocumentedIn; s != nil {
			said = strings.TrimSpace(s.Publisher.String()+" "+s.URL.String()) + readOn(s.Read)
		}
		if !slices.Contains(all, said) {
			all = append(all, said)
		}
	}
	return all
}

func readOn(day document.Text) string {
	if day == "" {
		return ""
	}
	return ", read " + day.String()
}
