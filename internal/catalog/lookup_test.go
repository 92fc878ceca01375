package catalog

import (
	"os"
	"slices"
	"strings"
	"testing"

	"mailprobe/internal/settings"
)

func TestLookup(t *testing.T) {
	c := Load()
	for _, row := range []struct{ name, text, want string }{
		{"id", "office365", "office365"},
		{"id in capitals", "GMAIL", "gmail"},
		{"id with space around", " yahoo ", "yahoo"},
		{"alias", "o365", "office365"},
		{"alias m365", "M365", "office365"},
		{"alias in two words", "Exchange Online", "office365"},
		{"alias hotmail", "hotmail", "outlook"},
		{"alias live", "Live", "outlook"},
		{"alias apple", "apple", "icloud"},
		{"alias verizon", "Verizon", "aol"},
		{"alias google workspace", "Google Workspace", "gmail"},
		{"display name", "Office 365", "office365"},
		{"display name with a mark", "Yahoo!", "yahoo"},
		{"long display name", "AOL (including Verizon.net)", "aol"},
		{"domain", "gmail.com", "gmail"},
		{"domain in capitals with dot", "GoogleMail.COM.", "gmail"},
		{"domain outlook.com", "outlook.com", "outlook"},
		{"domain of a country", "hotmail.co.uk", "outlook"},
		{"last domain of the list", "livemail.tw", "outlook"},
		{"msn.com belongs to msn", "msn.com", "msn"},
		{"domain mac.com", "mac.com", "icloud"},
		{"domain verizon.net", "verizon.net", "aol"},
		{"domain in full-width letters", "ｇｍａｉｌ.com", "gmail"},
		{"address", "me@gmail.com", "gmail"},
		{"address in capitals", "Me.You+x@ICloud.Com", "icloud"},
		{"address with a quoted @", `"a@b"@aol.com`, "aol"},
		{"address with trailing dot", "me@msn.com.", "msn"},
		{"first domain of a tenant", "me@contoso.onmicrosoft.com", "office365"},
		{"mail routing domain of a tenant", "contoso.mail.onmicrosoft.com", "office365"},
		{"onmicrosoft.com itself", "onmicrosoft.com", "office365"},

		{"subdomain where no rule says so", "me@mail.gmail.com", ""},
		{"domain that ends like one", "notgmail.com", ""},
		{"domain that begins like one", "gmail.com.example", ""},
		{"id behind an @", "me@gmail", ""},
		{"Yahoo! JAPAN is another company", "yahoo.co.jp", "yahoo-japan"},
		{"address of Yahoo! JAPAN", "me@yahoo.co.jp", "yahoo-japan"},
		{"Yahoo in a country that has no entry of its own", "yahoo.com.ph", "yahoo"},
		{"unknown domain", "corp.example", ""},
		{"empty", "", ""},
		{"only an @", "@", ""},
		{"only a dot", ".", ""},
		{"wildcard as typed", "*.onmicrosoft.com", ""},
		{"control characters", "gmail.com\x00", ""},
		{"very long", strings.Repeat("a.", 5000) + "gmail.com", ""},
	} {
		t.Run(row.name, func(t *testing.T) {
			p, ok := c.Lookup(row.text)
			if got := id(p); got != row.want || ok != (row.want != "") {
				t.Errorf("got  %q, %v\nwant %q", got, ok, row.want)
			}
		})
	}
}

// The same name in another country is a provider's where its data says so.
func TestInAnyCountry(t *testing.T) {
	c := catalogOf(&settings.Provider{ID: "world", Domains: []string{"world.com", "world.*"}, NotDomains: []string{"world.co.jp"}})
	for text, want := range map[string]string{
		"me@world.fr": "world", "world.co.uk": "world", "WORLD.com.br.": "world", "world.com": "world",
		"world.co.jp": "", "world.net": "", "world.info": "", "world.org.uk": "", "world.co.com": "", "my.world.fr": "", "world": "world", "world.co.com.br": "", "world.*": "", "world.fr.fr": "",
	} {
		if p, _ := c.Lookup(text); id(p) != want {
			t.Errorf("%s\ngot  %q\nwant %q", text, id(p), want)
		}
	}
}

// A name below a provider's own may be somebody else's.
func TestForeignBelowWildcard(t *testing.T) {
	c := catalogOf(&settings.Provider{ID: "host", Domains: []string{"*.example.com"}, NotDomains: []string{"other.example.com"}})
	for text, want := range map[string]string{"me@mine.example.com": "host", "me@other.example.com": ""} {
		if p, _ := c.Lookup(text); id(p) != want {
			t.Errorf("%s\ngot  %q\nwant %q", text, id(p), want)
		}
	}
}

func TestByMX(t *testing.T) {
	c := Load()
	for _, row := range []struct {
		name, want string
		hosts      []string
	}{
		{"Outlook.com", "outlook", []string{"outlook-com.olc.protection.outlook.com."}},
		{"Microsoft 365", "office365", []string{"corp-com.mail.protection.outlook.com"}},
		{"Microsoft 365 with DANE", "office365", []string{"corp-com.o-v1.mx.microsoft"}},
		{"Google Workspace", "gmail", []string{"ASPMX.L.Google.com.", "alt1.aspmx.l.google.com."}},
		{"Google Workspace, one record", "gmail", []string{"smtp.google.com"}},
		{"Google Workspace, old second record", "gmail", []string{"aspmx2.googlemail.com"}},
		{"iCloud+ domain", "icloud", []string{"mx01.mail.icloud.com", "mx02.mail.icloud.com"}},
		{"Yahoo", "yahoo", []string{"mta5.am0.yahoodns.net"}},
		{"AOL is not Yahoo", "aol", []string{"mx-aol.mail.gm0.yahoodns.net"}},
		{"a filter beside it", "", []string{"mx01.mail.icloud.com", "filter.example"}},
		{"a filter before it", "", []string{"filter.example", "mx01.mail.icloud.com"}},
		{"two providers", "", []string{"mx01.mail.icloud.com", "smtp.google.com"}},

		{"part of a label", "", []string{"notgoogle.com"}},
		{"the suffix in front", "", []string{"mail.icloud.com.example"}},
		{"Microsoft in China is another service", "office365-china", []string{"corp-cn.mail.protection.partner.outlook.cn"}},
		{"Yahoo! JAPAN is not Yahoo", "", []string{"mx1.mail.yahoo.co.jp"}},
		{"Zoho, by its region", "zoho-eu", []string{"mx.zoho.eu", "mx2.zoho.eu"}},
		{"OVH in America", "ovh-ca", []string{"mx1.mail.ovh.ca"}},
		{"null MX", "", []string{"."}},
		{"none", "", nil},
		{"not a host", "", []string{"a b", ""}},
	} {
		t.Run(row.name, func(t *testing.T) {
			p, ok := c.ByMX(row.hosts)
			if got := id(p); got != row.want || ok != (row.want != "") {
				t.Errorf("got  %q, %v\nwant %q", got, ok, row.want)
			}
		})
	}
}

func TestByMXTakesTheLongestSuffix(t *testing.T) {
	c := catalogOf(
		&settings.Provider{ID: "narrow", MX: []string{".mail.example.com"}},
		&settings.Provider{ID: "wide", MX: []string{".example.com"}})
	for host, want := range map[string]string{"mx.mail.example.com": "narrow", "mail.example.com": "narrow", "mx.example.com": "wide"} {
		if p, _ := c.ByMX([]string{host}); id(p) != want {
			t.Errorf("%s\ngot  %q\nwant %q", host, id(p), want)
		}
	}
}

func TestByHost(t *testing.T) {
	c := original()
	for _, row := range []struct {
		name, host string
		want       []string
	}{
		{"one provider", "imap.gmail.com", []string{"gmail"}},
		{"in capitals with dot", "SMTP.Gmail.COM.", []string{"gmail"}},
		{"shared", "imap-mail.outlook.com", []string{"msn", "outlook"}},
		{"documented by one, alternative of two", "outlook.office365.com", []string{"msn", "office365", "outlook"}},
		{"legacy", "smtp.verizon.net", []string{"aol"}},
		{"unknown", "imap.example.com", nil},
		{"not a host", "a b", nil},
	} {
		t.Run(row.name, func(t *testing.T) {
			if got := idsOf(c.byHost(row.host)); !slices.Equal(got, row.want) {
				t.Errorf("got  %v\nwant %v", got, row.want)
			}
		})
	}
}

// TestByGreeting reads testdata/greetings.tsv, whose second column is the
// providers that greet so.
func TestByGreeting(t *testing.T) {
	c := original()
	data, err := os.ReadFile("../../testdata/greetings.tsv")
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSuffix(string(data), "\n"), "\n")
	for _, line := range append(lines, "-\t-\t-\t-\t") {
		part := strings.Split(line, "\t")
		var want []string
		if part[1] != "-" {
			want = strings.Split(part[1], "|")
		}
		if got := idsOf(c.byGreeting(part[4])); !slices.Equal(got, want) {
			t.Errorf("%s\ngot  %v\nwant %v", part[4], got, want)
		}
	}
}

func TestRecognise(t *testing.T) {
	c := original()
	for _, row := range []struct{ name, host, greeting, want string }{
		{"by its host", "imap.gmail.com", "", "gmail"},
		{"the host comes first", "imap.gmail.com", "* OK iSCREAM ready to rumble", "gmail"},
		{"by its greeting", "mail.example.com", "* OK iSCREAM ready to rumble", "icloud"},
		{"of several the one with the fewest domains", "mail.example.com", "* OK The Microsoft Exchange IMAP4 service is ready. [QQBCAA==]", "msn"},
		{"unknown", "mail.example.com", "* OK ready", ""},
	} {
		t.Run(row.name, func(t *testing.T) {
			if got := c.Recognise(row.host, row.greeting); id(got) != row.want {
				t.Errorf("got  %q\nwant %q", id(got), row.want)
			}
		})
	}
}

func TestOthers(t *testing.T) {
	endpoint := settings.Endpoint{Protocol: settings.IMAP, Host: "imap.example.com", Port: 993, Security: settings.TLS}
	other := endpoint
	other.Host = "imap.example.org"
	offering := func(e settings.Endpoint, r settings.Role) []settings.Offer {
		return []settings.Offer{{Endpoints: []settings.Setting{{Endpoint: e, Role: r}}}}
	}
	one := &settings.Provider{ID: "one", Compare: true, Offers: offering(endpoint, settings.Documented)}
	c := catalogOf(&settings.Provider{ID: "four", Offers: offering(other, settings.Documented)}, one,
		&settings.Provider{ID: "three", Compare: true, Offers: offering(other, settings.Legacy)},
		&settings.Provider{ID: "two", Compare: true, Offers: offering(other, settings.Documented)})
	for _, row := range []struct {
		name string
		than *settings.Provider
		want []settings.Endpoint
	}{
		{"than one", one, []settings.Endpoint{other}},
		{"than none", nil, []settings.Endpoint{endpoint, other}},
	} {
		if got := c.Others(row.than); !slices.Equal(got, row.want) {
			t.Errorf("%s\ngot  %v\nwant %v", row.name, got, row.want)
		}
	}
}

// The whole of a provider is read once.
func TestReadOnce(t *testing.T) {
	c := Load()
	if a, b := mustLookup(t, c, "gmail"), mustLookup(t, c, "me@gmail.com"); a != b {
		t.Error("got  two of one provider\nwant one")
	}
}

func id(p *settings.Provider) string {
	if p == nil {
		return ""
	}
	return p.ID
}

func idsOf(list []*entry) []string {
	return each(list, func(e *entry) string { return e.outline.ID })
}

func catalogOf(list ...*settings.Provider) *Catalog {
	return newCatalog(func() []*entry {
		return each(list, func(p *settings.Provider) *entry {
			p.Name = p.ID
			return &entry{name: p.ID, outline: p, whole: func() *settings.Provider { return p }}
		})
	})
}

// original is the catalogue of the documented rows: what is like one of them
// does not change with each provider that is added.
func original() *Catalog {
	return newCatalog(func() []*entry {
		return slices.DeleteFunc(Load().all(), func(e *entry) bool { return documented[e.outline.ID] == nil })
	})
}
