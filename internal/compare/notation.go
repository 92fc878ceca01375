package compare

import (
	"fmt"
	"slices"

	"mailprobe/internal/published"
	"mailprobe/internal/settings"
)

// A notation is how a format writes one part of a server.
type notation struct {
	of func(settings.Endpoint) string
}

// element writes a part as an element of XML.
func element(name string, value func(settings.Endpoint) string) notation {
	return notation{func(e settings.Endpoint) string { return fmt.Sprintf("<%s>%s</%s>", name, value(e), name) }}
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

// notations are the parts of each format.
var notations = map[string][]notation{
	string(published.Autoconfig): {element("hostname", host), element("port", port), element("socketType", worded("SSL", "STARTTLS", "plain"))},
	string(published.Autodiscover): {
		element("Server", host), element("Port", port), element("Encryption", worded("SSL", "TLS", "None")),
	},
	string(published.PACC): {{func(e settings.Endpoint) string { return fmt.Sprintf("%q: {\"host\": %q}", pacc(e.Protocol), e.Host) }}},
	string(published.MobileConfig): {
		{func(e settings.Endpoint) string {
			return fmt.Sprintf("<key>%sHostName</key><string>%s</string>", side(e), e.Host)
		}},
		{func(e settings.Endpoint) string {
			return fmt.Sprintf("<key>%sPortNumber</key><integer>%d</integer>", side(e), e.Port)
		}},
		{func(e settings.Endpoint) string {
			return fmt.Sprintf("<key>%sUseSSL</key><%t/>", side(e), e.Security != settings.Plain)
		}},
	},
}

func pacc(p settings.Protocol) string {
	if p == settings.SMTP {
		return "submit"
	}
	return string(p)
}

func side(e settings.Endpoint) string {
	if e.Protocol == settings.SMTP {
		return "OutgoingMailServer"
	}
	return "IncomingMailServer"
}
