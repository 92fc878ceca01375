package compare

import (
	"fmt"
	"slices"
	"strings"

	"mailprobe/internal/discover"
	"mailprobe/internal/published"
	"mailprobe/internal/settings"
)

// written returns a server as a source writes it and as it should, as far as the
// two differ.
func (w *work) written(s Server, to right) (now, write string) {
	var before, after []string
	for _, part := range notations[w.format(s.Source)] {
		if one, other := part(s.At), part(to.Endpoint); one != other {
			before, after = append(before, w.asIs(s, one)), append(after, w.asMuch(s, other))
		}
	}
	format := w.format(s.Source)
	if user := userNotations[format]; user != "" && s.Offer.Named == "" && to.Username != "" && s.Offer.Username != "" && to.Username != s.Offer.Username && to.Host != s.At.Host {
		before, after = append(before, fmt.Sprintf(user, s.Offer.Username)), append(after, fmt.Sprintf(user, to.Username))
	}
	between := ""
	if format == published.ProviderDB || format == published.Catalogue {
		between = ", "
	}
	return strings.Join(slices.DeleteFunc(before, func(x string) bool { return x == "" }), between), strings.Join(after, between)
}

// asIs returns a part as the document has it: a host with its placeholders, and
// of Autodiscover the words that are there.
func (w *work) asIs(s Server, part string) string {
	part = strings.Replace(part, ">"+s.At.Host+"<", ">"+s.Offer.Host+"<", 1)
	if w.format(s.Source) != published.Autodiscover || !strings.HasPrefix(part, "<SSL>") {
		return part
	}
	var words []string
	for _, name := range []string{"SSL", "Encryption"} {
		for _, value := range w.section(s).Values(name) {
			words = append(words, fmt.Sprintf("<%s>%s</%s>", name, value, name))
		}
	}
	return strings.Join(words, "")
}

// asMuch returns of what Autodiscover is to say the word that the document has,
// where that is enough.
func (w *work) asMuch(s Server, part string) string {
	written := w.section(s)
	if i := strings.Index(part, "<Encryption>"); i > 0 && len(written.Values("SSL")) == 0 && len(written.Values("Encryption")) > 0 {
		return part[i:]
	}
	return part
}

// section returns a server as it stands in its document; zero: it does not.
func (w *work) section(s Server) published.Section {
	if d := w.document(s.Source); d != nil && s.Offer.Line > 0 {
		if i := slices.IndexFunc(d.Sections, func(x published.Section) bool { return x.Line == s.Offer.Line && x.Host == s.Offer.Host }); i >= 0 {
			return d.Sections[i]
		}
	}
	return published.Section{}
}

// now returns a server as its source writes it.
func (w *work) now(s Server) string {
	var parts []string
	for _, part := range notations[w.format(s.Source)] {
		parts = append(parts, w.asIs(s, part(s.At)))
	}
	return strings.Join(parts, "")
}

// records says which records have to be written: one of another service takes
// the place of one that is not there any more.
func (w *work) records(c Change, s Server, to right) {
	domain := w.Domain
	if d := w.document(s.Source); domain == "" && d != nil && len(d.Domains) > 0 {
		domain = d.Domains[0]
	}
	was, is := discover.SRVName(s.At.Protocol, s.At.Security, domain), discover.SRVName(to.Protocol, to.Security, domain)
	c.Where, c.Now = was, record(s.At, domain, s.Offer)
	if w.Domain == "" {
		c.Where = w.Where[s.Source]
	}
	if was == is && !to.Listed {
		c.Write = record(to.Endpoint, domain, s.Offer)
		w.add(c)
		return
	}
	if another := slices.ContainsFunc(w.Servers, func(x Server) bool {
		return x.Source == s.Source && x.At != s.At && x.At.Protocol == s.At.Protocol && x.At.Security == s.At.Security
	}); !another {
		c.Write = was + ". IN SRV 0 0 0 ."
	} else {
		c.Why += " Take the first out."
	}
	w.add(c)
	if !to.Listed {
		c.Now, c.Write = "", record(to.Endpoint, domain, s.Offer)
		if w.Domain != "" {
			c.Where = is
		}
		w.add(c)
	}
}

// record is a server in the syntax of a zone file (RFC 1035 §5), with the
// priority and weight of an offer; empty: there is no name for it.
func record(e settings.Endpoint, domain string, as published.Offer) string {
	name := discover.SRVName(e.Protocol, e.Security, domain)
	if name == "" {
		return ""
	}
	return fmt.Sprintf("%s. IN SRV %d %d %d %s.", name, as.Priority, as.Weight, e.Port, e.Host)
}

// document returns what a source gave out; nil: nothing.
func (w *work) document(source discover.Source) *published.Document {
	for _, g := range w.Given {
		if g.Source == source {
			return g.Document
		}
	}
	return nil
}

// format returns the format in which a source is written; empty: not known.
func (w *work) format(source discover.Source) published.Format {
	if source == discover.SRV {
		return published.Zone
	}
	if d := w.document(source); d != nil {
		return d.Format
	}
	return ""
}
