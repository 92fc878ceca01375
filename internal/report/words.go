package report

import (
	"fmt"
	"strings"
	"time"

	"mailprobe/internal/document"
	"mailprobe/internal/finding"
	"mailprobe/internal/language"
	"mailprobe/internal/safe"
	"mailprobe/internal/settings"
)

// phases are all phases in their order, with what each does in plain words.
var phases = []struct {
	name  string
	plain language.Template
}{
	{"resolve", "look up the address"},
	{"connect", "connect"},
	{"tls", "start encryption"},
	{"greeting", "wait for the greeting"},
	{"starttls", "switch to encryption"},
	{"capabilities", "ask what it offers"},
	{"auth", "sign in"},
	{"access", "use the account"},
	{"quit", "say goodbye"},
}

// phaseWords says in plain words what a phase does.
func phaseWords(l *language.Language, name string) string {
	for _, p := range phases {
		if p.name == name {
			return l.Say(p.plain)
		}
	}
	return name
}

// whoActs says for each blame who must act and who sees the fault.
var whoActs = map[finding.Blame]language.Template{
	finding.Provider:     "The provider. Others who use this server are likely to see it, too.",
	finding.Catalogue:    "Whoever publishes these settings. Others who follow them are likely to see it, too.",
	finding.Account:      "You, or whoever manages this account. Others may not be concerned.",
	finding.LocalNetwork: "Whoever runs the network that this computer is on. Elsewhere it may work.",
	finding.LocalMachine: "You, or the administrator of this computer. On other computers it may work.",
	finding.Unknown:      "From here it does not show whose fault it is; the steps below tell more.",
	finding.Tool:         "This is about mailprobe itself. It does not mean that your settings are wrong.",
}

func whoMustAct(l *language.Language, f document.Finding) string {
	if f.Phase == "resolve" && finding.Blame(f.Blame) == finding.Provider {
		return l.Say("Whoever runs the DNS of this domain. Others who look it up are likely to see it, too.")
	}
	if f.ByAdministrator() {
		return l.Say("The administrator of this account; you cannot do it yourself.")
	}
	return l.Say(whoActs[finding.Blame(f.Blame)])
}

// phrase is what this program says in a field of a document.
func phrase(l *language.Language, t document.Text) string { return safe.Display(l.Told(string(t))) }

// clipped is the same of a reason, which may quote somebody else.
func clipped[T ~string](l *language.Language, t T) string {
	return safe.Clip(l.Told(string(t)), maxEvidence)
}

// What a server is called: its protocol, its address, its security.

func protocol(s document.Server) string { return safe.Display(s.Endpoint().Protocol.Name()) }

func address(s document.Server) string { return safe.Display(s.Endpoint().Address()) }

func security(l *language.Language, s document.Server) string {
	if settings.Security(s.Security) == settings.Plain {
		return l.Say("none")
	}
	return s.Endpoint().Security.Name()
}

// verdictWord says a verdict in a word.
func verdictWord(l *language.Language, v document.Text) string {
	return l.Say(verdictWords{"works", "fails", "unknown"}.of(v))
}

// severityWord says how much a finding weighs.
func severityWord(l *language.Language, s document.Text) string {
	switch finding.Severity(s) {
	case finding.Error:
		return l.Say("error")
	case finding.Warning:
		return l.Say("warning")
	case finding.Info:
		return l.Say("info")
	}
	return s.String()
}

// asURL returns how mailprobe is told to verify a server.
func asURL(s document.Server) string { return safe.Display(s.Endpoint().String()) }

// asTyped returns what is typed into a mail program for a server.
func asTyped(l *language.Language, s document.Server) string {
	return l.Say("server {host}, port {port}, security {security}", "host", s.Host, "port", s.Port, "security", security(l, s))
}

// title names a server in a heading.
func title(l *language.Language, s document.Server) string {
	how := security(l, s)
	if settings.Security(s.Security) == settings.Plain {
		how = l.Say("without encryption")
	}
	return protocol(s) + " " + address(s) + " " + how
}

// seconds shows a time as people read it: "0.4 s".
func seconds(l *language.Language, m document.Millis) string {
	if m > 0 && m < 100 {
		return decimal(l, m.Seconds(), 2) + " s"
	}
	return decimal(l, m.Seconds(), 1) + " s"
}

// decimal shows a number with some places behind the point.
func decimal(l *language.Language, x float64, places int) string {
	whole, fraction, _ := strings.Cut(fmt.Sprintf("%.*f", places, x), ".")
	return l.Say("{whole}.{fraction}", "whole", whole, "fraction", fraction)
}

// instant is a time in words, in UTC.
func instant(l *language.Language, t time.Time) string {
	t = t.UTC()
	return l.Say("{day} {month} {year}, {time} UTC", "day", t.Day(), "month", l.Say(months[t.Month()-1]), "year", t.Year(), "time", t.Format(time.TimeOnly))
}

var months = []language.Template{"January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"}

// validity says how long a certificate was still good at a time.
func validity(l *language.Language, c document.ShortCertificate, at time.Time) string {
	switch {
	case c.NotAfter.Before(at):
		return l.Say("expired")
	case at.Before(c.NotBefore):
		return l.Say("not yet")
	case c.DaysLeft == 0:
		return l.Say("today")
	default:
		return l.Count(c.DaysLeft, "in {n} day", "in {n} days")
	}
}

// remaining is the validity of a certificate as half a sentence.
func remaining(l *language.Language, c document.ShortCertificate, at time.Time) string {
	switch v := validity(l, c, at); {
	case c.NotAfter.Before(at):
		return v
	case at.Before(c.NotBefore):
		return l.Say("not good yet")
	default:
		return l.Say("ends {when}", "when", v)
	}
}

// count says how many there are of a thing: "1 day", "2 days".
func count(n int, thing string) string {
	if n != 1 {
		thing += "s"
	}
	return fmt.Sprintf("%d %s", n, thing)
}

// blanks joins texts with blanks, as received.
func blanks(texts []document.Text) string {
	words := make([]string, len(texts))
	for i, t := range texts {
		words[i] = string(t)
	}
	return strings.Join(words, " ")
}

// list joins texts with blanks, in at most n columns.
func list(texts []document.Text, n int) string { return safe.Clip(blanks(texts), n) }

// peerLines returns the first lines of what a peer said.
func peerLines(l *language.Language, said string) []string {
	lines := safe.Lines(said, maxEvidence)
	if n := len(lines) - maxLines; n > 0 {
		lines = append(lines[:maxLines:maxLines], l.Count(n, "… and {n} line more", "… and {n} lines more"))
	}
	return lines
}

// Bounds on text from a peer.
const (
	maxEvidence = 600 // columns of a line
	maxLines    = 8
)
