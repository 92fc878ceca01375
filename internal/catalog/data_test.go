package catalog

import (
	"io/fs"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"mailprobe/internal/settings"
)

// TestFiles holds every file against what a file must be, and the quick
// reading of its names and endpoints against the whole.
func TestFiles(t *testing.T) {
	if err := Check(providers); err != nil {
		t.Error(err)
	}
}

// TestEveryFactHasASource: a page that nobody has read is named as help, and
// proves nothing.
func TestEveryFactHasASource(t *testing.T) {
	for _, p := range Load().All() {
		check := func(what string, s settings.Source) {
			t.Helper()
			if s.Title == "" || s.Publisher == "" || !strings.HasPrefix(s.URL, "https://") || s.Read == "" {
				t.Errorf("%s: %s\ngot  source %+v\nwant title, publisher, https URL and when it was read", p.ID, what, s)
			}
		}
		for _, e := range p.Settings() {
			check(e.String(), e.Source)
			for _, s := range e.Also {
				check(e.String(), s)
			}
			for _, s := range e.SignIn {
				check(e.String()+" "+s.Way, s.Source)
			}
		}
		for _, n := range p.NotOffered {
			check(n.Note, n.Source)
		}
		for _, a := range p.Advice {
			check(a.Text, a.Source)
		}
		for _, n := range p.Notes {
			check(n.Text, n.Source)
		}
		if p.OAuth != nil {
			check("OAuth2", p.OAuth.Source)
		}
	}
}

// clientID matches the client ids and secrets of Microsoft, Google and Yahoo.
var clientID = regexp.MustCompile(`(?i)[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}['"\s]|googleusercontent|GOCSPX-|dj0yJmk9|client_(id|secret)`)

func TestNoClientID(t *testing.T) {
	files, err := fs.Glob(providers, "providers/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatalf("got  %d files, %v\nwant some", len(files), err)
	}
	for _, name := range files {
		data, err := fs.ReadFile(providers, name)
		if err != nil {
			t.Fatal(err)
		}
		for _, line := range strings.Split(string(data), "\n") {
			if clientID.MatchString(line) && !strings.Contains(line, "support.microsoft.com") {
				t.Errorf("%s: %q looks like a client id", name, line)
			}
		}
	}
}

func TestOAuth(t *testing.T) {
	c := Load()
	for _, row := range []struct {
		id, mechanism, imapScope string
		device, tenant, appOnly  bool
		account                  bool // the application is a service account
		redirect                 string
	}{
		{id: "aol", imapScope: "mail-w"},
		{id: "gmail", imapScope: "https://mail.google.com/", appOnly: true, account: true},
		{id: "msn", mechanism: "XOAUTH2", imapScope: "https://outlook.office.com/IMAP.AccessAsUser.All", device: true, redirect: "localhost"},
		{id: "office365", mechanism: "XOAUTH2", imapScope: "https://outlook.office.com/IMAP.AccessAsUser.All", device: true, redirect: "localhost", tenant: true, appOnly: true},
		{id: "outlook", mechanism: "XOAUTH2", imapScope: "https://outlook.office.com/IMAP.AccessAsUser.All", device: true, redirect: "localhost"},
		{id: "yahoo", imapScope: "mail-w"},
	} {
		t.Run(row.id, func(t *testing.T) {
			o := mustLookup(t, c, row.id).OAuth
			if o == nil {
				t.Fatal("got  no OAuth2\nwant some")
			}
			if o.Mechanism != row.mechanism {
				t.Errorf("mechanism\ngot  %q\nwant %q", o.Mechanism, row.mechanism)
			}
			if got := strings.Join(o.Scopes[settings.IMAP], " "); got != row.imapScope {
				t.Errorf("IMAP scope\ngot  %q\nwant %q", got, row.imapScope)
			}
			if got := o.DeviceURL != ""; got != row.device {
				t.Errorf("device code\ngot  %v\nwant %v", got, row.device)
			}
			if o.Tenant != row.tenant {
				t.Errorf("tenant\ngot  %v\nwant %v", o.Tenant, row.tenant)
			}
			if got := o.AppScope != ""; got != row.appOnly {
				t.Errorf("client credentials\ngot  %v\nwant %v", got, row.appOnly)
			}
			if got := o.AppGrant != ""; got != row.account {
				t.Errorf("service account\ngot  %v\nwant %v", got, row.account)
			}
			if o.RedirectHost != row.redirect {
				t.Errorf("redirect host\ngot  %q\nwant %q", o.RedirectHost, row.redirect)
			}
			for _, p := range settings.Protocols() {
				if len(o.Scopes[p]) == 0 {
					t.Errorf("got  no scope for %s\nwant one", p)
				}
			}
		})
	}
	if o := mustLookup(t, c, "icloud").OAuth; o != nil {
		t.Errorf("icloud\ngot  %+v\nwant no OAuth2", o)
	}
}

// TestSMTPAuthAdvice holds the day on which Microsoft's default changes.
func TestSMTPAuthAdvice(t *testing.T) {
	p := mustLookup(t, Load(), "office365")
	for _, row := range []struct {
		name, day, want, never string
	}{
		{"today", "2026-11-23", "at the end of December 2026 Microsoft switches passwords for sending off", "has announced that since"},
		{"the last day before", "2026-12-31", "at the end of December 2026 Microsoft switches passwords for sending off", "has announced that since"},
		{"the first day after", "2027-01-01", "since the end of December 2026 sending with a user name and password (SMTP AUTH) is switched off", "Better let"},
	} {
		t.Run(row.name, func(t *testing.T) {
			got := p.AdviceFor("auth.smtp_auth_disabled", settings.SMTP, day(t, row.day))
			if len(got) != 1 {
				t.Fatalf("got  %d texts\nwant 1", len(got))
			}
			if !strings.Contains(got[0].Text, row.want) || strings.Contains(got[0].Text, row.never) {
				t.Errorf("got  %s\nwant %s\nnot  %s", got[0].Text, row.want, row.never)
			}
		})
	}
}

// TestAdviceForRejected: whoever is rejected where the password of the account
// is not simply taken gets a next step, before and after the new year.
func TestAdviceForRejected(t *testing.T) {
	for _, p := range Load().All() {
		for _, e := range p.Settings() {
			own, known := e.SignInBy("password")
			if known && (own.Status == settings.DocumentedWay || own.Status == settings.UnverifiedWay) && len(p.Enable) == 0 && p.Region == nil {
				continue
			}
			for _, date := range []string{"2026-11-23", "2027-01-01"} {
				if len(p.AdviceFor("auth.rejected", e.Protocol, day(t, date))) == 0 {
					t.Errorf("%s %s %s\ngot  no advice\nwant some", p.ID, e.Protocol, date)
				}
			}
		}
	}
}

func TestAdviceReadsAloud(t *testing.T) {
	for _, p := range Load().All() {
		for _, a := range p.Advice {
			if !strings.HasSuffix(a.Text, ".") || len(a.Text) > 480 {
				t.Errorf("%s: %d letters, %q\nwant whole sentences, at most 480 letters", p.ID, len(a.Text), a.Text)
			}
		}
	}
}

func day(t *testing.T, text string) time.Time {
	t.Helper()
	d, err := time.Parse(time.DateOnly, text)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// TestLint: what stands in a file must make sense as settings, beyond its form.
// A setting that is odd on purpose is told here.
func TestLint(t *testing.T) {
	odd := map[string]string{"submissions://mobile.charter.net:587": "TLS from the start on 587, as a trial found"}
	for _, p := range Load().All() {
		first := map[settings.Protocol]settings.Security{}
		for _, s := range p.Settings() {
			if standard := s.Port == settings.DefaultPort(s.Protocol, s.Security); !standard && odd[s.Endpoint.String()] == "" && p.Bridge == nil {
				t.Errorf("%s: %s\ngot  a port of another service\nwant %d, or a word about it here", p.ID, s.Endpoint, settings.DefaultPort(s.Protocol, s.Security))
			}
			if s.Security == settings.Plain && s.Role != settings.Legacy {
				t.Errorf("%s: %s\ngot  no encryption\nwant some", p.ID, s.Endpoint)
			}
			if s.Role != settings.Documented {
				continue
			}
			if before, ok := first[s.Protocol]; ok && before == settings.StartTLS && s.Security == settings.TLS {
				t.Errorf("%s: %s\ngot  it behind STARTTLS\nwant it first", p.ID, s.Endpoint)
			}
			first[s.Protocol] = s.Security
			if _, ok := s.SignInBy("oauth2", "app-password", "password"); !ok {
				t.Errorf("%s: %s\ngot  no way to sign in\nwant one", p.ID, s.Endpoint)
			}
			if way, ok := s.SignInBy("oauth2"); ok && way.Status == settings.DocumentedWay && (p.OAuth == nil || len(p.OAuth.Scopes[s.Protocol]) == 0) {
				t.Errorf("%s: %s\ngot  OAuth2 without a scope\nwant one", p.ID, s.Endpoint)
			}
		}
	}
}

// TestManyProviders: enough for most callers, most of whom use one of these.
func TestManyProviders(t *testing.T) {
	all := Load().Outlines()
	if len(all) < 100 {
		t.Errorf("got  %d providers\nwant at least 100", len(all))
	}
	for _, text := range []string{"gmx", "web.de", "fastmail", "zoho", "yandex", "mail.ru", "qq", "163", "t-online", "comcast", "btinternet.com", "orange.fr", "libero.it", "wp.pl", "seznam.cz", "naver.com"} {
		if !Load().Knows(text) {
			t.Errorf("%s is not known", text)
		}
	}
}

// TestKnownFaults: what wrong collections of settings say, and this one must not.
func TestKnownFaults(t *testing.T) {
	documented := map[string][]settings.Endpoint{}
	c := Load()
	for _, p := range c.All() {
		for _, s := range p.Settings() {
			if s.Role == settings.Documented || s.Role == settings.Alternative {
				documented[s.Host] = append(documented[s.Host], s.Endpoint)
			}
		}
	}
	for _, wrong := range []settings.Endpoint{
		{Protocol: settings.SMTP, Host: "smtp.verizon.net", Port: 465, Security: settings.TLS},
		{Protocol: settings.SMTP, Host: "smtp.office365.com", Port: 465, Security: settings.TLS},
		{Protocol: settings.SMTP, Host: "smtp-mail.outlook.com", Port: 465, Security: settings.TLS},
		{Protocol: settings.SMTP, Host: "smtp.mail.me.com", Port: 465, Security: settings.TLS},
		{Protocol: settings.SMTP, Host: "smtp.rediffmail.com", Port: 586, Security: settings.TLS},
		{Protocol: settings.POP3, Host: "pop3s.pec.aruba.it", Port: 993, Security: settings.TLS},
		{Protocol: settings.IMAP, Host: "imap.cox.net", Port: 993, Security: settings.TLS},
	} {
		for _, e := range documented[wrong.Host] {
			if e == wrong {
				t.Errorf("%s is documented", e)
			}
		}
	}
	for _, row := range []struct{ provider, host, never string }{
		{"zoho", "imap.zoho.com", "imap.zoho.eu"}, {"zoho-eu", "imap.zoho.eu", "imap.zoho.com"},
		{"ovh", "imap.mail.ovh.net", "imap.mail.ovh.ca"}, {"ovh", "ssl0.ovh.net", ""}, {"ovh-ca", "imap.mail.ovh.ca", "ssl0.ovh.net"},
		{"verizon.net", "smtp.aol.com", "smtp.verizon.com"}, {"me@yahoo.co.jp", "imap.mail.yahoo.co.jp", "imap.mail.yahoo.com"},
	} {
		p := mustLookup(t, c, row.provider)
		hosts := each(p.Settings(), func(s settings.Setting) string { return s.Host })
		if !slices.Contains(hosts, row.host) || slices.Contains(hosts, row.never) {
			t.Errorf("%s\ngot  %v\nwant %s and not %q", row.provider, hosts, row.host, row.never)
		}
		if p.Region != nil && p.Settings()[0].When == "" {
			t.Errorf("%s\ngot  servers for everybody\nwant them for %s", row.provider, p.Region.Name)
		}
	}
}
