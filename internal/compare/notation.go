package compare

import (
	"fmt"
	"slices"

	"mailprobe/internal/published"
	"mailprobe/internal/settings"
)

// A notation is how a format writes one part of a server.
type notation func(settings.Endpoint) string

// element writes a part as an element of XML.
func element(name string, value func(settings.Endpoint) string) notation {
	return func(e settings.Endpoint) string { return fmt.Sprintf("<%s>%s</%s>", name, value(e), name) }
}

// key writes a part as YAML.
func key(name string, value func(settings.Endpoint) string) notation {
	return func(e settings.Endpoint) string { return name + ": " + value(e) }
}

func host(e settings.Endpoint) string { return e.Host }
func port(e settings.Endpoint) string { return fmt.Sprint(e.Port) }

// worded writes the encryption in the words of a format.
func worded(tls, starttls, plain string) func(settings.Endpoint) string {
	words := []string{tls, starttls, plain}
	return func(e settings.Endpoint) string {
		return words[slices.Index([]settings.Security{settings.TLS, settings.StartTLS, settings.Plain}, e.Security)]
	}
}

// encrypted writes how Autodiscover says it: both words, since a program may
// know either alone.
func encrypted(e settings.Endpoint) string {
	ssl := "on"
	if e.Security == settings.Plain {
		ssl = "off"
	}
	return fmt.Sprintf("<SSL>%s</SSL><Encryption>%s</Encryption>", ssl, worded("SSL", "TLS", "None")(e))
}

// notations are the parts of each format.
var notations = map[published.Format][]notation{
	published.Autoconfig:   {element("hostname", host), element("port", port), element("socketType", worded("SSL", "STARTTLS", "plain"))},
	published.Autodiscover: {element("Server", host), element("Port", port), encrypted},
	published.PACC:         {func(e settings.Endpoint) string { return fmt.Sprintf(`"host": %q`, e.Host) }},
	published.ProviderDB:   {key("hostname", host), key("port", port), key("socket", worded("SSL", "STARTTLS", "PLAIN"))},
	published.Catalogue:    {key("host", host), key("port", port), key("security", worded("tls", "starttls", "plain"))},
	published.MobileConfig: {
		func(e settings.Endpoint) string {
			return fmt.Sprintf("<key>%sHostName</key><string>%s</string>", side(e), e.Host)
		},
		func(e settings.Endpoint) string {
			return fmt.Sprintf("<key>%sPortNumber</key><integer>%d</integer>", side(e), e.Port)
		},
		func(e settings.Endpoint) string {
			return fmt.Sprintf("<key>%sUseSSL</key><%t/>", side(e), e.Security != settings.Plain)
		},
	},
}

// userNotations are how formats write a form of user names, where they have one.
var userNotations = map[published.Format]string{published.Autoconfig: "<username>%s</username>"}

func side(e settings.Endpoint) string {
	if e.Protocol == settings.SMTP {
		return "OutgoingMailServer"
	}
	return "IncomingMailServer"
}
