package publish

import (
	"encoding/xml"
	"strings"

	"mailprobe/internal/settings"
)

// Namespaces of the answer (MS-OXDSCLI §2.2.2).
const (
	responseSpace = "http://schemas.microsoft.com/exchange/autodiscover/responseschema/2006"
	outlookSpace  = "http://schemas.microsoft.com/exchange/autodiscover/outlook/responseschema/2006a"
)

type autodiscover struct {
	XMLName  xml.Name `xml:"Autodiscover"`
	Space    string   `xml:"xmlns,attr"`
	Response response `xml:"Response"`
}

type response struct {
	Space   string  `xml:"xmlns,attr"`
	Account account `xml:"Account"`
}

type account struct {
	Type     string     `xml:"AccountType"`
	Action   string     `xml:"Action"`
	Protocol []protocol `xml:"Protocol"`
}

// A protocol is one server (MS-OXDSCLI §2.2.4.1.1.2). Encryption outweighs
// SSL, where a program knows both.
type protocol struct {
	Type           string `xml:"Type"`
	Server         string `xml:"Server"`
	Port           uint16 `xml:"Port"`
	DomainRequired string `xml:"DomainRequired"`
	LoginName      string `xml:"LoginName,omitempty"`
	SPA            string `xml:"SPA"`
	SSL            string `xml:"SSL"`
	Encryption     string `xml:"Encryption"`
	AuthRequired   string `xml:"AuthRequired"`
	UsePOPAuth     string `xml:"UsePOPAuth,omitempty"`
	SMTPLast       string `xml:"SMTPLast,omitempty"`
}

// encryptions are what Outlook reads: TLS is STARTTLS, and SSL is TLS at once.
var encryptions = map[settings.Security]string{settings.TLS: "SSL", settings.StartTLS: "TLS", settings.Plain: "None"}

func onOff(on bool) string {
	if on {
		return "on"
	}
	return "off"
}

// autodiscover writes the answer to a POST of Outlook.
func (d *draft) autodiscover() error {
	err := d.keepWhole(func(s server) string {
		if s.first("password", "ntlm", "none") == "" {
			return "the format has no word for its ways to sign in (" + strings.Join(s.ways, ", ") + "), and Outlook would ask for a password"
		}
		return ""
	})
	if err != nil {
		return err
	}
	a := autodiscover{Space: responseSpace, Response: response{Space: outlookSpace, Account: account{Type: "email", Action: "settings"}}}
	for _, s := range d.servers {
		a.Response.Account.Protocol = append(a.Response.Account.Protocol, d.protocol(s))
	}
	return d.xml(a)
}

func (d *draft) protocol(s server) protocol {
	way := s.first("password", "ntlm", "none")
	p := protocol{
		Type: s.Protocol.Name(), Server: s.Host, Port: s.Port, DomainRequired: onOff(s.user() == settings.FullAddress),
		SPA: onOff(way == "ntlm"), SSL: onOff(s.Security != settings.Plain), Encryption: encryptions[s.Security], AuthRequired: onOff(way != "none"),
	}
	if s.Protocol == settings.SMTP {
		p.UsePOPAuth, p.SMTPLast = onOff(way != "none"), "off"
	}
	d.loginName(&p, s)
	return p
}

// loginName says as whom to sign in. The element holds one person's name and
// no form of one: the answer is made for each address. Without it Outlook takes
// the part before the @, and with DomainRequired the domain as well.
func (d *draft) loginName(p *protocol, s server) {
	switch user := s.user(); {
	case d.Account != "":
		p.LoginName = user.For(d.Account)
	case user == settings.FullAddress:
		d.note("%s has no form for user names: DomainRequired asks for the whole address; let the web server add <LoginName> with the address that is asked for, or give an address to write it for one account", d.format)
	default:
		d.note("%s has no form for user names, and %s wants %s: let the web server add <LoginName>, or give an address to write it for one account", d.format, s.says(), user)
	}
}
