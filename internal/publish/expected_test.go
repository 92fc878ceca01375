package publish

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"

	"mailprobe/internal/published"
	"mailprobe/internal/settings"
)

// random returns some servers such as nobody would publish, too.
func random(r *rand.Rand) Publication {
	any := func(texts ...string) string { return texts[r.IntN(len(texts))] }
	p := Publication{Name: any("Werft", "R&D <Gr\u00fc\u00dfe> \"x\"", "", "a\nb"), Domains: []string{"werft.example", "xn--mnchen-3ya.example"}[:1+r.IntN(2)], Account: any("", "", "me@werft.example")}
	for range 1 + r.IntN(6) {
		e := settings.Endpoint{
			Protocol: settings.Protocols()[r.IntN(3)], Host: any("imap.werft.example", "mail.werft.example", "a-1.b.example", "192.0.2.7"),
			Security: []settings.Security{settings.TLS, settings.StartTLS, settings.Plain}[r.IntN(3)],
		}
		e.Port = settings.DefaultPort(e.Protocol, e.Security)
		if r.IntN(5) == 0 {
			e.Port = uint16(1 + r.IntN(65535))
		}
		s := settings.Setting{Endpoint: e, Role: settings.Documented, Username: settings.Template(any("", string(settings.FullAddress), string(settings.LocalPart), "%EMAILLOCALPART%.%EMAILDOMAIN%"))}
		for range r.IntN(3) {
			s.SignIn = append(s.SignIn, settings.SignIn{Way: any("password", "app-password", "oauth2", "encrypted", "ntlm", "gssapi", "client-certificate", "none"), Status: any("documented", "unverified", "refused")})
		}
		p.Servers = append(p.Servers, s)
	}
	return p
}

// inherent are the codes of what is wrong with settings, however they are
// written.
func inherent(code string) bool {
	return slices.Contains([]string{"settings.plaintext", "settings.port_contradicts", "settings.oauth_incomplete", "settings.missing", "settings.placeholder", "settings.http_link"}, code)
}

func offers(d published.Document) (list []string) {
	for _, o := range d.Offers {
		list = append(list, fmt.Sprint(o.Endpoint(""), " ", o.Username, " ", o.SignIn))
	}
	return list
}

// expected is what each format can say of settings, as docs/settings.md has it.
func expected(format string, p Publication) (list []string) {
	taken := map[string]bool{}
	half := 0
	p.Servers, _ = Meant(p.Servers, p.Domains)
	for _, s := range Safest(p.Servers) {
		user, ways := s.Username, []string{}
		if user == "" {
			user = settings.FullAddress
		}
		for _, w := range s.SignIn {
			way := strings.TrimPrefix(w.Way, "app-")
			if w.Status != settings.RefusedWay && !slices.Contains(ways, way) {
				ways = append(ways, way)
			}
		}
		if len(s.SignIn) == 0 {
			ways = []string{"password"}
		}
		sends, once := "receives", string(s.Protocol)
		if s.Protocol == settings.SMTP {
			sends = "sends"
		}
		lowPort := slices.Contains([]uint16{25, 110, 143, 587, 2525}, s.Port)
		switch format {
		case "autoconfig":
			if len(ways) == 0 {
				continue
			}
		case "autodiscover":
			ways = firstOf(ways, "password", "ntlm", "none")
			user = named(p, user, "")
		case "mobileconfig":
			ways, once = firstOf(ways, "password", "encrypted", "ntlm", "none"), sends
			user = named(p, user, settings.FullAddress)
			if p.Account != "" && s.Username == settings.LocalPart {
				user = settings.LocalPart
			}
			if s.Security == settings.StartTLS != lowPort && s.Security != settings.Plain {
				continue
			}
		case "srv":
			if user, ways = "", nil; s.Security == settings.Plain || strings.HasPrefix(s.Host, "192") || s.Host == "127.0.0.1" {
				continue
			}
		case "pacc":
			user = settings.FullAddress
			if s.Security != settings.TLS || s.Port != settings.DefaultPort(s.Protocol, settings.TLS) || strings.HasPrefix(s.Host, "192") || len(firstOf(ways, "password", "encrypted")) == 0 {
				continue
			}
			ways = []string{"password"}
		}
		if len(ways) == 0 && format != "yaml" && format != "srv" || taken[once] && (format == "mobileconfig" || format == "pacc") {
			continue
		}
		if !taken[once] {
			half++
		}
		taken[once] = true
		list = append(list, fmt.Sprint(s.Endpoint, " ", user, " ", ways))
	}
	had, has := [2]bool{}, [2]bool{}
	for _, s := range p.Servers {
		sends := 0
		if s.Protocol == settings.SMTP {
			sends = 1
		}
		had[sends] = true
		has[sends] = has[sends] || slices.ContainsFunc(list, func(o string) bool { return strings.HasPrefix(o, s.Endpoint.String()+" ") })
	}
	if format == "mobileconfig" && half < 2 || format != "yaml" && format != "srv" && had != has {
		return nil
	}
	return list
}

func firstOf(ways []string, known ...string) []string {
	for _, way := range known {
		if slices.Contains(ways, way) {
			return []string{way}
		}
	}
	return nil
}

// named is the form that is read of one person's name, or of none.
func named(p Publication, form, none settings.Template) settings.Template {
	if p.Account == "" {
		if form == settings.FullAddress {
			return form
		}
		return none
	}
	if name := form.For(p.Account); !strings.Contains(name, "@") {
		return settings.Template(name)
	}
	return settings.FullAddress
}
