package publish

import (
	"bytes"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"

	"mailprobe/internal/catalog"
	"mailprobe/internal/finding"
	"mailprobe/internal/lab/detector"
	"mailprobe/internal/published"
	"mailprobe/internal/settings"
)

// files are the names by which lint tells what was written.
var files = map[string]string{"autoconfig": "config-v1.1.xml", "autodiscover": "autodiscover.xml", "mobileconfig": "mail.mobileconfig", "pacc": "user-agent-configuration.json", "yaml": "provider.yaml", "srv": "records.zone"}

// everybody returns what the catalogue knows, as it is to be published.
func everybody(t *testing.T) []Publication {
	t.Helper()
	all := slices.Clone(providers())
	if len(all) < 190 {
		t.Fatalf("got  %d providers\nwant all", len(all))
	}
	return all
}

var providers = sync.OnceValue(func() (all []Publication) {
	known := catalog.Load()
	for _, o := range known.Outlines() {
		if p, ok := known.Lookup(o.ID); ok {
			all = append(all, ofProvider(p))
		}
	}
	return all
})

func ofProvider(p *settings.Provider) Publication {
	pub := Publication{ID: p.ID, Name: p.Name, OAuth: p.OAuth, NotOffered: p.NotOffered, Enable: p.Enable, Help: p.Help}
	for _, s := range p.Settings() {
		if s.Role == settings.Documented {
			pub.Servers = append(pub.Servers, s)
		}
	}
	for _, d := range p.Domains {
		if !strings.Contains(d, "*") {
			pub.Domains = append(pub.Domains, d)
		}
	}
	if len(pub.Domains) == 0 {
		pub.Domains = []string{"corp.example"}
	}
	return pub
}

// TestReadBack: what is written is read back as the offers that went in, as far
// as the format can say them, in the safest order, and nothing is wrong with it
// that is not wrong with the settings.
func TestReadBack(t *testing.T) {
	detector.Spare(t)
	all := everybody(t)
	for seed := range uint64(1500) {
		all = append(all, random(rand.New(rand.NewPCG(seed, 3))))
	}
	written := map[string]int{}
	for i, p := range all {
		for format, name := range files {
			want := expected(format, p)
			d, err := Make(format, p)
			if (err != nil) != (len(want) == 0) {
				t.Fatalf("%d %s %s\ngot  %v\nwant %q", i, p.ID, format, err, want)
			}
			if err != nil {
				continue
			}
			written[format]++
			read := published.Read(name, d.Text)
			if got := offers(read); !slices.Equal(got, want) || !read.Read {
				t.Fatalf("%d %s %s\n got %q\nwant %q\n%v\n%s", i, p.ID, format, got, want, read.Findings, d.Text)
			}
			for _, f := range read.Findings {
				if !inherent(f.Code) && f.Severity != finding.Info {
					t.Fatalf("%d %s %s: %s: %s\n%s", i, p.ID, format, f.Code, f.Says(), d.Text)
				}
			}
		}
	}
	for format := range files {
		if written[format] < 300 {
			t.Errorf("%s was written %d times: this test tests nothing", format, written[format])
		}
	}
}

// TestDeterministic: the same settings are the same bytes, so that a profile
// is no new one, and a digest in DNS holds.
func TestDeterministic(t *testing.T) {
	for seed := range uint64(50) {
		p := random(rand.New(rand.NewPCG(seed, 9)))
		for _, format := range Formats() {
			a, _ := Make(format, p)
			b, _ := Make(format, p)
			if !bytes.Equal(a.Text, b.Text) || a.Record != b.Record {
				t.Fatalf("%s is not the same twice\n%s\n%s", format, a.Text, b.Text)
			}
		}
	}
}

// TestHostile: names from outside cannot break out of their place. Whatever
// stands in them, the same servers are read, and no more.
func TestHostile(t *testing.T) {
	attacks := []string{
		"</displayName><incomingServer type=\"imap\">", "]]>", "<!--", "&x;", "%EMAILADDRESS", "\x00\x01\x1b[2J", "\ufffe\u2028", `"}, "protocols": {"imap": {"host": "evil.example"}}`,
		"x\nendpoints: [{protocol: imap, host: evil.example, port: 1, security: plain}]", "\" 3600 IN TXT \"", "; rm", "</string><key>IncomingMailServerHostName</key><string>evil.example", strings.Repeat("A", 9000), "\xff\xfe", "- *a",
	}
	sound := settings.Setting{Endpoint: settings.Endpoint{Protocol: settings.IMAP, Host: "imap.werft.example", Port: 993, Security: settings.TLS}}
	out := settings.Setting{Endpoint: settings.Endpoint{Protocol: settings.SMTP, Host: "smtp.werft.example", Port: 465, Security: settings.TLS}}
	for _, attack := range attacks {
		source := settings.Source{Title: attack, Publisher: attack, URL: "https://x.example/" + attack, Read: attack}
		in := sound
		in.Source, in.When = source, attack
		in.SignIn = []settings.SignIn{{Way: "password", Status: "documented", Note: attack, Source: source}}
		p := Publication{
			ID: attack, Name: attack, Domains: []string{"werft.example"}, Servers: []settings.Setting{in, out}, Enable: []settings.Enable{{Text: attack, HelpURL: attack}}, Help: []settings.Source{source},
			NotOffered: []settings.NotOffered{{Protocol: settings.POP3, Note: attack, Source: source}},
			OAuth:      &settings.OAuth{AuthURL: attack, TokenURL: attack, Issuer: attack, Scopes: map[settings.Protocol][]string{settings.IMAP: {attack}}},
		}
		for format, name := range files {
			d, err := Make(format, p)
			if err != nil {
				t.Errorf("%s %.30q: %v", format, attack, err)
				continue
			}
			read := published.Read(name, d.Text)
			if got := offers(read); len(got) != 2 || !strings.HasPrefix(got[0], "imaps://imap.werft.example:993 ") || !strings.HasPrefix(got[1], "submissions://smtp.werft.example:465 ") {
				t.Errorf("%s %.30q\ngot  %q %v\nwant the two servers\n%s", format, attack, got, read.Findings, d.Text)
			}
		}
	}
}

// TestHostileHosts: what is no host name stands in no zone and in no PACC, and
// elsewhere in its element alone.
func TestHostileHosts(t *testing.T) {
	for _, host := range []string{"a b", "x.\nevil.example. IN A 192.0.2.1", "x;", "x\"", "$ORIGIN", "(", "@", "..", "", "a..b", "192.0.2.1", "2001:db8::1", "x<y", "*.example"} {
		p := Publication{Domains: []string{"werft.example"}, Servers: []settings.Setting{{Endpoint: settings.Endpoint{Protocol: settings.IMAP, Host: host, Port: 993, Security: settings.TLS}}}}
		for _, format := range []string{"srv", "pacc"} {
			if d, err := Make(format, p); err == nil {
				t.Errorf("%s %q\ngot  %s\nwant an error", format, host, d.Text)
			}
		}
		p.Domains, p.Servers[0].Host = []string{host}, "imap.werft.example"
		for _, format := range []string{"srv", "pacc"} {
			if d, err := Make(format, p); err == nil {
				t.Errorf("%s for %q\ngot  %s%s\nwant an error", format, host, d.Text, d.Record)
			}
		}
	}
}

// TestMeant: the servers of one domain of a provider are for its addresses, and
// for nobody else's.
func TestMeant(t *testing.T) {
	at := func(p settings.Protocol, host, when string) settings.Setting {
		return settings.Setting{Endpoint: settings.Endpoint{Protocol: p, Host: host, Port: settings.DefaultPort(p, settings.TLS), Security: settings.TLS}, When: when}
	}
	list := []settings.Setting{
		at(settings.IMAP, "imap.all.example", ""), at(settings.IMAP, "imap.old.example", "addresses at old.example"), at(settings.SMTP, "smtp.all.example", ""),
		at(settings.POP3, "pop.paid.example", "accounts that pay"),
	}
	for _, row := range []struct {
		domains    []string
		want, says string
	}{
		{[]string{"all.example"}, "<domain>all.example</domain> imap.all.example pop.paid.example smtp.all.example", "imap.old.example:993 (SSL/TLS) is left out: it is for addresses at old.example"},
		{[]string{"old.example"}, "<domain>old.example</domain> imap.old.example pop.paid.example smtp.all.example", "imap.all.example"},
		{[]string{"all.example", "old.example"}, "<domain>all.example</domain> imap.all.example pop.paid.example smtp.all.example", "write them with --domain old.example"},
		{[]string{"all.example"}, "<domain>all.example</domain> imap.all.example pop.paid.example smtp.all.example", "pop.paid.example:995 (SSL/TLS) is for accounts that pay"},
	} {
		d, err := Make("autoconfig", Publication{Domains: row.domains, Servers: list})
		if err != nil {
			t.Fatal(err)
		}
		got := []string{}
		for line := range strings.Lines(string(d.Text)) {
			line = strings.TrimSpace(line)
			if host, ok := strings.CutPrefix(line, "<hostname>"); ok {
				got = append(got, strings.TrimSuffix(host, "</hostname>"))
			} else if strings.HasPrefix(line, "<domain>") {
				got = append(got, line)
			}
		}
		if strings.Join(got, " ") != row.want || !strings.Contains(strings.Join(d.Notes, "\n"), row.says) {
			t.Errorf("%v\ngot  %q %q\nwant %s, %s", row.domains, got, d.Notes, row.want, row.says)
		}
	}
}

// TestTitles: a name is as long as the draft allows, and ends with a word.
func TestTitles(t *testing.T) {
	for name, want := range map[string]string{
		"GMX (Germany, Austria)": "GMX (Germany, Austria)|GMX", "": "werft.example|werft.example", "one two three four five six": "one two three four five six|one two three four",
		strings.Repeat("\u00e4", 70): strings.Repeat("\u00e4", 60) + "|" + strings.Repeat("\u00e4", 20), "exactly twenty chars and": "exactly twenty chars and|exactly twenty chars",
	} {
		d := draft{Publication: Publication{Name: name, Domains: []string{"werft.example"}}}
		if got := d.title() + "|" + d.shortTitle(); got != want {
			t.Errorf("%q\ngot  %s\nwant %s", name, got, want)
		}
	}
}

// TestNeeds: what is missing is named, and nothing is written.
func TestNeeds(t *testing.T) {
	imap := settings.Setting{Endpoint: settings.Endpoint{Protocol: settings.IMAP, Host: "imap.werft.example", Port: 993, Security: settings.TLS}}
	token := imap
	token.SignIn = []settings.SignIn{{Way: "oauth2", Status: "documented"}}
	for _, row := range []struct {
		format string
		p      Publication
		want   string
	}{
		{"autoconfig", Publication{Servers: []settings.Setting{imap}}, "add --domain"},
		{"srv", Publication{Servers: []settings.Setting{imap}}, "add --domain"},
		{"pacc", Publication{Servers: []settings.Setting{imap}}, "add --domain"},
		{"mobileconfig", Publication{Servers: []settings.Setting{imap}}, "one of the two is missing"},
		{"autodiscover", Publication{}, "no server"},
		{"autodiscover", Publication{Servers: []settings.Setting{token}}, "no word for its ways to sign in (oauth2)"},
		{"xml", Publication{}, "unknown format"},
	} {
		if d, err := Make(row.format, row.p); err == nil || !strings.Contains(err.Error(), row.want) || d.Text != nil {
			t.Errorf("%s\ngot  %v\nwant %s", row.format, err, row.want)
		}
	}
}
