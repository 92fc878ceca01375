package published

import (
	"fmt"
	"slices"
	"strings"

	"mailprobe/internal/finding"
	"mailprobe/internal/settings"
)

// ReadCatalogue reads a provider's file of this program, as far as it offers
// servers. That it is whole and strict is held where the catalogue is read.
func ReadCatalogue(source []byte) Document {
	d := Document{Read: true}
	if len(source) > MaxSize {
		d.tooLarge(MaxSize)
		return d
	}
	root, broken := parseYAML(source, 0)
	if broken != nil {
		d.Format = treeFormat(source, Catalogue, "endpoints", "not_offered")
		d.broken(broken, "YAML")
		return d
	}
	endpoints := root.at("endpoints")
	if endpoints == nil && root.at("not_offered") == nil {
		d.unreadable(1, "settings.missing", "The file has no endpoints.", "List the servers under endpoints:.", nil)
		return d
	}
	d.Format, d.Name = Catalogue, root.at("name").string()
	if root.at("domains") != nil {
		d.domains(root)
	}
	user := settings.TemplateOf(root.at("username").string())
	if endpoints != nil {
		for _, e := range endpoints.list {
			if role := e.at("role").string(); role != "unsupported" {
				d.treeServer(e, catalogueWords, user, treeWays(root.at("sign_in")))
			}
		}
	}
	d.order()
	d.sort()
	return d
}

// words are the keys and values by which a format says what a server is.
type words struct {
	protocol, host, security, user string
	securities                     map[string]settings.Security
	users                          map[string]settings.Template
}

var catalogueWords = words{
	protocol: "protocol", host: "host", security: "security", user: "username",
	securities: map[string]settings.Security{"tls": settings.TLS, "starttls": settings.StartTLS, "plain": settings.Plain},
}

// treeServer reads one server of a list.
func (d *Document) treeServer(n *node, w words, user settings.Template, ways []string) {
	kind := n.at(w.protocol)
	o := Offer{Protocol: settings.Protocol(strings.ToLower(kind.string())), Line: n.line, Username: user, SignIn: ways}
	if !slices.Contains(settings.Protocols(), o.Protocol) {
		if kind.string() == "" {
			d.missing(n.line, w.protocol, "The server", finding.Error)
			return
		}
		d.says(kind.line, "settings.unknown_value", "{value} is no protocol.", "Write imap, pop3 or smtp.", finding.Args{"value": quoted(kind.string())})
		return
	}
	for _, need := range []string{w.host, "port", w.security} {
		if v := n.at(need); v == nil || v.text == "" {
			d.missing(n.line, need, "The server", finding.Error)
			return
		}
	}
	security, known := w.securities[n.at(w.security).string()]
	if !known {
		d.says(n.at(w.security).line, "settings.unknown_value", "{value} is no kind of encryption that the format knows.", "Write {known}.",
			finding.Args{"value": quoted(n.at(w.security).string()), "known": strings.Join(keysOf(w.securities), " or ")})
		return
	}
	host, ok := d.host(n.at(w.host).line, n.at(w.host).string())
	port, okPort := d.port(n.at("port").line, n.at("port").text)
	if !ok || !okPort {
		return
	}
	o.Host, o.Port, o.Security = host, port, security
	if name := n.at(w.user); name.string() != "" {
		if o.Username, ok = w.users[strings.ToUpper(name.string())]; !ok {
			o.Username, _ = d.username(name.line, string(settings.TemplateOf(name.string())))
		}
	}
	if own := treeWays(n.at("sign_in")); own != nil {
		o.SignIn = own
	}
	d.offer(o)
}

// treeWays reads the ways to sign in of this program's YAML; those that are
// refused are none.
func treeWays(n *node) (ways []string) {
	if n == nil {
		return nil
	}
	for _, w := range n.list {
		way := w.at("way").string()
		if way == "app-password" {
			way = "password"
		}
		if way != "" && w.at("status").string() != settings.RefusedWay && !slices.Contains(ways, way) {
			ways = append(ways, way)
		}
	}
	return ways
}

func keysOf[V any](m map[string]V) (keys []string) {
	for k := range m {
		keys = append(keys, fmt.Sprint(k))
	}
	slices.Sort(keys)
	return keys
}
