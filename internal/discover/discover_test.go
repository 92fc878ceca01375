package discover

import (
	"compress/gzip"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"mailprobe/internal/finding"
	"mailprobe/internal/lab/pki"
	"mailprobe/internal/lab/publish"
	"mailprobe/internal/probe"
)

const (
	acHost = "autoconfig.corp.example"
	adHost = "autodiscover.corp.example"
)

var both = publish.Config("imap imap.corp.example 993 SSL", "smtp smtp.corp.example 465 SSL")

const bothOffers = " imaps://imap.corp.example:993 submissions://smtp.corp.example:465"

func pox(protocols string) string {
	return `<?xml version="1.0"?><Autodiscover xmlns="http://schemas.microsoft.com/exchange/autodiscover/responseschema/2006"><Response xmlns="http://schemas.microsoft.com/exchange/autodiscover/outlook/responseschema/2006a"><Account><AccountType>email</AccountType>` +
		protocols + `</Account></Response></Autodiscover>`
}

const poxIMAP = `<Action>settings</Action><Protocol><Type>IMAP</Type><Server>imap.corp.example</Server><Port>993</Port><Encryption>SSL</Encryption><SPA>off</SPA></Protocol>`

func digest(body string) string {
	sum := sha256.Sum256([]byte(body))
	return base64.StdEncoding.EncodeToString(sum[:])
}

const paccBody = `{"protocols":{"imap":{"host":"imap.corp.example"},"submit":{"host":"smtp.corp.example"}},"authentication":{"password":true}}`

// TestSources: each row is a domain that publishes in one way, sound or not.
func TestSources(t *testing.T) {
	for _, row := range []struct {
		name string
		set  func(*internet, *Options)
		want string
	}{
		{"nothing", func(*internet, *Options) {}, ""},
		{"autoconfig", func(n *internet, _ *Options) { n.Pages[acHost+configPath] = publish.XML(both) }, "autoconfig found" + bothOffers},
		{"well-known", func(n *internet, _ *Options) { n.Pages["corp.example"+wellKnownPath] = publish.XML(both) }, "autoconfig-wellknown found" + bothOffers},
		{"redirect", func(n *internet, _ *Options) {
			n.Pages[acHost+configPath] = publish.Redirect("https://www.hoster.example/corp.xml")
			n.Pages["www.hoster.example/corp.xml"] = publish.XML(both)
		}, "autoconfig found" + bothOffers},
		{"redirects in a circle", func(n *internet, _ *Options) {
			n.Pages[acHost+configPath] = publish.Redirect("https://" + acHost + configPath + "#again")
		}, "autoconfig failed [error settings.redirects]"},
		{"six redirects", func(n *internet, _ *Options) {
			n.Pages[acHost] = func(w http.ResponseWriter, q *http.Request) { http.Redirect(w, q, q.URL.Path+"x", http.StatusFound) }
		}, "autoconfig failed [error settings.redirects]"},
		{"redirect to http", func(n *internet, _ *Options) {
			n.Pages[acHost+configPath] = publish.Redirect("http://www.corp.example/config.xml")
			n.Pages["www.corp.example"] = publish.XML(both)
		}, "autoconfig failed [warning settings.http_only]"},
		{"redirect into this computer", func(n *internet, _ *Options) {
			n.Pages[acHost+configPath] = publish.Redirect("https://inner.corp.example/config.xml")
			n.Addrs["inner.corp.example"] = "127.0.0.1"
		}, "autoconfig failed [warning settings.private_address]"},
		{"redirect to a number", func(n *internet, _ *Options) {
			n.Pages[acHost+configPath] = publish.Redirect("https://[::ffff:10.0.0.1]/config.xml")
		}, "autoconfig failed [warning settings.private_address]"},
		{"private, and named by the user", func(n *internet, o *Options) {
			n.Pages[acHost+configPath] = publish.Redirect("https://inner.corp.example/config.xml")
			n.Pages["inner.corp.example"] = publish.XML(both)
			rule, _ := probe.ParseResolve("inner.corp.example:443:10.0.0.1")
			o.Overrides.Resolve = append(o.Overrides.Resolve, rule)
		}, "autoconfig found" + bothOffers},
		{"web page", func(n *internet, _ *Options) {
			n.Pages[acHost] = publish.Text("text/html", "<!doctype html><html><body><br></body></html>")
		}, "autoconfig failed [error settings.html_instead_of_xml]"},
		{"web page that is well-formed", func(n *internet, _ *Options) {
			n.Pages[acHost] = publish.Text("text/html", "<html><body>Sign in</body></html>")
		}, "autoconfig failed [error settings.html_instead_of_xml]"},
		{"plain text", func(n *internet, _ *Options) { n.Pages[acHost+configPath] = publish.Text("text/plain", both) },
			"autoconfig found" + bothOffers + " [warning settings.content_type]"},
		{"blank before", func(n *internet, _ *Options) { n.Pages[acHost+configPath] = publish.XML("\n" + both) },
			"autoconfig failed [error settings.not_well_formed]"},
		{"too large", func(n *internet, _ *Options) {
			n.Pages[acHost+configPath] = publish.XML(both + strings.Repeat(" ", maxBody))
		}, "autoconfig failed [error settings.too_large]"},
		{"fails", func(n *internet, _ *Options) { n.Pages[acHost+configPath] = publish.Status(503) }, "autoconfig failed [error settings.http_status]"},
		{"forbidden", func(n *internet, _ *Options) { n.Pages[acHost+configPath] = publish.Status(403) }, "autoconfig failed [warning settings.http_status]"},
		{"refused", func(n *internet, _ *Options) { n.Addrs[acHost] = "192.0.2.7"; n.Refused["192.0.2.7"] = true },
			"autoconfig failed [error settings.unreachable]"},
		{"http only, not allowed", func(n *internet, _ *Options) {
			n.Pages["http://"+acHost+configPath] = publish.XML(both)
			n.Refused["192.0.2.1:443"] = true
		}, "autoconfig failed [error settings.unreachable]"},
		{"http only, allowed", func(n *internet, o *Options) {
			n.Pages["http://"+acHost+configPath] = publish.XML(both)
			n.Refused["192.0.2.1:443"] = true
			o.AllowHTTP = true
		}, "autoconfig found" + bothOffers + " [warning settings.http_only]"},
		{"http beside an answer that there is nothing, allowed", func(n *internet, o *Options) {
			n.Pages["http://"+acHost+configPath] = publish.XML(both)
			o.AllowHTTP = true
		}, "autoconfig found" + bothOffers + " [warning settings.http_only]"},
		{"http beside a bad certificate, allowed", func(n *internet, o *Options) {
			n.Pages["http://"+acHost+configPath] = publish.XML(both)
			n.Broken(acHost, pki.LeafOptions{Names: []string{"hoster.example"}})
			o.AllowHTTP = true
		}, "autoconfig found" + bothOffers + " [error settings.https_certificate] [warning settings.http_only]"},
		{"certificate for another name", func(n *internet, _ *Options) {
			n.Pages[acHost+configPath] = publish.XML(both)
			n.Broken(acHost, pki.LeafOptions{Names: []string{"hoster.example"}})
		}, "autoconfig failed [error settings.https_certificate]"},
		{"expired certificate", func(n *internet, _ *Options) {
			n.Pages[acHost+configPath] = publish.XML(both)
			n.Broken(acHost, pki.LeafOptions{Names: []string{acHost}, NotBefore: time.Now().AddDate(0, -3, 0), NotAfter: time.Now().AddDate(0, 0, -2)})
		}, "autoconfig failed [error settings.https_certificate]"},
		{"the domain's own web site has a bad certificate, and is not needed", func(n *internet, _ *Options) {
			n.Pages[acHost+configPath] = publish.XML(both)
			n.Pages["corp.example"] = publish.Text("text/html", "<html/>")
			n.Broken("corp.example", pki.LeafOptions{Names: []string{"hoster.example"}})
		}, "autoconfig found" + bothOffers + "\nautoconfig-wellknown failed [warning settings.https_certificate]"},
		{"wrong path", func(n *internet, _ *Options) {
			n.Pages["corp.example/.well-known/mail/config-v1.1.xml"] = publish.XML(both)
		},
			"autoconfig-wellknown none [error settings.wrong_path]"},
		{"wrong path beside a page for everything", func(n *internet, _ *Options) {
			n.Pages["corp.example"] = publish.Text("text/html", "<html><body>x</body></html>")
			n.Pages["corp.example/mail/config-v1.1.xml"] = publish.XML(both)
		}, "autoconfig-wellknown failed [error settings.html_instead_of_xml] [error settings.wrong_path]"},
		{"wrong path of the right host", func(n *internet, _ *Options) { n.Pages[acHost+wellKnownPath] = publish.XML(both) },
			"autoconfig none [error settings.wrong_path]"},
		{"mailconf", func(n *internet, _ *Options) {
			n.Records["corp.example TXT"] = []string{`"v=spf1 -all"`, `"mailconf=https://www.corp.example/mail.xml"`}
			n.Pages["www.corp.example/mail.xml"] = publish.XML(both)
		}, "mailconf found" + bothOffers},
		{"mailconf in clear", func(n *internet, _ *Options) {
			n.Records["corp.example TXT"] = []string{`"mailconf=http://www.corp.example/mail.xml"`}
		},
			"mailconf failed [warning settings.http_only]"},
		{"mailconf to a file", func(n *internet, _ *Options) {
			n.Records["corp.example TXT"] = []string{`"mailconf=file:///etc/passwd"`}
		},
			"mailconf failed [error settings.unknown_value]"},
		{"SRV", func(n *internet, _ *Options) {
			n.Records["_imaps._tcp.corp.example SRV"] = []string{"0 1 993 imap.corp.example."}
			n.Records["_submission._tcp.corp.example SRV"] = []string{"0 1 587 smtp.corp.example."}
			n.Records["_pop3s._tcp.corp.example SRV"] = []string{"0 0 0 ."}
		}, "srv found imaps://imap.corp.example:993 submission://smtp.corp.example:587"},
		{"SRV to a number", func(n *internet, _ *Options) {
			n.Records["_imaps._tcp.corp.example SRV"] = []string{"0 1 993 192.0.2.9."}
		}, "srv none [error settings.unknown_value]"},
		{"SRV, not offered", func(n *internet, _ *Options) { n.Records["_imaps._tcp.corp.example SRV"] = []string{"0 0 0 ."} }, ""},
		{"SRV, wrong port", func(n *internet, _ *Options) {
			n.Records["_imaps._tcp.corp.example SRV"] = []string{"0 1 995 imap.corp.example."}
		},
			"srv found imaps://imap.corp.example:995 [error settings.port_contradicts]"},
		{"SRV, foreign and weaker first", func(n *internet, _ *Options) {
			n.Records["_imaps._tcp.corp.example SRV"] = []string{"10 1 993 imap.hoster.example."}
			n.Records["_imap._tcp.corp.example SRV"] = []string{"0 1 143 imap.corp.example."}
		}, "srv found imaps://imap.hoster.example:993 imap://imap.corp.example:143 [warning dns.srv_target_foreign] [warning dns.srv_plain_preferred]"},
		{"Autodiscover", func(n *internet, _ *Options) { n.Pages[adHost+autodiscoverPath] = publish.XML(pox(poxIMAP)) }, "autodiscover found imaps://imap.corp.example:993"},
		{"Autodiscover at the domain", func(n *internet, _ *Options) { n.Pages["corp.example"+autodiscoverPath] = publish.XML(pox(poxIMAP)) }, "autodiscover found imaps://imap.corp.example:993"},
		{"Autodiscover by SRV", func(n *internet, _ *Options) {
			n.Records["_autodiscover._tcp.corp.example SRV"] = []string{"0 0 443 ad.hoster.example."}
			n.Pages["ad.hoster.example"+autodiscoverPath] = publish.XML(pox(poxIMAP))
		}, "autodiscover found imaps://imap.corp.example:993"},
		{"Autodiscover by a redirect stays a POST", func(n *internet, _ *Options) {
			n.Pages[adHost+autodiscoverPath] = publish.Redirect("https://ad.hoster.example/ad")
			n.Pages["ad.hoster.example/ad"] = func(w http.ResponseWriter, q *http.Request) {
				if q.Method != "POST" {
					w.WriteHeader(405)
					return
				}
				io.WriteString(w, pox(poxIMAP))
			}
		}, "autodiscover found imaps://imap.corp.example:993"},
		{"Autodiscover for another address", func(n *internet, _ *Options) {
			n.Pages[adHost+autodiscoverPath] = publish.XML(pox(`<Action>redirectAddr</Action><RedirectAddr>x@other.example</RedirectAddr>`))
			n.Pages["autodiscover.other.example"+autodiscoverPath] = publish.XML(pox(poxIMAP))
		}, "autodiscover found imaps://imap.corp.example:993"},
		{"Autodiscover to another URL", func(n *internet, _ *Options) {
			n.Pages[adHost+autodiscoverPath] = publish.XML(pox(`<Action>redirectUrl</Action><RedirectUrl>https://ad.other.example/x</RedirectUrl>`))
			n.Pages["ad.other.example/x"] = publish.XML(pox(poxIMAP))
		}, "autodiscover found imaps://imap.corp.example:993"},
		{"Autodiscover to another URL, and on", func(n *internet, _ *Options) {
			n.Pages[adHost+autodiscoverPath] = publish.XML(pox(`<Action>redirectUrl</Action><RedirectUrl>https://ad.one.example/x</RedirectUrl>`))
			n.Pages["ad.one.example/x"] = publish.XML(pox(`<Action>redirectUrl</Action><RedirectUrl>https://ad.two.example/x</RedirectUrl>`))
			n.Pages["ad.two.example/x"] = publish.XML(pox(poxIMAP))
		}, "autodiscover found imaps://imap.corp.example:993"},
		{"Autodiscover to a URL that wants a password", func(n *internet, _ *Options) {
			n.Pages[adHost+autodiscoverPath] = publish.XML(pox(`<Action>redirectUrl</Action><RedirectUrl>https://ad.one.example/x</RedirectUrl>`))
			n.Pages["ad.one.example/x"] = publish.Status(401)
		}, "autodiscover failed [warning autodiscover.needs_password]"},
		{"Autodiscover to itself", func(n *internet, _ *Options) {
			n.Pages[adHost+autodiscoverPath] = publish.XML(pox(`<Action>redirectUrl</Action><RedirectUrl>https://` + adHost + autodiscoverPath + `</RedirectUrl>`))
		}, "autodiscover failed [error settings.redirects]"},
		{"Autodiscover by its answer in JSON", func(n *internet, _ *Options) {
			n.Pages[adHost+"/autodiscover/autodiscover.json/v1.0/mailprobe@corp.example"] = publish.Text("application/json", `{"Protocol":"Autodiscoverv1","Url":"https://ad.hoster.example/ad"}`)
			n.Pages["ad.hoster.example/ad"] = publish.XML(pox(poxIMAP))
		}, "autodiscover found imaps://imap.corp.example:993"},
		{"Autodiscover in JSON knows another protocol", func(n *internet, _ *Options) {
			n.Pages[adHost+"/autodiscover/autodiscover.json/v1.0/mailprobe@corp.example"] = publish.Text("application/json", `{"ErrorCode":"InvalidProtocol","ErrorMessage":"The given protocol value is invalid"}`)
		}, ""},
		{"Autodiscover in JSON sends into this computer", func(n *internet, _ *Options) {
			n.Pages[adHost+"/autodiscover/autodiscover.json/v1.0/mailprobe@corp.example"] = publish.Text("application/json", `{"protocol":"AUTODISCOVERV1","url":"https://127.0.0.1/ad"}`)
		}, ""},
		{"Autodiscover in capitals", func(n *internet, _ *Options) {
			n.Pages[adHost+"/Autodiscover/Autodiscover.xml"] = publish.XML(pox(poxIMAP))
		}, "autodiscover none [warning settings.wrong_path]"},
		{"Autodiscover by a redirect in clear, not allowed", func(n *internet, _ *Options) {
			n.Pages["http://"+adHost+autodiscoverPath] = publish.Redirect("https://ad.hoster.example/ad")
			n.Pages["ad.hoster.example/ad"] = publish.XML(pox(poxIMAP))
		}, ""},
		{"Autodiscover by a redirect in clear, allowed", func(n *internet, o *Options) {
			n.Pages["http://"+adHost+autodiscoverPath] = publish.Redirect("https://ad.hoster.example/ad")
			n.Pages["ad.hoster.example/ad"] = publish.XML(pox(poxIMAP))
			o.AllowHTTP = true
		}, "autodiscover found imaps://imap.corp.example:993 [warning settings.http_only]"},
		{"Autodiscover in clear itself is not taken", func(n *internet, o *Options) {
			n.Pages["http://"+adHost+autodiscoverPath] = publish.XML(pox(poxIMAP))
			o.AllowHTTP = true
		}, ""},
		{"Autodiscover by a redirect in clear into this computer", func(n *internet, o *Options) {
			n.Pages["http://"+adHost+autodiscoverPath] = publish.Redirect("https://127.0.0.1/ad")
			o.AllowHTTP = true
		}, ""},
		{"Autodiscover round and round", func(n *internet, _ *Options) {
			n.Pages[adHost+autodiscoverPath] = publish.XML(pox(`<Action>redirectAddr</Action><RedirectAddr>x@other.example</RedirectAddr>`))
			n.Pages["autodiscover.other.example"+autodiscoverPath] = publish.XML(pox(`<Action>redirectAddr</Action><RedirectAddr>x@corp.example</RedirectAddr>`))
		}, "autodiscover failed [error settings.redirects]"},
		{"Autodiscover wants a password", func(n *internet, _ *Options) {
			n.Pages[adHost+autodiscoverPath] = func(w http.ResponseWriter, q *http.Request) {
				w.Header().Set("WWW-Authenticate", `Basic realm="x"`)
				w.WriteHeader(401)
			}
		}, "autodiscover failed [warning autodiscover.needs_password]"},
		{"Autodiscover error", func(n *internet, _ *Options) {
			n.Pages[adHost+autodiscoverPath] = publish.XML(`<Autodiscover><Response><Error><ErrorCode>500</ErrorCode><Message>no such user</Message></Error></Response></Autodiscover>`)
		}, "autodiscover none [info autodiscover.error]"},
		{"Autodiscover is somebody else's", func(n *internet, _ *Options) {
			n.Pages[adHost] = publish.Status(404)
			n.Records[adHost+" A"] = []string{"CNAME autodiscover.outlook.com."}
			n.Broken(adHost, pki.LeafOptions{Names: []string{"outlook.com"}})
		}, "autodiscover failed [warning settings.https_certificate]"},
		{"PACC", func(n *internet, _ *Options) {
			n.Pages["ua-auto-config.corp.example"+paccPath] = publish.Text("application/json", paccBody)
			n.Records["_ua-auto-config.corp.example TXT"] = []string{`"d=` + digest("old") + `;a=sha256; v=UAAC1"`, `"v=UAAC1; x=y; a=sha256; d=` + digest(paccBody) + `;"`}
		}, "pacc found" + bothOffers},
		{"PACC, packed", func(n *internet, _ *Options) {
			n.Pages["ua-auto-config.corp.example"+paccPath] = func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Encoding", "gzip")
				z := gzip.NewWriter(w)
				io.WriteString(z, paccBody)
				z.Close()
			}
			n.Records["_ua-auto-config.corp.example TXT"] = []string{`"v=UAAC1; a=sha256; d=` + digest(paccBody) + `"`}
		}, "pacc found" + bothOffers},
		{"PACC, digest of another", func(n *internet, _ *Options) {
			n.Pages["ua-auto-config.corp.example"+paccPath] = publish.Text("application/json", paccBody)
			n.Records["_ua-auto-config.corp.example TXT"] = []string{`"v=UAAC1; a=sha256; d=` + digest("old") + `"`}
		}, "pacc failed [error settings.digest]"},
		{"PACC: a page for every name of the domain", func(n *internet, _ *Options) {
			n.Pages["ua-auto-config.corp.example"] = publish.Text("text/html", "<html><body>x</body></html>")
		}, ""},
		{"PACC: a certificate for another name, and nothing in DNS", func(n *internet, _ *Options) {
			n.Pages["ua-auto-config.corp.example"] = publish.Text("application/json", paccBody)
			n.Broken("ua-auto-config.corp.example", pki.LeafOptions{Names: []string{"corp.example"}})
		}, ""},
		{"PACC: a certificate for another name", func(n *internet, _ *Options) {
			n.Pages["ua-auto-config.corp.example"] = publish.Text("application/json", paccBody)
			n.Records["_ua-auto-config.corp.example TXT"] = []string{`"v=UAAC1; a=sha256; d=` + digest(paccBody) + `"`}
			n.Broken("ua-auto-config.corp.example", pki.LeafOptions{Names: []string{"corp.example"}})
		}, "pacc failed [error settings.https_certificate]"},
		{"PACC without a digest", func(n *internet, _ *Options) {
			n.Pages["ua-auto-config.corp.example"+paccPath] = publish.Text("application/json", paccBody)
		},
			"pacc failed [error settings.digest]"},
		{"MX of a provider", func(n *internet, _ *Options) {
			n.Records["corp.example MX"] = []string{"10 corp-example.mail.protection.outlook.com.", "20 backup.corp.example."}
		},
			"mx found imaps://outlook.office365.com:993 pop3s://outlook.office365.com:995 submission://smtp.office365.com:587"},
		{"MX of a hoster", func(n *internet, _ *Options) {
			n.Records["corp.example MX"] = []string{"10 mx1.mail.hoster.co.uk."}
			n.Pages["autoconfig.hoster.co.uk"+configPath] = publish.XML(both)
		}, "mx found" + bothOffers},
		{"MX of a public suffix", func(n *internet, _ *Options) {
			n.Records["corp.example MX"] = []string{"10 mx.co.uk."}
			n.Pages["autoconfig.co.uk"+configPath] = publish.XML(both)
		}, ""},
		{"no mail at all", func(n *internet, _ *Options) { n.Records["corp.example MX"] = []string{"0 ."} }, "mx none [info dns.null_mx]"},
	} {
		t.Run(row.name, func(t *testing.T) {
			n := newInternet(t)
			o := n.options()
			row.set(n, &o)
			o.NoGuess = true
			if got := strings.TrimSuffix(said(n.ask(o, "corp.example")), "\n"); got != row.want {
				t.Errorf("got  %s\nwant %s", got, row.want)
			}
		})
	}
}

// A document that was made for one address is read as one for everybody.
func TestUserNamesOfOneAddress(t *testing.T) {
	const login = `<Protocol><Type>IMAP</Type><Server>imap.corp.example</Server><Port>993</Port><SSL>on</SSL><LoginName>%s</LoginName></Protocol>`
	config := func(name string) string { return strings.ReplaceAll(both, "%EMAILADDRESS%", name) }
	for _, row := range []struct {
		name   string
		send   bool
		config func(asked string) string // by what is told
		login  string
		want   string // user names and findings
	}{
		{"the address", true, func(asked string) string { return config("Ida@corp.example") }, "Ida@corp.example", "%EMAILADDRESS% %EMAILADDRESS% / %EMAILADDRESS%"},
		{"in lower case", true, func(asked string) string { return config("ida@corp.example") }, "ida@corp.example",
			"%EMAILADDRESS% %EMAILADDRESS% warning settings.placeholder warning settings.placeholder / %EMAILADDRESS% warning settings.placeholder"},
		{"the local part", true, func(asked string) string { return config("Ida") }, "Ida", "%EMAILLOCALPART% %EMAILLOCALPART% / %EMAILLOCALPART%"},
		{"nobody was asked for", false, func(asked string) string { return config("info@corp.example") }, "mailprobe",
			"%EMAILADDRESS% %EMAILADDRESS% warning settings.placeholder warning settings.placeholder / %EMAILLOCALPART%"},
		{"the form without, the address with", true, func(asked string) string {
			if asked == "" {
				return both
			}
			return config(asked)
		}, "Ida@corp.example", "%EMAILADDRESS% %EMAILADDRESS% / %EMAILADDRESS%"},
		{"other servers without", true, func(asked string) string {
			if asked == "" {
				return publish.Config("imap old.corp.example 993 SSL")
			}
			return both
		}, "Ida@corp.example", "%EMAILADDRESS% %EMAILADDRESS% warning settings.conflict / %EMAILADDRESS%"},
		{"nothing without", true, func(asked string) string {
			if asked == "" {
				return publish.Config()
			}
			return both
		}, "Ida@corp.example", "%EMAILADDRESS% %EMAILADDRESS% info settings.conflict / %EMAILADDRESS%"},
	} {
		n := newInternet(t)
		n.Pages[acHost+configPath] = func(w http.ResponseWriter, q *http.Request) {
			publish.XML(row.config(q.URL.Query().Get("emailaddress")))(w, q)
		}
		n.Pages[adHost+autodiscoverPath] = publish.XML(pox(fmt.Sprintf(login, row.login)))
		o := n.options()
		o.SendAddress = row.send
		r := n.ask(o, "Ida@corp.example")
		var got []string
		for _, s := range []Source{Autoconfig, Autodiscover} {
			for _, offer := range r.Of(s).Offers {
				got = append(got, string(offer.Username))
			}
			for _, f := range r.Of(s).Findings {
				got = append(got, string(f.Severity), f.Code)
			}
			got = append(got, "/")
		}
		if text := strings.TrimSuffix(strings.Join(got, " "), " /"); text != row.want {
			t.Errorf("%s\n got %s\nwant %s", row.name, text, row.want)
		}
	}
}

// What is left behind by a move is named with the record to change.
func TestUnexpected(t *testing.T) {
	n := newInternet(t)
	n.Records["corp.example MX"] = []string{"10 alt1.aspmx.l.google.com.", "5 aspmx.l.google.com."}
	n.Records["_imaps._tcp.corp.example SRV"] = []string{"0 1 993 old.corp.example."}
	n.Records["_submission._tcp.corp.example SRV"] = []string{"0 1 587 smtp.office365.com."}
	o := n.options()
	p, _ := o.Catalogue.Lookup("office365")
	var got []string
	for _, f := range n.ask(o, "corp.example").Unexpected(p) {
		got = append(got, f.Says())
	}
	want := []string{"the SRV record _imaps._tcp.corp.example points to old.corp.example:993, which is no server of Office 365.",
		"the MX record of corp.example points to aspmx.l.google.com, which is no server of Office 365."}
	if !slices.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}

// A source that hardly any domain has is named where there is one.
func TestMailConfIsNoSourceWithoutRecord(t *testing.T) {
	n := newInternet(t)
	n.Records["corp.example TXT"] = []string{`"v=spf1 -all"`}
	if r := n.ask(n.options(), "corp.example"); r.Of(MailConf) != nil || r.Of(SRV) == nil {
		t.Errorf("%+v", r.Sources)
	}
}

// A domain of which nobody knows anything is told apart from one that
// publishes nothing.
func TestExists(t *testing.T) {
	for _, row := range []struct {
		name string
		set  func(*internet, *Options)
		want bool
	}{
		{"nothing", func(*internet, *Options) {}, false},
		{"a web site", func(n *internet, _ *Options) { n.Pages["corp.example"] = publish.Status(404) }, true},
		{"a web site that refuses", func(n *internet, _ *Options) { n.Addrs["corp.example"] = "192.0.2.7"; n.Refused["192.0.2.7"] = true }, true},
		{"MX", func(n *internet, _ *Options) { n.Records["corp.example MX"] = []string{"10 mx.corp.example."} }, true},
		{"no mail", func(n *internet, _ *Options) { n.Records["corp.example MX"] = []string{"0 ."} }, true},
		{"SRV says no", func(n *internet, _ *Options) { n.Records["_imaps._tcp.corp.example SRV"] = []string{"0 0 0 ."} }, true},
		{"DNS cannot be asked", func(_ *internet, o *Options) { o.DNS = nil }, false},
	} {
		n := newInternet(t)
		o := n.options()
		row.set(n, &o)
		if got := n.ask(o, "corp.example").Exists(); got != row.want {
			t.Errorf("%s: %v, want %v", row.name, got, row.want)
		}
	}
}

// Nobody is told whom it is asked for, unless that is wanted.
func TestAddressIsToldToNobody(t *testing.T) {
	for _, row := range []struct {
		send bool
		want bool
	}{{false, false}, {true, true}} {
		n := newInternet(t)
		n.Pages[acHost+configPath], n.Pages["corp.example"], n.Pages[adHost] = publish.Status(404), publish.Status(404), publish.Status(404)
		n.Records["corp.example MX"] = []string{"10 mx.hoster.example."}
		n.Pages["autoconfig.hoster.example"] = publish.Status(404)
		o := n.options()
		o.SendAddress = row.send
		n.ask(o, "secretive@corp.example")
		if got := strings.Contains(n.Asked(), "secretive"); got != row.want || !strings.Contains(n.Asked(), "mailprobe@corp.example") != row.want {
			t.Errorf("told: %t\nwant %t\n%s", got, row.want, n.Asked())
		}
	}
}

// Of several hosts of the best preference none alone is said to be nobody's.
func TestEveryBestMXIsNamed(t *testing.T) {
	n := newInternet(t)
	n.Records["corp.example MX"] = []string{"10 b.corp.example.", "10 corp-example.mail.protection.outlook.com.", "20 later.corp.example."}
	mx := n.ask(n.options(), "corp.example").Of(MX)
	const hosts = "b.corp.example, corp-example.mail.protection.outlook.com"
	if mx.Where != "corp.example MX "+hosts || !strings.HasPrefix(mx.Reason, hosts+" belong to no one provider") {
		t.Errorf("got  %q, %q\nwant both of %s", mx.Where, mx.Reason, hosts)
	}
}

// A server in a private network is not even called.
func TestPrivateAddressesAreNotCalled(t *testing.T) {
	n := newInternet(t)
	n.Records["_autodiscover._tcp.corp.example SRV"] = []string{"0 0 443 ad.corp.example."}
	n.Records["corp.example MX"] = []string{"10 mx.hoster.example."}
	n.Records["corp.example TXT"] = []string{`"mailconf=https://ad.corp.example/x"`}
	for host, addr := range map[string]string{"ad.corp.example": "10.1.2.3", "autoconfig.hoster.example": "::1", "imap.corp.example": "192.168.1.1", "mail.corp.example": "100.64.0.1"} {
		n.Addrs[host] = addr
	}
	r := n.ask(n.options(), "corp.example")
	if strings.Contains(n.Asked(), "dial") || r.Found() {
		t.Errorf("got  %s\n%s", n.Asked(), said(r))
	}
}

func TestGuessesAreVerified(t *testing.T) {
	n := newInternet(t)
	n.Addrs["imap.corp.example"], n.Addrs["mail.corp.example"], n.Addrs["pop.corp.example"] = "192.0.2.2", "192.0.2.3", "192.0.2.4"
	n.Broken("pop.corp.example", pki.LeafOptions{Names: []string{"hoster.example"}})
	r := n.ask(n.options(), "corp.example")
	want := "guess found imaps://imap.corp.example:993 pop3s://mail.corp.example:995 submissions://mail.corp.example:465\n"
	if got := said(r); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestConflicts(t *testing.T) {
	n := newInternet(t)
	n.Pages[acHost+configPath] = publish.XML(publish.Config("imap imap.corp.example 993 SSL", "pop3 pop.corp.example 995 SSL", "smtp smtp.corp.example 587 STARTTLS"))
	n.Records["_imaps._tcp.corp.example SRV"] = []string{"0 1 993 old.corp.example."}
	n.Records["_pop3s._tcp.corp.example SRV"] = []string{"0 0 0 ."}
	n.Pages[adHost+autodiscoverPath] = publish.XML(pox(`<Protocol><Type>SMTP</Type><Server>SMTP.corp.example</Server><Port>587</Port><Encryption>SSL</Encryption></Protocol>`))
	n.Records["corp.example MX"] = []string{"0 mx.corp.example."}
	r := n.ask(n.options(), "corp.example")
	want := "warning dns.srv_mismatch imap: autoconfig, srv\nerror dns.srv_service_disabled pop3: autoconfig, srv\nerror settings.conflict smtp: autoconfig, autodiscover\n"
	if got := said(r); !strings.HasSuffix(got, want) || !r.Broken() || !r.Found() {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	var got []string
	for _, e := range r.Endpoints() {
		got = append(got, fmt.Sprint(e.At, " ", e.Sources[0].Source))
	}
	if want := "imaps://imap.corp.example:993 autoconfig, pop3s://pop.corp.example:995 autoconfig, submission://smtp.corp.example:587 autoconfig, imaps://old.corp.example:993 srv, submissions://smtp.corp.example:587 autodiscover"; strings.Join(got, ", ") != want {
		t.Errorf("got  %s\nwant %s", strings.Join(got, ", "), want)
	}
}

// What is silent costs no more than its limit.
func TestSilenceIsBounded(t *testing.T) {
	n := newInternet(t)
	release := make(chan struct{})
	t.Cleanup(func() { close(release) })
	n.Pages[acHost] = func(http.ResponseWriter, *http.Request) { <-release }
	n.Pages["corp.example"+wellKnownPath] = publish.XML(both)
	o := n.options()
	o.Each = time.Second
	r := n.ask(o, "corp.example")
	if ac := r.Of(Autoconfig); ac.Status != Failed || ac.Findings[0].Severity != finding.Warning || r.Of(AutoconfigWellKnown).Status != Found {
		t.Errorf("got  %s", said(r))
	}
}

func TestTargets(t *testing.T) {
	for target, want := range map[string]string{"me@Corp.example": "corp.example", "münchen.example.": "xn--mnchen-3ya.example", "a b": ""} {
		if got, err := Domain(target); got != want || (err == nil) != (want != "") {
			t.Errorf("%s: got  %q, %v\nwant %q", target, got, err, want)
		}
	}
}
