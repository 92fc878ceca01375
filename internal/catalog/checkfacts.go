package catalog

import (
	"fmt"
	"regexp"
	"slices"

	"mailprobe/internal/settings"
)

func protocols() []string { return words(settings.Protocols()...) }

// words returns constants of any kind of word as plain strings.
func words[T ~string](list ...T) []string {
	var plain []string
	for _, w := range list {
		plain = append(plain, string(w))
	}
	return plain
}

func (c *checker) endpoints() {
	seen := make(map[settings.Endpoint]bool)
	documented := false
	for i, e := range c.doc.Endpoints {
		c.endpoint(e, i)
		key := c.doc.setting(e).Endpoint
		if seen[key] {
			c.wrong("this endpoint is listed twice", "endpoints", i)
		}
		seen[key] = true
		documented = documented || e.Role == string(settings.Documented)
	}
	if !documented && !c.offersNothing() {
		c.wrong("no endpoint has the role documented, and not_offered does not name every protocol", "endpoints")
	}
	if c.doc.SignIn != nil {
		c.signIn(c.doc.SignIn, "sign_in")
	}
}

// offersNothing reports whether the document says of every protocol that it is
// not offered.
func (c *checker) offersNothing() bool {
	for _, p := range protocols() {
		if !slices.ContainsFunc(c.doc.NotOffered, func(n notOffered) bool { return n.Protocol == p }) {
			return false
		}
	}
	return true
}

func (c *checker) endpoint(e endpoint, i int) {
	at := func(key string) []any { return []any{"endpoints", i, key} }
	c.oneOf(e.Protocol, protocols(), at("protocol")...)
	c.server(e.Host, at("host")...)
	if e.Port == 0 {
		c.wrong("port must be a number from 1 to 65535", at("port")...)
	}
	c.oneOf(e.Security, words(settings.TLS, settings.StartTLS, settings.Plain), at("security")...)
	c.oneOf(e.Role, words(settings.Documented, settings.Alternative, settings.Legacy, settings.Unsupported), at("role")...)
	username := e.Username
	if username == "" {
		username = c.doc.Username
	}
	c.username(username, at("username")...)
	c.citeAll(e.Source, at("source")...)
	c.signIn(e.SignIn, at("sign_in")...)
	if e.Disputed != nil {
		c.present(e.Disputed.Note, append(at("disputed"), "note")...)
		c.cite(e.Disputed.Source, append(at("disputed"), "source")...)
	}
}

// citeAll wants at least one source of this file, none twice.
func (c *checker) citeAll(list keys, path ...any) {
	if len(list) == 0 {
		c.present("", path...)
	}
	for i, key := range list {
		c.cite(key, path...)
		if slices.Contains(list[:i], key) {
			c.wrong(fmt.Sprintf("source %q is cited twice", key), path...)
		}
	}
}

func (c *checker) region() {
	r := c.doc.Region
	if r == nil {
		return
	}
	c.present(r.Name, "region", "name")
	c.present(r.Tell, "region", "tell")
	c.cite(r.Source, "region", "source")
}

// bridge wants its endpoints on the user's own computer.
func (c *checker) bridge() {
	b := c.doc.Bridge
	if b == nil {
		return
	}
	c.present(b.Name, "bridge", "name")
	c.present(b.Text, "bridge", "text")
	c.cite(b.Source, "bridge", "source")
	if !slices.ContainsFunc(c.doc.Endpoints, func(e endpoint) bool { return e.Host == loopback }) {
		c.wrong("a bridge without an endpoint at "+loopback, "bridge")
	}
}

func (c *checker) enable() {
	for i, e := range c.doc.Enable {
		at := func(key string) []any { return []any{"enable", i, key} }
		for k, text := range e.Protocols {
			c.oneOf(text, protocols(), "enable", i, "protocols", k)
		}
		c.present(e.Text, at("text")...)
		c.link(e.HelpURL, at("help_url")...)
		c.cite(e.Source, at("source")...)
	}
}

func (c *checker) notOffered() {
	for i, n := range c.doc.NotOffered {
		c.oneOf(n.Protocol, protocols(), "not_offered", i, "protocol")
		c.present(n.Note, "not_offered", i, "note")
		c.cite(n.Source, "not_offered", i, "source")
		if slices.ContainsFunc(c.doc.Endpoints, func(e endpoint) bool {
			return e.Protocol == n.Protocol && e.Role == string(settings.Documented)
		}) {
			c.wrong(fmt.Sprintf("%s is documented and not offered at once", n.Protocol), "not_offered", i)
		}
	}
}

var codeForm = regexp.MustCompile(`^[a-z0-9_]+(\.[a-z0-9_]+)+$`)

func (c *checker) advice() {
	for i, a := range c.doc.Advice {
		at := func(key string) []any { return []any{"advice", i, key} }
		if len(a.Codes) == 0 {
			c.wrong("codes is missing", at("codes")...)
		}
		for k, text := range a.Codes {
			if !codeForm.MatchString(text) {
				c.wrong(fmt.Sprintf("%q is not a finding code", text), "advice", i, "codes", k)
			}
		}
		for k, text := range a.Protocols {
			c.oneOf(text, protocols(), "advice", i, "protocols", k)
		}
		c.present(a.Text, at("text")...)
		c.link(a.HelpURL, at("help_url")...)
		c.date(a.From, false, at("from")...)
		c.date(a.Until, false, at("until")...)
		if a.From != "" && a.Until != "" && a.Until <= a.From {
			c.wrong("until must be after from", at("until")...)
		}
		c.cite(a.Source, at("source")...)
	}
}
