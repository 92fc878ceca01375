package compare

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"mailprobe/internal/clients"
	"mailprobe/internal/discover"
	"mailprobe/internal/finding"
	"mailprobe/internal/probe"
	"mailprobe/internal/published"
	"mailprobe/internal/settings"
	"mailprobe/internal/verify"
)

// A given is what a source gives out: servers as URLs, with a user name behind
// them, or a document.
type given struct {
	source  discover.Source
	servers []string
	text    string // of a document; its ending is that of its name
	name    string
	status  discover.Status
}

func says(source discover.Source, servers ...string) given {
	return given{source: source, servers: servers}
}

func document(source discover.Source, name, text string) given {
	return given{source: source, name: name, text: text}
}

func endpoint(t *testing.T, url string) settings.Endpoint {
	t.Helper()
	e, err := settings.ParseURL(url)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func (g given) as(t *testing.T) clients.Given {
	t.Helper()
	c := clients.Given{Source: g.source, Status: discover.Found}
	if g.text != "" {
		d := published.Read(g.name, []byte(g.text))
		c.Document, c.Offers = &d, d.Offers
	}
	for _, s := range g.servers {
		url, user, _ := strings.Cut(s, " ")
		e := endpoint(t, url)
		c.Offers = append(c.Offers, published.Offer{Protocol: e.Protocol, Host: e.Host, Port: e.Port, Security: e.Security, Username: settings.Template(user), Weight: 1})
	}
	if g.status != "" {
		c.Status = g.status
	} else if len(c.Offers) == 0 {
		c.Status = discover.None
	}
	return c
}

// domain is what a domain publishes, at usual places.
func domain(t *testing.T, name string, list ...given) *Subject {
	t.Helper()
	s := &Subject{Target: name, Domain: name, Where: map[discover.Source]string{}, Faults: map[discover.Source][]published.Finding{}}
	for _, g := range list {
		s.Given = append(s.Given, g.as(t))
		if d := s.Given[len(s.Given)-1].Document; d != nil {
			s.Faults[g.source] = d.Findings
		}
		s.Where[g.source] = "https://" + string(g.source) + "." + name + "/settings"
	}
	return s
}

// what became of servers: "imaps://a works", "imaps://b fails net.refused",
// "imaps://c fails mode.x > imap://c" with what was found in its place.
func report(t *testing.T, lines ...string) *verify.Report {
	t.Helper()
	r := new(verify.Report)
	for _, line := range lines {
		line, instead, _ := strings.Cut(line, " > ")
		f := strings.Fields(line)
		x := verify.Endpoint{Setting: settings.Setting{Endpoint: endpoint(t, f[0])}, Verdict: verify.Verdict(f[1]), Result: &probe.Result{Mechanisms: []string{"PLAIN"}}}
		if len(f) > 2 {
			page, _ := finding.PageOf(f[2])
			x.Findings = []finding.Finding{{Code: f[2], Severity: finding.Error, Blame: page.Blame, Message: finding.Sentence(x.Host + " is broken."), Remedy: "Mend it."}}
		}
		if instead != "" {
			x.Instead = []verify.Instead{{Endpoint: endpoint(t, instead)}}
		}
		r.Endpoints = append(r.Endpoints, x)
	}
	return r
}

// told writes changes down, a line each.
func told(list []Change) string {
	var all []string
	for _, c := range list {
		line := fmt.Sprintf("%s %s", c.Who, c.At)
		if c.Now != "" || c.Write != "" {
			line += fmt.Sprintf(": %s -> %s", c.Now, c.Write)
		} else {
			line += ": " + c.Why
		}
		all = append(all, line)
	}
	return strings.Join(all, "\n")
}

func codes(list []finding.Finding) []string {
	var all []string
	for _, f := range list {
		all = append(all, f.Code)
	}
	slices.Sort(all)
	return all
}
