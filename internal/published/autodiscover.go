package published

import (
	"cmp"
	"strings"

	"mailprobe/internal/finding"
	"mailprobe/internal/settings"
	"mailprobe/internal/strictxml"
)

// child returns the first element of a name in any case, as programs that read
// Autodiscover do; nil: there is none.
func child(e *strictxml.Element, name string) *strictxml.Element {
	if e == nil {
		return nil
	}
	for _, c := range e.Children {
		if strings.EqualFold(c.Name, name) {
			return c
		}
	}
	return nil
}

func textOf(e *strictxml.Element) string {
	if e == nil {
		return ""
	}
	return strings.TrimSpace(e.Text)
}

// autodiscover reads the answer of Autodiscover in XML.
func (d *Document) autodiscover(root *strictxml.Element) {
	d.Format = Autodiscover
	response := child(root, "Response")
	if response == nil {
		d.missing(root.Line, "<Response>", "<Autodiscover>", finding.Error)
		return
	}
	d.ActiveSync = strings.Contains(strings.ToLower(response.Space), "/mobilesync/")
	if e := child(response, "Error"); e != nil {
		d.ErrorCode = cmp.Or(textOf(child(e, "ErrorCode")), textOf(child(e, "Status")), "without a number")
		d.found(e.Line, finding.Finding{Code: "autodiscover.error", Args: finding.Args{"code": d.ErrorCode, "says": cmp.Or(textOf(child(e, "Message")), "nothing more")},
			Message: "Autodiscover answers with the error {code} ({says})."})
	}
	account := child(response, "Account")
	if account == nil {
		if d.ErrorCode == "" && !d.ActiveSync {
			d.missing(response.Line, "<Account>", "<Response>", finding.Error)
		}
		return
	}
	d.Name = textOf(child(child(response, "User"), "DisplayName"))
	switch action := textOf(child(account, "Action")); strings.ToLower(action) {
	case "redirecturl":
		d.RedirectURL = textOf(child(account, "RedirectUrl"))
		d.link(account.Line, d.RedirectURL)
	case "redirectaddr":
		d.RedirectAddr = textOf(child(account, "RedirectAddr"))
	}
	for _, e := range account.Children {
		if strings.EqualFold(e.Name, "Protocol") {
			d.protocol(e)
		}
	}
	d.order()
}

var autodiscoverTypes = map[string]settings.Protocol{"IMAP": settings.IMAP, "POP3": settings.POP3, "POP": settings.POP3, "SMTP": settings.SMTP}

// protocol reads one server. Those that are not for mail are passed over.
func (d *Document) protocol(e *strictxml.Element) {
	kind := textOf(child(e, "Type"))
	if kind == "" {
		kind, _ = e.Attr("Type")
	}
	d.Sections = append(d.Sections, sectionOf(e, kind, [3]string{"Server", "Port", "LoginName"}))
	protocol, ok := autodiscoverTypes[strings.ToUpper(kind)]
	if !ok {
		return
	}
	o := Offer{Protocol: protocol, Line: e.Line, SignIn: []string{"password"}}
	server := child(e, "Server")
	if textOf(server) == "" {
		d.missing(e.Line, "<Server>", "<Protocol>", finding.Error)
		return
	}
	if o.Host, ok = d.host(server.Line, textOf(server)); !ok {
		return
	}
	mode, how := d.mode(e)
	if port := child(e, "Port"); textOf(port) == "" {
		o.Port = settings.DefaultPort(protocol, cmp.Or(mode, settings.TLS))
		d.missing(e.Line, "<Port>", "<Protocol>", finding.Warning)
	} else if o.Port, ok = d.port(port.Line, textOf(port)); !ok {
		return
	}
	if o.Security = mode; mode == "" { // Encryption is Auto
		o.Security = settings.StartTLS
		if usual[o.Port].implicit {
			o.Security = settings.TLS
		}
	}
	d.login(&o, e)
	d.autodiscoverOffer(o, how)
}

// login reads as whom and how one signs in.
func (d *Document) login(o *Offer, e *strictxml.Element) {
	if name := child(e, "LoginName"); textOf(name) != "" {
		o.Username, _ = d.username(name.Line, textOf(name))
		o.Named = named(textOf(name))
	} else if on(child(e, "DomainRequired"), false) {
		o.Username = settings.FullAddress
		d.found(e.Line, finding.Finding{Code: "settings.missing", Severity: finding.Info, Args: finding.Args{"service": o.Protocol.Name()},
			Message: "{service} wants the domain in the user name and publishes no user name: the whole address is meant."})
	}
	if spa := child(e, "SPA"); spa != nil && on(spa, true) {
		o.SignIn = []string{"ntlm"}
	}
	if auth := child(e, "AuthRequired"); auth != nil && !on(auth, true) {
		o.SignIn = []string{"none"}
	}
}

// on reads a switch; what is no such word is what holds by itself.
func on(e *strictxml.Element, otherwise bool) bool {
	switch strings.ToLower(textOf(e)) {
	case "on", "yes", "true", "1":
		return true
	case "off", "no", "false", "0":
		return false
	}
	return otherwise
}

// mode reads how the connection is encrypted: Encryption, and where there is
// none SSL, which is on by itself. Empty: as the server likes it.
func (d *Document) mode(e *strictxml.Element) (s settings.Security, how string) {
	encryption, ssl := child(e, "Encryption"), child(e, "SSL")
	switch word := textOf(encryption); strings.ToLower(word) {
	case "":
	case "ssl":
		return settings.TLS, "Encryption=SSL"
	case "tls":
		return settings.StartTLS, "Encryption=TLS"
	case "none":
		return settings.Plain, "Encryption=None"
	case "auto":
		return "", "Encryption=Auto"
	default:
		d.says(encryption.Line, "settings.unknown_value", "<Encryption> is {value}, which Outlook does not know.", "Write None, SSL, TLS or Auto.", finding.Args{"value": quoted(word)})
	}
	if word := textOf(ssl); word != "" && !strings.EqualFold(word, "on") && !strings.EqualFold(word, "off") {
		d.found(ssl.Line, finding.Finding{Code: "settings.unknown_value", Severity: finding.Warning, Args: finding.Args{"value": quoted(word)},
			Message: "<SSL> is {value}; the protocol knows on and off.", Remedy: "Write on or off."})
	}
	if on(ssl, true) {
		return settings.TLS, "SSL=on"
	}
	return settings.Plain, "SSL=off"
}

// autodiscoverOffer takes a server, and says where the words of Autodiscover
// mean something else than who wrote them thought.
func (d *Document) autodiscoverOffer(o Offer, how string) {
	args := finding.Args{"how": how}
	u := usual[o.Port]
	switch {
	case how == "Encryption=TLS" && u.implicit:
		d.Offers = append(d.Offers, o)
		d.about(o, "autodiscover.encryption_means_starttls", "{service} at {server} is published with Encryption TLS, which means STARTTLS to Outlook; on this port servers expect TLS at once, and Outlook fails without a word.",
			"Write <Encryption>SSL</Encryption> for port {port}.", args)
	case how == "SSL=on" && u.protocol != "" && !u.implicit && u.protocol == o.Protocol:
		o.Security = settings.StartTLS // as most programs read it that look at the port
		d.Offers = append(d.Offers, o)
		d.weighed(o, finding.Warning, "settings.port_contradicts", "{service} at {server} is published with SSL on: on this port programs that look at the port take STARTTLS, others wait for TLS at once.",
			"Write <Encryption>TLS</Encryption>, which means STARTTLS, or publish the port for SSL/TLS.", args)
	default:
		d.offer(o)
	}
}
