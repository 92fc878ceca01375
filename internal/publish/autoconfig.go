package publish

import (
	"encoding/xml"
	"net/url"
	"slices"
	"strings"

	"mailprobe/internal/settings"
)

// A clientConfig is an autoconfig document (draft-ietf-mailmaint-autoconfig
// -06, section "Config file"), of which only what mail programs read is written.
type clientConfig struct {
	XMLName  xml.Name      `xml:"clientConfig"`
	Version  string        `xml:"version,attr"`
	Provider emailProvider `xml:"emailProvider"`
	OAuth    *oAuth2       `xml:"oAuth2"`
}

type emailProvider struct {
	ID            string          `xml:"id,attr"`
	Domains       []string        `xml:"domain"`
	Name          string          `xml:"displayName"`
	ShortName     string          `xml:"displayShortName"`
	Incoming      []configServer  `xml:"incomingServer"`
	Outgoing      []configServer  `xml:"outgoingServer"`
	Enable        []enable        `xml:"enable"`
	Documentation []documentation `xml:"documentation"`
}

type configServer struct {
	Type           string   `xml:"type,attr"`
	Host           string   `xml:"hostname"`
	Port           uint16   `xml:"port"`
	Socket         string   `xml:"socketType"`
	Authentication []string `xml:"authentication"`
	Username       string   `xml:"username"`
}

type enable struct {
	URL         string    `xml:"visiturl,attr"`
	Instruction inEnglish `xml:"instruction"`
}

type documentation struct {
	URL   string    `xml:"url,attr"`
	Descr inEnglish `xml:"descr"`
}

type inEnglish struct {
	Lang string `xml:"lang,attr"`
	Text string `xml:",chardata"`
}

type oAuth2 struct {
	Issuer   string `xml:"issuer"`
	Scope    string `xml:"scope"`
	AuthURL  string `xml:"authURL"`
	TokenURL string `xml:"tokenURL"`
}

var socketTypes = map[settings.Security]string{settings.TLS: "SSL", settings.StartTLS: "STARTTLS", settings.Plain: "plain"}

// configWays are the names of the format for ways to sign in.
var configWays = map[string]string{
	"password": "password-cleartext", "encrypted": "password-encrypted", "oauth2": "OAuth2", "ntlm": "NTLM", "gssapi": "GSSAPI",
	"client-certificate": "TLS-client-cert", "none": "none",
}

// autoconfig writes Thunderbird's document. Every server has all that the
// strictest reader (Thunderbird for Android, K-9) wants: a user name, a way to
// sign in and a socketType that it knows, or it refuses the whole document.
func (d *draft) autoconfig() error {
	domain, err := d.domain()
	if err != nil {
		return err
	}
	err = d.keepWhole(func(s server) string {
		if s.first("password", "encrypted", "oauth2", "ntlm", "gssapi", "client-certificate", "none") == "" {
			return "no way to sign in is documented that the format knows"
		}
		return ""
	})
	if err != nil {
		return err
	}
	c := clientConfig{Version: "1.1", Provider: emailProvider{ID: domain, Domains: d.Domains, Name: d.title(), ShortName: d.shortTitle()}}
	for _, s := range d.servers {
		list := &c.Provider.Incoming
		if s.Protocol == settings.SMTP {
			list = &c.Provider.Outgoing
		}
		*list = append(*list, configServerOf(s))
	}
	d.beside(&c.Provider)
	c.OAuth = d.oauth()
	return d.xml(c)
}

func configServerOf(s server) configServer {
	c := configServer{Type: string(s.Protocol), Host: s.Host, Port: s.Port, Socket: socketTypes[s.Security], Username: string(s.user())}
	for _, way := range s.ways {
		if name := configWays[way]; name != "" {
			c.Authentication = append(c.Authentication, name)
		}
	}
	return c
}

// beside adds what users must do first, and what they may read.
func (d *draft) beside(p *emailProvider) {
	for _, e := range d.Enable {
		if e.HelpURL != "" {
			p.Enable = append(p.Enable, enable{e.HelpURL, inEnglish{"en", e.Text}})
		}
	}
	for _, h := range d.Help {
		if strings.HasPrefix(h.URL, "https://") {
			p.Documentation = append(p.Documentation, documentation{h.URL, inEnglish{"en", h.Title}})
		}
	}
}

// oauth is where to sign in by OAuth2, where a server takes it; nil: none does,
// or it is not known. The issuer is written as its host, as Thunderbird's own
// table of services names it (OAuth2Providers.sys.mjs, read 2026-11-30).
func (d *draft) oauth() *oAuth2 {
	var scopes []string
	asked := false
	for _, s := range d.servers {
		if !slices.Contains(s.ways, "oauth2") {
			continue
		}
		asked = true
		if d.OAuth != nil {
			scopes = append(scopes, d.OAuth.Scopes[s.Protocol]...)
		}
	}
	if !asked {
		return nil
	}
	if d.OAuth == nil || len(scopes) == 0 {
		d.note("%s says that servers take OAuth2 and not where to sign in, which is not known here: add <oAuth2>, or programs that do not know the provider by themselves ask for a password", d.format)
		return nil
	}
	scopes = append(scopes, d.OAuth.ExtraScopes...)
	var once []string
	for _, scope := range scopes {
		if !slices.Contains(once, scope) && !slices.Contains(identity, scope) {
			once = append(once, scope)
		}
	}
	return &oAuth2{Issuer: issuer(d.OAuth), Scope: strings.Join(once, " "), AuthURL: anyTenant(d.OAuth.AuthURL), TokenURL: anyTenant(d.OAuth.TokenURL)}
}

// identity are scopes that tell a program who somebody is (OpenID Connect Core
// 1.0 §5.4), which mail does not need.
var identity = []string{"openid", "email", "profile"}

// anyTenant fills in what Microsoft takes for an account of any organisation.
func anyTenant(link string) string { return strings.ReplaceAll(link, "{tenant}", "common") }

func issuer(o *settings.OAuth) string {
	for _, link := range []string{o.Issuer, o.AuthURL} {
		if u, err := url.Parse(anyTenant(link)); err == nil && u.Host != "" {
			return u.Host
		}
	}
	return ""
}

// xml writes an element as a document of its own.
func (d *draft) xml(v any) error {
	d.text.WriteString(xml.Header)
	e := xml.NewEncoder(&d.text)
	e.Indent("", "  ")
	if err := e.Encode(v); err != nil {
		return err
	}
	d.text.WriteByte('\n')
	return nil
}
