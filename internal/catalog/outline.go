package catalog

import (
	"bytes"
	"strconv"
	"strings"

	"mailprobe/internal/settings"
)

// An outliner reads the outline of a provider's file line by line. It knows no
// more of YAML than the files need, and so it takes a fraction of the time: a
// list reads all files. Check holds each outline against its file.
type outliner struct {
	p       settings.Provider
	offered []settings.Setting
	key     string // the key at the margin that the line stands below
	depth   int    // how far its items are indented; less than zero: no item yet
	skipped bool   // nothing below the key is wanted
	open    string // a list in brackets that has not ended yet; empty: none
}

// outline returns what is needed to find a provider and to list it: names,
// marks and endpoints, without sources, ways to sign in, advice and notes.
func outline(data []byte) *settings.Provider {
	var o outliner
	for line := range bytes.SplitSeq(data, []byte("\n")) {
		if !o.skipped || len(line) > 0 && line[0] != ' ' {
			o.line(string(line))
		}
	}
	if len(o.offered) > 0 {
		o.p.Offers = []settings.Offer{{Origin: settings.FromCatalogue, Endpoints: o.offered}}
	}
	return &o.p
}

// outlineOf leaves out what an outline does not have.
func outlineOf(p *settings.Provider) *settings.Provider {
	o := &settings.Provider{
		ID: p.ID, Name: p.Name, Compare: p.Compare, Aliases: p.Aliases, Domains: p.Domains, NotDomains: p.NotDomains, MX: p.MX, Greetings: p.Greetings,
	}
	for _, n := range p.NotOffered {
		o.NotOffered = append(o.NotOffered, settings.NotOffered{Protocol: n.Protocol})
	}
	for _, offer := range p.Offers {
		outlined := settings.Offer{Origin: offer.Origin}
		for _, e := range offer.Endpoints {
			outlined.Endpoints = append(outlined.Endpoints, settings.Setting{Endpoint: e.Endpoint, Role: e.Role})
		}
		o.Offers = append(o.Offers, outlined)
	}
	return o
}

func (o *outliner) line(line string) {
	text := strings.TrimLeft(line, " ")
	indent := len(line) - len(text)
	item, isItem := strings.CutPrefix(text, "- ")
	switch {
	case text == "" || text[0] == '#':
	case o.open != "":
		o.value(o.open + " " + text)
	case isItem && (o.depth < 0 || indent == o.depth):
		o.depth = indent
		o.item(item)
	case indent == 0:
		key, value, _ := strings.Cut(text, ":")
		o.key, o.depth = key, -1
		o.skipped = o.list() == nil && key != "endpoints" && key != "not_offered"
		o.value(strings.TrimSpace(value))
	case indent == o.depth+2:
		o.field(text)
	}
}

// value takes what stands beside a key at the margin.
func (o *outliner) value(text string) {
	list := o.list()
	switch {
	case o.key == "id":
		o.p.ID = scalar(text)
	case o.key == "name":
		o.p.Name = scalar(text)
	case o.key == "compare":
		o.p.Compare = scalar(text) == "true"
	case list != nil && strings.HasPrefix(text, "["):
		words, closed := within(text, "[", "]")
		if o.open = ""; !closed {
			o.open, _, _ = strings.Cut(text, " #")
		}
		for _, word := range words {
			*list = append(*list, scalar(word))
		}
	}
}

// list returns the list of words that the key stands for; nil: it is none.
func (o *outliner) list() *[]string {
	switch o.key {
	case "aliases":
		return &o.p.Aliases
	case "domains":
		return &o.p.Domains
	case "not_domains":
		return &o.p.NotDomains
	case "mx":
		return &o.p.MX
	case "greetings":
		return &o.p.Greetings
	}
	return nil
}

// item begins an item of the list that the key stands for.
func (o *outliner) item(text string) {
	switch list := o.list(); {
	case list != nil:
		*list = append(*list, scalar(text))
		return
	case o.key == "endpoints":
		o.offered = append(o.offered, settings.Setting{})
	case o.key == "not_offered":
		o.p.NotOffered = append(o.p.NotOffered, settings.NotOffered{})
	}
	fields, ok := within(text, "{", "}")
	if !ok {
		fields = []string{text}
	}
	for _, f := range fields {
		o.field(f)
	}
}

// field takes one "key: value" of the item that has begun.
func (o *outliner) field(text string) {
	key, value, _ := strings.Cut(strings.TrimSpace(text), ":")
	switch {
	case o.key == "endpoints" && len(o.offered) > 0:
		endpointField(&o.offered[len(o.offered)-1], key, value)
	case o.key == "not_offered" && key == "protocol" && len(o.p.NotOffered) > 0:
		o.p.NotOffered[len(o.p.NotOffered)-1].Protocol = settings.Protocol(scalar(value))
	}
}

func endpointField(e *settings.Setting, key, value string) {
	switch key {
	case "protocol":
		e.Protocol = settings.Protocol(scalar(value))
	case "host":
		e.Host = scalar(value)
	case "port":
		n, _ := strconv.ParseUint(scalar(value), 10, 16) // what is no port is zero, which no file may hold
		e.Port = uint16(n)
	case "security":
		e.Security = settings.Security(scalar(value))
	case "role":
		e.Role = settings.Role(scalar(value))
	}
}

// within returns the parts of a list or mapping in brackets on one line.
func within(text, opening, closing string) ([]string, bool) {
	text, _, _ = strings.Cut(text, " #")
	inner, opened := strings.CutPrefix(strings.TrimSpace(text), opening)
	inner, closed := strings.CutSuffix(inner, closing)
	inner = strings.TrimRight(inner, " ,")
	switch {
	case !opened || !closed:
		return nil, false
	case inner == "":
		return nil, true
	}
	return strings.Split(inner, ","), true
}

// scalar reads a plain or quoted value and leaves a comment behind it out.
func scalar(text string) string {
	text = strings.TrimSpace(text)
	switch {
	case strings.HasPrefix(text, `"`):
		word, _ := strconv.Unquote(text)
		return word
	case strings.HasPrefix(text, "'"):
		return strings.ReplaceAll(strings.Trim(text, "'"), "''", "'")
	}
	plain, _, _ := strings.Cut(text, " #")
	return strings.TrimSpace(plain)
}
