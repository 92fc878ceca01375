package report

import (
	"fmt"
	"strings"
	"time"

	"mailprobe/internal/document"
	"mailprobe/internal/finding"
	"mailprobe/internal/safe"
	"mailprobe/internal/settings"
)

// phases are all phases in their order, with what each does in plain words.
var phases = []struct{ name, plain string }{
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
func phaseWords(name string) string {
	for _, p := range phases {
		if p.name == name {
			return p.plain
		}
	}
	return name
}

// whoActs says for each blame who must act and who sees the fault.
var whoActs = map[finding.Blame]string{
	finding.Provider:     "The provider. Others who use this server are likely to see it, too.",
	finding.Catalogue:    "Whoever publishes these settings. Others who follow them are likely to see it, too.",
	finding.Account:      "You, or whoever manages this account. Others may not be concerned.",
	finding.LocalNetwork: "Whoever runs the network that this computer is on. Elsewhere it may work.",
	finding.LocalMachine: "You, or the administrator of this computer. On other computers it may work.",
	finding.Unknown:      "From here it does not show whose fault it is; the steps below tell more.",
	finding.Tool:         "This is about mailprobe itself. It does not mean that your settings are wrong.",
}

func whoMustAct(f document.Finding) string {
	if f.Phase == "resolve" && finding.Blame(f.Blame) == finding.Provider {
		return "Whoever runs the DNS of this domain. Others who look it up are likely to see it, too."
	}
	if f.ByAdministrator() {
		return "The administrator of this account; you cannot do it yourself."
	}
	return whoActs[finding.Blame(f.Blame)]
}

// What a server is called: its protocol, its address, its security.

func protocol(s document.Server) string { return safe.Display(s.Endpoint().Protocol.Name()) }

func address(s document.Server) string { return safe.Display(s.Endpoint().Address()) }

func security(s document.Server) string { return s.Endpoint().Security.Name() }

// asURL returns how mailprobe is told to verify a server.
func asURL(s document.Server) string { return safe.Display(s.Endpoint().String()) }

// asTyped returns what is typed into a mail program for a server.
func asTyped(s document.Server) string {
	return fmt.Sprintf("server %s, port %d, security %s", s.Host, s.Port, security(s))
}

// title names a server in a heading.
func title(s document.Server) string {
	how := security(s)
	if settings.Security(s.Security) == settings.Plain {
		how = "without encryption"
	}
	return protocol(s) + " " + address(s) + " " + how
}

// seconds shows a time as people read it: "0.4 s".
func seconds(m document.Millis) string {
	if m > 0 && m < 100 {
		return fmt.Sprintf("%.2f s", m.Seconds())
	}
	return fmt.Sprintf("%.1f s", m.Seconds())
}

// validity says how long a certificate was still good at a time.
func validity(c document.ShortCertificate, at time.Time) string {
	switch {
	case c.NotAfter.Before(at):
		return "expired"
	case at.Before(c.NotBefore):
		return "not yet"
	case c.DaysLeft == 0:
		return "today"
	default:
		return "in " + count(c.DaysLeft, "day")
	}
}

// remaining is the validity of a certificate as half a sentence.
func remaining(c document.ShortCertificate, at time.Time) string {
	switch v := validity(c, at); v {
	case "expired":
		return v
	case "not yet":
		return "not good yet"
	default:
		return "ends " + v
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
func peerLines(said string) []string {
	lines := safe.Lines(said, maxEvidence)
	if n := len(lines) - maxLines; n > 0 {
		lines = append(lines[:maxLines:maxLines], "… and "+count(n, "line")+" more")
	}
	return lines
}

// Bounds on text from a peer.
const (
	maxEvidence = 600 // columns of a line
	maxLines    = 8
)
