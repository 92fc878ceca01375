package published

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"mailprobe/internal/finding"
	"mailprobe/internal/settings"
)

// A writer writes documents as the programs do that generate them: each in
// another order, with other quotes, blanks, comments and extensions, and
// always the same settings.
type writer struct {
	*rand.Rand
	strings.Builder
}

func (w *writer) any(texts ...string) string { return texts[w.IntN(len(texts))] }

// gap is what may stand between elements.
func (w *writer) gap() string {
	return w.any("", "\n", "\r\n\t", "  ", "\n    <!-- <hostname>none</hostname> & -->\n", "<?php-was-here?>")
}

// value writes a text in one of the ways in which it means the same.
func (w *writer) value(text string) string {
	i := w.IntN(len(text))
	switch w.IntN(6) {
	case 0:
		return "\n   " + text + "\t"
	case 1:
		return text[:i] + "<!-- x -->" + text[i:]
	case 2:
		return "<![CDATA[" + text + "]]>"
	case 3:
		return fmt.Sprintf("%s&#x%x;%s", text[:i], text[i], text[i+1:])
	}
	return text
}

func (w *writer) element(name, text string) string {
	return w.gap() + "<" + name + w.any("", " ", "\n") + ">" + w.value(text) + "</" + name + w.any("", " ") + ">"
}

func (w *writer) shuffled(parts ...string) string {
	w.Shuffle(len(parts), func(i, j int) { parts[i], parts[j] = parts[j], parts[i] })
	return strings.Join(parts, w.gap())
}

// truth is some sound servers, of which TLS comes first.
func (w *writer) truth() []Offer {
	var list []Offer
	users := []settings.Template{settings.FullAddress, settings.LocalPart, "%EMAILLOCALPART%.%EMAILDOMAIN%", "%EMAILLOCALPART%+%EMAILDOMAIN%"}
	for _, p := range settings.Protocols() {
		for _, s := range []settings.Security{settings.TLS, settings.StartTLS} {
			if w.IntN(3) > 0 || p == settings.IMAP && s == settings.TLS {
				list = append(list, Offer{Protocol: p, Security: s, Port: settings.DefaultPort(p, s), Username: users[w.IntN(len(users))],
					Host: w.any("mail", "imap-1", "mx.cluster", "xn--mnchen-3ya") + w.any(".werft.example", ".%EMAILDOMAIN%")})
			}
		}
	}
	return list
}

func (w *writer) server(o Offer) string {
	tag, quote := "incomingServer", w.any(`"`, "'")
	if o.Protocol == settings.SMTP {
		tag = "outgoingServer"
	}
	parts := []string{
		w.element("hostname", o.Host), w.element("port", fmt.Sprint(o.Port)), w.element("username", string(o.Username)),
		w.element("socketType", map[settings.Security]string{settings.TLS: "SSL", settings.StartTLS: "STARTTLS"}[o.Security]),
		w.any("", "<authentication/>") + w.element("authentication", "password-cleartext") + w.any("", "<authentication>password-encrypted</authentication>"),
	}
	extras := []string{"<useGlobalPreferredServer>false</useGlobalPreferredServer>", "<pop3><leaveMessagesOnServer>true</leaveMessagesOnServer></pop3>", "<identity/>", "<url>https://x.example/</url>", ""}
	return fmt.Sprintf("<%s %s type=%s%s%s>%s%s</%s>", tag, w.any("", "order='1'"), quote, o.Protocol, quote, w.shuffled(append(parts, w.any(extras...))...), w.gap(), tag)
}

func (w *writer) autoconfig(list []Offer) string {
	var servers []string
	for _, o := range list {
		servers = append(servers, w.server(o))
	}
	other := w.any("", `<incomingServer type="exchange"><owaURL>https://owa.example/</owaURL></incomingServer>`, `<incomingServer type="jmap"><url>https://j.example/</url></incomingServer>`, "<x><incomingServer type='imap'/></x>")
	head := w.shuffled("<domain>werft.example</domain>", w.any("", "<domain purpose='mx'>mx.example</domain>"), "<displayName>R&amp;D &lt;Gr\u00fc\u00dfe&gt;</displayName>", "<displayShortName/>",
		w.any("", `<documentation url="https://x.example/?a=1&amp;b=2"><descr lang="de">x</descr></documentation>`))
	return w.any("", `<?xml version="1.0"?>`, "<?xml version='1.0' encoding='utf-8' standalone='no'?>\r\n") + w.any("", "<!-- made -->\n") +
		"<clientConfig " + w.any(`version="1.1"`, "version='1.2' x='1'") + ">" + w.gap() + w.any("", `<clientConfigUpdate url="https://x.example/c.xml"/>`) +
		"<emailProvider id=\"werft.example\">" + head + other + strings.Join(servers, w.gap()) + w.gap() + "</emailProvider>" +
		w.any("", `<webMail><loginPage url="https://x.example/"/></webMail>`, `<calendar type="caldav"><serverURL>https://x.example/</serverURL></calendar>`) + w.gap() + "</clientConfig>" + w.any("", "\n", "\r\n", "<!-- end -->")
}

func (w *writer) autodiscover(list []Offer) string {
	tag := w.any("Protocol", "protocol", "PROTOCOL")
	var b strings.Builder
	for _, o := range list {
		encryption := "<Encryption>TLS</Encryption>" + w.any("", "<SSL>on</SSL>", "<SSL>off</SSL>")
		if o.Security == settings.TLS {
			encryption = w.any("<Encryption>SSL</Encryption>", "<SSL>on</SSL>", "", "<Encryption>Auto</Encryption>", "<encryption>ssl</encryption><SSL>off</SSL>")
		}
		fmt.Fprintf(&b, "%s<%s>%s%s</%s>", w.gap(), tag, w.shuffled(w.element("Type", strings.ToUpper(string(o.Protocol))), w.element("Server", o.Host), w.element("Port", fmt.Sprint(o.Port)),
			w.any("", "<TTL>1</TTL>"), w.any("", "<SPA>off</SPA>"), w.any("", "<DomainRequired>off</DomainRequired>"), w.element("LoginName", string(o.Username)), encryption), w.gap(), tag)
	}
	other := w.any("", "<Protocol><Type>CalDAV</Type><Server>https://x.example/</Server></Protocol>", "<Protocol><Type>WEB</Type></Protocol>")
	return `<?xml version="1.0" encoding="utf-8"?>` + "\n" + `<Autodiscover xmlns="http://schemas.microsoft.com/exchange/autodiscover/responseschema/2006"><Response xmlns="http://schemas.microsoft.com/exchange/autodiscover/outlook/responseschema/2006a">` +
		w.any("", "<User><DisplayName>x</DisplayName></User>") + "<Account>" + w.shuffled("<AccountType>email</AccountType>", "<Action>settings</Action>", other) + b.String() + "</Account></Response></Autodiscover>"
}

func (w *writer) providerDB(list []Offer) string {
	var b strings.Builder
	b.WriteString("---\nname: Werft\nstatus: " + w.any("OK", "PREPARATION") + "\ndomains:\n - werft.example\nserver:\n")
	for _, o := range list {
		socket := map[settings.Security]string{settings.TLS: "SSL", settings.StartTLS: "STARTTLS"}[o.Security]
		fmt.Fprintf(&b, w.any(" - {type: %s, socket: %s, hostname: %q, port: %d, username_pattern: %q}\n", "  - type: %s\n    socket: %s\n    hostname: %q\n    port: %d\n    username_pattern: %q\n"), o.Protocol, socket, o.Host, o.Port, o.Username)
	}
	return strings.ReplaceAll(b.String(), "\n - {", "\n  - {") + "last_checked: 2026-01\n---\n\n" + w.any("", "# words\n\n---\n")
}

// TestGrammar: whatever way settings are written down in, they are read as
// they are meant, and nothing is wrong with them.
func TestGrammar(t *testing.T) {
	for seed := range uint64(600) {
		w := &writer{Rand: rand.New(rand.NewPCG(seed, 7))}
		list := w.truth()
		for name, text := range map[string]string{"a.xml": w.autoconfig(list), "b.xml": w.autodiscover(list), "c.md": w.providerDB(list)} {
			d := Read(name, []byte(text))
			var got, want []string
			for _, o := range d.Offers {
				got = append(got, fmt.Sprint(o.Endpoint(""), " ", o.Username))
			}
			for _, o := range list {
				want = append(want, fmt.Sprint(o.Endpoint(""), " ", o.Username))
			}
			if strings.Join(got, ", ") != strings.Join(want, ", ") || Gravest(d.Findings) == finding.Error {
				t.Fatalf("seed %d, %s\n got %q\nwant %q\n%s\n%s", seed, name, got, want, told(d), text)
			}
		}
	}
}
