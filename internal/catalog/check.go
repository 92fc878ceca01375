package catalog

import (
	"fmt"
	"maps"
	"net/netip"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"mailprobe/internal/settings"
	"mailprobe/internal/yamlfile"
)

// A checker collects what is wrong with a document.
type checker struct {
	doc      *document
	cited    map[string]bool // keys of sources that prove something
	problems []yamlfile.Problem
}

// check returns everything that is wrong with the document, nil if nothing is.
func (d *document) check() []yamlfile.Problem {
	c := checker{doc: d, cited: make(map[string]bool)}
	c.names()
	c.endpoints()
	c.notOffered()
	c.oauth()
	c.region()
	c.bridge()
	c.enable()
	c.advice()
	for i, key := range d.Help {
		c.known(key, "help", i)
	}
	for i, n := range d.Notes {
		c.present(n.Text, "notes", i, "text")
		c.cite(n.Source, "notes", i, "source")
	}
	c.sources()
	return c.problems
}

func (c *checker) wrong(text string, path ...any) {
	c.problems = append(c.problems, yamlfile.Problem{Path: path, Text: text})
}

// present wants a value: one line without space around it.
func (c *checker) present(text string, path ...any) {
	switch {
	case text == "":
		c.wrong(fmt.Sprintf("%s is missing", path[len(path)-1]), path...)
	case text != strings.TrimSpace(text) || strings.ContainsFunc(text, isControl):
		c.wrong(fmt.Sprintf("%q has a line break or space around it", text), path...)
	}
}

func isControl(r rune) bool { return r < ' ' || r == 0x7f }

// oneOf wants one of a few words.
func (c *checker) oneOf(text string, words []string, path ...any) {
	if text == "" {
		c.present(text, path...)
	} else if !slices.Contains(words, text) {
		c.wrong(fmt.Sprintf("%s %q is not one of %s", key(path), text, strings.Join(words, ", ")), path...)
	}
}

// key returns the last key of a path, which may end in the index of a list.
func key(path []any) string {
	name, ok := path[len(path)-1].(string)
	if !ok {
		name, _ = path[len(path)-2].(string)
	}
	return name
}

// cite wants the key of a source of this file.
func (c *checker) cite(key string, path ...any) {
	c.cited[key] = true
	if key == "" {
		c.present(key, path...)
	} else {
		c.known(key, path...)
	}
}

// known wants the key of a source of this file, which may be a page that only
// helps people.
func (c *checker) known(key string, path ...any) {
	if _, ok := c.doc.Sources[key]; !ok {
		c.wrong(fmt.Sprintf("source %q is not among the sources of this file", key), path...)
	}
}

// host wants a DNS name in the form that is dialled.
func (c *checker) host(text string, path ...any) {
	if text == "" {
		c.present(text, path...)
		return
	}
	host, err := settings.Host(text)
	if _, notName := netip.ParseAddr(text); err != nil || host != text || notName == nil || !strings.Contains(text, ".") {
		c.wrong(fmt.Sprintf("%q is not a host name in lower case", text), path...)
	}
}

// server wants a name to dial. A program on the user's own computer has none.
func (c *checker) server(text string, path ...any) {
	if c.doc.Bridge == nil || text != loopback {
		c.host(text, path...)
	}
}

// loopback is where a bridge listens.
const loopback = "127.0.0.1"

// domain wants a mail domain, "*." before one for all names below it, or one
// label with ".*" behind it for that name in any country.
func (c *checker) domain(text string, path ...any) {
	if label, ok := strings.CutSuffix(text, ".*"); ok && wordForm.MatchString(label) {
		return
	}
	c.host(strings.TrimPrefix(text, "*."), path...)
}

// link wants an https URL.
func (c *checker) link(text string, path ...any) {
	if text == "" {
		c.present(text, path...)
		return
	}
	u, err := url.Parse(text)
	if err != nil || u.Scheme != "https" || u.Host == "" || u.User != nil {
		c.wrong(fmt.Sprintf("%q is not an https URL", text), path...)
	}
}

// date wants a day, YYYY-MM-DD; with months also YYYY-MM. Empty is allowed.
func (c *checker) date(text string, months bool, path ...any) {
	_, err := time.Parse(time.DateOnly, text)
	if err != nil && months {
		_, err = time.Parse("2006-01", text)
	}
	if text != "" && err != nil {
		c.wrong(fmt.Sprintf("%s %q is not a date", path[len(path)-1], text), path...)
	}
}

var wordForm = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)

func (c *checker) names() {
	d := c.doc
	c.present(d.Name, "name")
	if !wordForm.MatchString(d.ID) {
		c.wrong(fmt.Sprintf("id %q is not a lower-case word", d.ID), "id")
	}
	for i, alias := range d.Aliases {
		if !wordForm.MatchString(alias) {
			c.wrong(fmt.Sprintf("alias %q is not a lower-case word", alias), "aliases", i)
		}
	}
	for i, domain := range d.Domains {
		c.domain(domain, "domains", i)
	}
	for i, domain := range d.NotDomains {
		c.host(domain, "not_domains", i)
	}
	for i, suffix := range d.MX {
		if !strings.HasPrefix(suffix, ".") {
			c.wrong(fmt.Sprintf("MX suffix %q does not begin with a dot", suffix), "mx", i)
		}
		c.host(strings.TrimPrefix(suffix, "."), "mx", i)
	}
	for i, mark := range d.Greetings {
		if len(mark) < 8 {
			c.wrong(fmt.Sprintf("greeting %q is too short to tell a provider", mark), "greetings", i)
		}
	}
}

// sources comes last: every source must have been cited by then.
func (c *checker) sources() {
	for _, key := range slices.Sorted(maps.Keys(c.doc.Sources)) {
		s := c.doc.Sources[key]
		c.oneOf(s.Kind, words(settings.Official, settings.Database, settings.Report), "sources", key, "kind")
		c.present(s.Title, "sources", key, "title")
		c.present(s.Publisher, "sources", key, "publisher")
		c.link(s.URL, "sources", key, "url")
		c.date(s.Read, true, "sources", key, "read")
		switch {
		case c.cited[key]:
			c.present(s.Read, "sources", key, "read")
		case !slices.Contains(c.doc.Help, key):
			c.wrong(fmt.Sprintf("source %q is cited by nothing", key), "sources", key)
		}
	}
}
