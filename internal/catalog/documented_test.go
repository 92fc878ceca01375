package catalog

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"mailprobe/internal/settings"
)

// documented is the table of the article that the seven rows come from.
var documented = map[string][]string{
	"aol":       {"imap imap.aol.com 993 tls", "pop3 pop.aol.com 995 tls", "smtp smtp.aol.com 465 tls"},
	"gmail":     {"imap imap.gmail.com 993 tls", "pop3 pop.gmail.com 995 tls", "smtp smtp.gmail.com 465 tls"},
	"icloud":    {"imap imap.mail.me.com 993 tls", "smtp smtp.mail.me.com 587 starttls"},
	"msn":       {"imap imap-mail.outlook.com 993 tls", "pop3 pop-mail.outlook.com 995 tls", "smtp smtp-mail.outlook.com 587 starttls"},
	"office365": {"imap outlook.office365.com 993 tls", "pop3 outlook.office365.com 995 tls", "smtp smtp.office365.com 587 starttls"},
	"outlook":   {"imap imap-mail.outlook.com 993 tls", "pop3 pop-mail.outlook.com 995 tls", "smtp smtp-mail.outlook.com 587 starttls"},
	"yahoo": {"imap imap.mail.yahoo.com 993 tls", "pop3 pop.mail.yahoo.com 995 tls", "smtp smtp.mail.yahoo.com 465 tls",
		"smtp smtp.mail.yahoo.com 587 starttls"},
}

var names = map[string]string{
	"aol":       "AOL (including Verizon.net)",
	"gmail":     "Gmail",
	"icloud":    "iCloud",
	"msn":       "MSN",
	"office365": "Office 365",
	"outlook":   "Outlook.com, Hotmail.com, Live.com",
	"yahoo":     "Yahoo!",
}

func TestDocumentedRows(t *testing.T) {
	c := Load()
	for id, want := range documented {
		t.Run(id, func(t *testing.T) {
			p := mustLookup(t, c, id)
			if p.Name != names[id] {
				t.Errorf("got  %q\nwant %q", p.Name, names[id])
			}
			var got []string
			for _, e := range p.Settings() {
				if e.Role != settings.Documented {
					continue
				}
				got = append(got, fmt.Sprintf("%s %s %d %s", e.Protocol, e.Host, e.Port, e.Security))
				checkArticle(t, e)
			}
			if !slices.Equal(got, want) {
				t.Errorf("got  %q\nwant %q", got, want)
			}
		})
	}
}

// checkArticle wants the article among the sources, and the provider's own page
// shown before it, unless the two contradict each other.
func checkArticle(t *testing.T, s settings.Setting) {
	t.Helper()
	want := settings.Source{
		Kind:      settings.Report,
		Title:     "SMTP, POP, & IMAP Settings for Office 365",
		Publisher: "Kernel Data Recovery Blog",
		URL:       "https://www.nucleustechnologies.com/blog/smtp-pop-imap-settings-for-office-365/",
		Read:      "2026-11",
	}
	if !slices.Contains(append(s.Also, s.Source), want) {
		t.Errorf("%s\ngot  %+v, %+v\nwant %+v among them", s.Endpoint, s.Source, s.Also, want)
	}
	if s.Disputed == nil && s.Source.Kind != settings.Official || s.Disputed != nil && s.Disputed.Source.Kind != settings.Official {
		t.Errorf("%s\ngot  %+v, disputed: %+v\nwant the provider's own page", s.Endpoint, s.Source, s.Disputed)
	}
}

func TestICloudHasNoPOP(t *testing.T) {
	p := mustLookup(t, Load(), "icloud")
	if len(p.NotOffered) != 1 {
		t.Fatalf("got  %d protocols that are not offered\nwant 1", len(p.NotOffered))
	}
	n := p.NotOffered[0]
	if n.Protocol != settings.POP3 || !strings.HasPrefix(n.Source.URL, "https://support.apple.com/") {
		t.Errorf("got  %+v\nwant POP3, said by Apple", n)
	}
}

func TestUsernames(t *testing.T) {
	for _, p := range original().All() {
		for _, e := range p.Settings() {
			want := settings.FullAddress
			if e.Host == "imap.mail.me.com" {
				want = settings.LocalPart
			}
			if e.Username != want {
				t.Errorf("%s\ngot  %s\nwant %s", e.Endpoint, e.Username, want)
			}
		}
	}
}

// TestSignIn pins what a password can and cannot do on each documented
// endpoint, because a wrong word here sends users the wrong way.
func TestSignIn(t *testing.T) {
	c := Load()
	for _, row := range []struct {
		id       string
		protocol settings.Protocol
		want     string
	}{
		{"aol", settings.IMAP, "oauth2 documented, app-password disputed, password refused"},
		{"gmail", settings.SMTP, "oauth2 documented, app-password documented, password refused"},
		{"icloud", settings.IMAP, "app-password documented, password refused"},
		{"msn", settings.POP3, "oauth2 documented, app-password refused, password refused"},
		{"office365", settings.IMAP, "oauth2 documented, app-password refused, password refused"},
		{"office365", settings.SMTP, "oauth2 documented, password documented"},
		{"outlook", settings.SMTP, "oauth2 documented, app-password refused, password refused"},
		{"yahoo", settings.SMTP, "oauth2 documented, app-password disputed, password refused"},
	} {
		t.Run(row.id+" "+string(row.protocol), func(t *testing.T) {
			for _, e := range mustLookup(t, c, row.id).Settings() {
				if e.Protocol != row.protocol || e.Role != settings.Documented {
					continue
				}
				var ways []string
				for _, s := range e.SignIn {
					ways = append(ways, s.Way+" "+s.Status)
				}
				if got := strings.Join(ways, ", "); got != row.want {
					t.Errorf("got  %s\nwant %s", got, row.want)
				}
			}
		})
	}
}

func mustLookup(t testing.TB, c *Catalog, text string) *settings.Provider {
	t.Helper()
	p, ok := c.Lookup(text)
	if !ok {
		t.Fatalf("%q is not found", text)
	}
	return p
}

// TestRefusalsAreDated: what is documented as refused keeps a credential from
// being sent, so it says since when, or when it was read.
func TestRefusalsAreDated(t *testing.T) {
	year := regexp.MustCompile(`\b20\d\d\b`)
	seen := 0
	for _, p := range Load().All() {
		for _, s := range p.Settings() {
			x, ok := s.SignInBy("password", "app-password")
			if !ok || x.Status != settings.RefusedWay {
				continue
			}
			seen++
			if x.Source.Title == "" || x.Source.Publisher == "" || !year.MatchString(x.Note+" "+x.Source.Read) {
				t.Errorf("%s, %s\ngot  %+v\nwant a source and a date", p.ID, s.Endpoint, x)
			}
		}
	}
	if seen == 0 {
		t.Error("got  no refusal\nwant those of Microsoft")
	}
}
