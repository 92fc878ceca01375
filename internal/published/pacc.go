package published

import (
	"bytes"
	"cmp"
	"slices"
	"strings"

	"mailprobe/internal/finding"
	"mailprobe/internal/settings"
)

// ReadPACC reads the JSON of draft-ietf-mailmaint-pacc: that of -02 ("smtp"),
// of -03 and later ("submit"), and of the individual draft before them, which
// has URLs. Its hosts have no port: TLS at once is implied.
func ReadPACC(data []byte) Document {
	d := Document{Read: true}
	if len(data) > MaxSize {
		d.Format = PACC
		d.tooLarge(MaxSize)
		return d
	}
	if rest, ok := bytes.CutPrefix(data, []byte("\xef\xbb\xbf")); ok {
		data = rest
		d.says(1, "settings.bom", "A byte order mark stands before the document; JSON allows none.", "Save the file as UTF-8 without a byte order mark (BOM).", nil)
	}
	if isWebPage(data) {
		d.webPage(1)
		return d
	}
	root, broken := parseJSON(data)
	if broken != nil {
		d.Format = treeFormat(data, PACC, "protocols")
		d.broken(broken, "JSON")
		return d
	}
	protocols, urls := root.at("protocols"), root.at("servers")
	if protocols == nil && urls == nil {
		d.unreadable(root.line, "settings.missing", "The document has neither \"protocols\" nor \"servers\", so it offers nothing.", "Publish the servers under \"protocols\".", nil)
		return d
	}
	d.Format = PACC
	if list := cmp.Or(protocols, urls); list.kind != dict || len(list.keys) == 0 {
		d.says(list.line, "settings.missing", "The document lists no servers, so it offers nothing.", "Publish the servers under \"protocols\".", nil)
	}
	d.Name = root.at("info", "provider", "name").string()
	ways := paccWays(root.at("authentication"))
	if protocols != nil {
		d.protocols(protocols, ways)
	} else {
		d.servers(urls)
	}
	d.Issuer = root.at("authentication", "oauth-public", "issuer").string()
	if slices.Contains(ways, "oauth2") && d.Issuer == "" {
		d.says(root.at("authentication", "oauth-public").line, "settings.oauth_incomplete", "\"oauth-public\" names no issuer.", "Add \"issuer\".", nil)
	}
	d.order()
	d.sort()
	return d
}

func (d *Document) tooLarge(limit int) {
	d.unreadable(0, "settings.too_large", "The document is larger than programs need to read: it holds more than {size} KiB.", "Publish the settings alone.",
		finding.Args{"size": itoa(limit >> 10)})
}

// broken says why a document cannot be read.
func (d *Document) broken(e *treeError, language string) {
	if e.deep {
		d.unreadable(e.line, "settings.too_large", "The document is larger than programs need to read: {why}.", "Publish the settings alone.", finding.Args{"why": e.why})
		return
	}
	d.unreadable(e.line, "settings.not_well_formed", "The document is no valid {language}: {why}.", "Mend the line.", finding.Args{"language": language, "why": e.why})
}

func paccWays(n *node) (ways []string) {
	if n.at("oauth-public") != nil {
		ways = append(ways, "oauth2")
	}
	if n.at("password").is() {
		ways = append(ways, "password")
	}
	return ways
}

// protocols reads hosts. That both names of the sending server are there is
// how a domain serves readers of either draft.
func (d *Document) protocols(n *node, ways []string) {
	for i, key := range n.keys {
		protocol := settings.Protocol(key)
		if key == "submit" {
			protocol = settings.SMTP
		}
		if !slices.Contains(settings.Protocols(), protocol) {
			continue
		}
		value := n.list[i]
		if slices.Contains(n.keys[:i], key) {
			d.found(value.line, finding.Finding{Code: "settings.unknown_value", Severity: finding.Warning, Args: finding.Args{"key": quoted(key)},
				Message: "{key} stands twice; programs differ in which they take.", Remedy: "Leave one in."})
		}
		host := value.at("host")
		if host.string() == "" {
			d.missing(value.line, `"host"`, `"`+key+`"`, finding.Error)
			continue
		}
		name, ok := d.host(host.line, host.string())
		if !ok {
			continue
		}
		o := Offer{Protocol: protocol, Host: name, Port: settings.DefaultPort(protocol, settings.TLS), Security: settings.TLS, Username: settings.FullAddress, SignIn: ways, Line: host.line}
		if slices.ContainsFunc(d.Offers, func(x Offer) bool { return x.Endpoint("") == o.Endpoint("") }) {
			continue
		}
		d.offer(o)
	}
}

var paccMechanisms = map[string]string{"OAuth2": "oauth2", "native": "password", "sasl-PLAIN": "password", "sasl-LOGIN": "password"}

// servers reads the URLs of the individual draft.
func (d *Document) servers(n *node) {
	for i, key := range n.keys {
		if !slices.Contains(settings.Protocols(), settings.Protocol(key)) {
			continue
		}
		value := n.list[i].at("url")
		e, err := settings.ParseURL(value.string())
		if err != nil || e.Protocol != settings.Protocol(key) {
			d.says(n.list[i].line, "settings.unknown_value", "{url} is no URL of a server for {key}.", "Write it like imaps://imap.example.com.", finding.Args{"url": quoted(value.string()), "key": key})
			continue
		}
		o := Offer{Protocol: e.Protocol, Host: e.Host, Port: e.Port, Security: e.Security, Username: settings.FullAddress, Line: value.line}
		if ways := n.list[i].at("authentication"); ways != nil {
			for _, w := range ways.list {
				way := paccMechanisms[w.string()]
				if strings.HasPrefix(w.string(), "sasl-SCRAM-") || w.string() == "sasl-CRAM-MD5" {
					way = "encrypted"
				}
				if way != "" && !slices.Contains(o.SignIn, way) {
					o.SignIn = append(o.SignIn, way)
				}
			}
		}
		d.offer(o)
	}
}
