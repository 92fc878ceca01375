package catalog

import (
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"

	"mailprobe/internal/settings"
)

// small is a provider's file with every key, on lines that the tests below
// name.
const small = `id: small
name: Small Mail
aliases: [smallmail]
domains: [small.example, "*.small.example"]
not_domains: [small.test]
mx: [.mx.small.example]
greetings: [Small Mail ready]
imap_id: true
sources:
  page:
    kind: official
    title: How to read mail
    publisher: Small
    url: https://small.example/help
    read: 2026-11-23
username: address
sign_in:
  - {way: password, status: documented, source: page}
endpoints:
  - protocol: imap
    host: imap.small.example
    port: 993
    security: tls
    role: documented
    source: page
not_offered:
  - {protocol: pop3, note: No POP., source: page}
oauth:
  auth_url: https://login.small.example/{tenant}/authorize
  token_url: https://login.small.example/{tenant}/token
  scopes:
    imap: [mail]
  source: page
advice:
  - codes: [auth.rejected]
    protocols: [imap]
    text: Ask us.
    help_url: https://small.example/help
    from: 2026-01-01
    until: 2027-01-01
    source: page
notes:
  - {text: We are small., source: page}
compare: true
region: {name: accounts on the island, tell: Ask us., others: [], source: page}
enable:
  - {protocols: [imap], text: Ask us., help_url: "https://small.example/help", source: page}
help: [page]
`

// A provider that offers nothing to mail programs says so of each protocol.
func TestNothingOffered(t *testing.T) {
	endpoints := small[strings.Index(small, "endpoints:"):strings.Index(small, "not_offered")]
	text := strings.Replace(small, endpoints, "", 1)
	text = strings.Replace(text, "not_offered:\n", "not_offered:\n  - {protocol: imap, note: No IMAP., source: page}\n  - {protocol: smtp, note: No SMTP., source: page}\n", 1)
	p, err := parse("small.yaml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	if len(p.Settings()) != 0 || len(p.NotOffered) != 3 {
		t.Errorf("got  %d settings, %d not offered\nwant 0, 3", len(p.Settings()), len(p.NotOffered))
	}
}

// Eight letters are enough to tell a provider by.
func TestShortGreeting(t *testing.T) {
	if _, err := parse("small.yaml", []byte(strings.Replace(small, "[Small Mail ready]", "[Small Ma]", 1))); err != nil {
		t.Error(err)
	}
}

// A file that cannot be read is named.
func TestUnreadable(t *testing.T) {
	folder := fstest.MapFS{"providers/small.yaml": {Mode: fs.ModeDir}}
	if err := Check(folder); err == nil || !strings.Contains(err.Error(), "providers/small.yaml") {
		t.Errorf("got  %v\nwant the file that cannot be read", err)
	}
}

func TestSmallIsAccepted(t *testing.T) {
	p, err := parse("small.yaml", []byte(small))
	if err != nil {
		t.Fatal(err)
	}
	if !p.IMAPID || !p.OAuth.Tenant || p.Settings()[0].Username != settings.FullAddress || p.Settings()[0].SignIn[0].Source.Title != "How to read mail" ||
		!p.Compare || p.Region == nil || p.Settings()[0].When != "accounts on the island" || len(p.Enable) != 1 || len(p.Help) != 1 {
		t.Errorf("got  %+v\nwant defaults and sources filled in", p)
	}
}

func TestStrict(t *testing.T) {
	for _, row := range []struct{ name, from, to, want string }{
		{"unknown key", "imap_id: true", "imapid: true", "line 8: field imapid not found"},
		{"unknown key in a row", "    role: documented", "    roll: documented", "line 24: field roll not found"},
		{"a client id", "  source: page\nadvice", "  client_id: x\n  source: page\nadvice", "line 33: field client_id not found"},
		{"key twice", "imap_id: true", "name: Other", `line 8: mapping key "name" already defined at line 2`},
		{"two documents", "notes:\n", "notes: []\n---\nnotes:\n", "more than one document"},
		{"not YAML", "id: small", "id: [", "small.yaml: yaml: line"},
		{"wrong type", "port: 993", "port: many", "line 22: cannot unmarshal !!str `many` into uint16"},
		{"wrong type of a list", "aliases: [smallmail]", "aliases: smallmail", "line 3: cannot unmarshal"},

		{"id missing", "id: small\n", "", "small.yaml: line 1: id \"\" is not a lower-case word"},
		{"id in capitals", "id: small", "id: Small", "line 1: id \"Small\" is not a lower-case word"},
		{"file of another name", "id: small", "id: tiny", "line 1: the file of \"tiny\" must be called providers/tiny.yaml"},
		{"name missing", "name: Small Mail", "name:", "line 2: name is missing"},
		{"name with a line break", "name: Small Mail", `name: "Small\nMail"`, "line 2: "},
		{"alias with space", "[smallmail]", "[small mail]", `line 3: alias "small mail"`},
		{"alias is the id", "[smallmail]", "[small]", `line 3: "small" is already taken by providers/small.yaml`},
		{"domain twice", `"*.small.example"]`, `small.example]`, `line 4: "small.example" is already taken`},
		{"domain in capitals", "[small.example,", "[Small.example,", `line 4: "Small.example" is not a host name`},
		{"domain of one label", "[small.example,", "[small,", `line 4: "small" is not a host name`},
		{"domain listed and excluded", "[small.test]", "[small.example]", `line 5: "small.example" is already taken`},
		{"MX without dot", "[.mx.small.example]", "[mx.small.example]", "line 6: MX suffix"},
		{"greeting of seven letters", "[Small Mail ready]", "[Small M]", "line 7: greeting \"Small M\" is too short"},
		{"greeting that fits all", "[Small Mail ready]", "[OK]", "line 7: greeting \"OK\" is too short"},

		{"title missing", "    title: How to read mail\n", "", "line 11: title is missing"},
		{"publisher missing", "    publisher: Small\n", "", "line 11: publisher is missing"},
		{"source without link", "url: https://small.example/help\n    read", "url: small.example\n    read", `line 14: "small.example" is not an https URL`},
		{"source without any link", "    url: https://small.example/help\n    read", "    read", "line 11: url is missing"},
		{"source read on no day", "read: 2026-11-23", "read: 2026-13", `line 15: read "2026-13" is not a date`},
		{"source unknown", "    source: page\nnot_offered", "    source: elsewhere\nnot_offered", `line 25: source "elsewhere" is not among`},
		{"source missing", "    source: page\nnot_offered", "not_offered", "line 20: source is missing"},
		{"source not cited", "sources:\n", "sources:\n  idle: {title: T, publisher: P, url: \"https://small.example/\"}\n", `line 10: source "idle" is cited by nothing`},

		{"no endpoint", small[strings.Index(small, "endpoints:"):strings.Index(small, "not_offered")], "", "no endpoint has the role documented"},
		{"protocol unknown", "protocol: imap", "protocol: jmap", `line 20: protocol "jmap" is not one of imap, pop3, smtp`},
		{"protocol missing", "  - protocol: imap\n    host", "  - host", "line 20: protocol is missing"},
		{"host missing", "    host: imap.small.example\n", "", "line 20: host is missing"},
		{"host with port", "host: imap.small.example", "host: imap.small.example:993", "line 21: "},
		{"host is an address", "host: imap.small.example", "host: 192.0.2.1", `line 21: "192.0.2.1" is not a host name`},
		{"port missing", "    port: 993\n", "", "line 20: port must be a number"},
		{"port 0", "port: 993", "port: 0", "line 22: port must be a number from 1 to 65535"},
		{"port too large", "port: 993", "port: 65536", "line 22: cannot unmarshal !!int `65536` into uint16"},
		{"port negative", "port: 993", "port: -1", "line 22: cannot unmarshal"},
		{"security unknown", "security: tls", "security: ssl", `line 23: security "ssl" is not one of`},
		{"role unknown", "role: documented", "role: best", `line 24: role "best" is not one of`},
		{"only an alternative", "role: documented", "role: alternative", "line 20: no endpoint has the role documented"},
		{"username unknown", "username: address", "username: nickname", `username "nickname" is not one of`},
		{"username with an unknown placeholder", "username: address", "username: '%REALNAME%'", `line 20: username "%REALNAME%" is not one of`},
		{"username missing", "username: address\n", "", "username is missing"},
		{"way unknown", "way: password", "way: token", `line 18: way "token" is not one of`},
		{"way of one endpoint unknown", "    role: documented", "    role: documented\n    sign_in: [{way: token, status: documented, source: page}]", `line 25: way "token" is not one of`},
		{"status missing", "status: documented, ", "", "line 18: status is missing"},
		{"endpoint twice", "endpoints:\n", "endpoints:\n  - {protocol: imap, host: imap.small.example, port: 993, security: tls, role: legacy, source: page}\n", "line 21: this endpoint is listed twice"},

		{"documented and not offered", "protocol: pop3", "protocol: imap", "line 27: imap is documented and not offered at once"},
		{"OAuth2 over http", "token_url: https", "token_url: http", "line 30: "},
		{"OAuth2 without a place to sign in", "  auth_url: https://login.small.example/{tenant}/authorize\n", "", "line 29: auth_url is missing"},
		{"OAuth2 without scopes", "  scopes:\n    imap: [mail]\n", "", "line 29: scopes is missing"},
		{"mechanism unknown", "oauth:\n", "oauth:\n  mechanism: PLAIN\n", `line 29: mechanism "PLAIN" is not one of`},
		{"redirect to elsewhere", "oauth:\n", "oauth:\n  redirect_host: evil.example\n", `line 29: redirect_host "evil.example" is not one of`},
		{"device code over http", "oauth:\n", "oauth:\n  device_url: http://login.small.example/\n", "line 29: "},
		{"scope of no protocol", "    imap: [mail]", "    jmap: [mail]", `line 32: "jmap" is not a protocol`},
		{"scopes empty", "    imap: [mail]", "    imap: []", "line 32: a protocol without scopes"},
		{"advice without code", "codes: [auth.rejected]", "codes: []", "line 35: codes is missing"},
		{"advice with a word as code", "[auth.rejected]", "[rejected]", `line 35: "rejected" is not a finding code`},
		{"advice without text", "text: Ask us.", "text: ''", "line 37: text is missing"},
		{"advice without help page", "    help_url: https://small.example/help\n", "", "line 35: help_url is missing"},
		{"advice from no day", "from: 2026-01-01", "from: 2026-02-30", `line 39: from "2026-02-30" is not a date`},
		{"advice from a month", "from: 2026-01-01", "from: 2026-01", `line 39: from "2026-01" is not a date`},
		{"advice that ends before it begins", "until: 2027-01-01", "until: 2026-01-01", "line 40: until must be after from"},
		{"source of no kind", "    kind: official\n", "", "line 11: kind is missing"},
		{"source of an unknown kind", "kind: official", "kind: rumour", `line 11: kind "rumour" is not one of official, database, report`},
		{"source read at no time", "    read: 2026-11-23\n", "", "line 11: read is missing"},
		{"source twice", "source: page\nnot_offered", "source: [page, page]\nnot_offered", `line 25: source "page" is cited twice`},
		{"one of two sources unknown", "source: page\nnot_offered", "source: [page, elsewhere]\nnot_offered", `line 25: source "elsewhere" is not among`},
		{"no source of several", "source: page\nnot_offered", "source: []\nnot_offered", "line 25: source is missing"},
		{"disputed without a word", "source: page\nnot_offered", "source: page\n    disputed: {source: page}\nnot_offered", "line 26: note is missing"},
		{"disputed by nobody", "source: page\nnot_offered", "source: page\n    disputed: {note: No.}\nnot_offered", "line 26: source is missing"},
		{"domain of any country and any name", "[small.example,", `["*.small.*",`, `line 4: "small.*" is not a host name`},
		{"region without a name", "name: accounts on the island, ", "", "line 45: name is missing"},
		{"region that cannot be told", "tell: Ask us., others", "others", "line 45: tell is missing"},
		{"region without a source", "others: [], source: page", "others: []", "line 45: source is missing"},
		{"another region that is unknown", "others: []", "others: [elsewhere]", `line 45: "elsewhere" is no other provider's id`},
		{"another region that is its own", "others: []", "others: [small]", `line 45: "small" is no other provider's id`},
		{"bridge without endpoints", "compare: true", "bridge: {name: Small Bridge, text: Start it., source: page}", "line 44: a bridge without an endpoint at 127.0.0.1"},
		{"this computer without a bridge", "host: imap.small.example", "host: 127.0.0.1", `line 21: "127.0.0.1" is not a host name`},
		{"to be switched on for an unknown protocol", "{protocols: [imap], text", "{protocols: [jmap], text", `line 47: protocols "jmap" is not one of`},
		{"to be switched on without a word", "text: Ask us., help_url", "help_url", "line 47: text is missing"},
		{"to be switched on without help", `help_url: "https://small.example/help", source`, "source", "line 47: help_url is missing"},
		{"help that nobody has read proves nothing", "    read: 2026-11-23\n", "", "line 11: read is missing"},
		{"help from an unknown source", "help: [page]", "help: [elsewhere]", `line 48: source "elsewhere" is not among`},
		{"note without text", "text: We are small., ", "", "line 43: text is missing"},
	} {
		t.Run(row.name, func(t *testing.T) {
			text := strings.Replace(small, row.from, row.to, 1)
			if text == small {
				t.Fatalf("%q is not in the file", row.from)
			}
			checkLoadError(t, fstest.MapFS{"providers/small.yaml": {Data: []byte(text)}}, "providers/small.yaml", row.want)
		})
	}
}

// A file may say that a program on the user's computer speaks for the provider.
func TestBridge(t *testing.T) {
	text := strings.Replace(strings.Replace(small, "compare: true", "bridge: {name: Small Bridge, text: Start it., source: page}", 1), "host: imap.small.example", "host: 127.0.0.1", 1)
	p, err := parse("small.yaml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	if p.Bridge == nil || p.Bridge.Source.Title == "" {
		t.Errorf("got  %+v\nwant the bridge", p.Bridge)
	}
	c := Read(fstest.MapFS{"providers/small.yaml": {Data: []byte(text)}})
	if got := c.Recognise("127.0.0.1", ""); got != nil {
		t.Errorf("got  %s for a server on this computer\nwant nobody", got.ID)
	}
	if got := c.ServersNear("127.0.0.2", 0); got != nil {
		t.Errorf("got  %v near another address of this computer\nwant none", got)
	}
}

// A page that only helps people need not have been read.
func TestUnreadHelp(t *testing.T) {
	text := strings.Replace(small, "sources:\n", "sources:\n  more: {kind: official, title: T, publisher: P, url: \"https://more.example/\"}\n", 1)
	if _, err := parse("small.yaml", []byte(strings.Replace(text, "help: [page]", "help: [page, more]", 1))); err != nil {
		t.Error(err)
	}
}

// The provider's own page is shown before others that say the same.
func TestSources(t *testing.T) {
	more := "sources:\n  blog: {kind: report, title: T, publisher: P, url: \"https://blog.example/\", read: 2026-11}\n  base: {kind: database, title: T, publisher: P, url: \"https://base.example/\", read: 2026-11}\n"
	for _, row := range []struct {
		cited, shown string
		also         int
		want         settings.Standing
	}{
		{"source: page", "https://small.example/help", 0, settings.OfProvider},
		{"source: [blog, page]", "https://small.example/help", 1, settings.OfProvider},
		{"source: [blog, base]", "https://blog.example/", 1, settings.Agreed},
		{"source: base", "https://base.example/", 0, settings.SingleVoice},
		{"source: [page, base]\n    disputed: {note: Another one., source: blog}", "https://small.example/help", 1, settings.Contested},
	} {
		text := strings.Replace(small, "sources:\n", more, 1)
		text = strings.Replace(text, "source: page\nnot_offered", row.cited+"\nnot_offered", 1)
		text = strings.Replace(text, "notes:\n", "notes:\n  - {text: A., source: blog}\n  - {text: B., source: base}\n", 1)
		p, err := parse("small.yaml", []byte(text))
		if err != nil {
			t.Fatal(err)
		}
		s := p.Settings()[0]
		if s.Source.URL != row.shown || len(s.Also) != row.also || s.Standing() != row.want {
			t.Errorf("%s\ngot  %s and %d more, %s\nwant %s and %d more, %s", row.cited, s.Source.URL, len(s.Also), s.Standing(), row.shown, row.also, row.want)
		}
	}
}

func TestClashOfTwoFiles(t *testing.T) {
	big := strings.NewReplacer("small", "big", "Small", "Big").Replace(small)
	for _, row := range []struct{ name, from, to, want string }{
		{"alias is another's id", "[bigmail]", "[small]", `line 3: "small" is already taken by providers/small.yaml`},
		{"alias is another's alias", "[bigmail]", "[smallmail]", `line 3: "smallmail" is already taken`},
		{"alias is another's name", "[bigmail]", "[small-mail]", `line 3: "small-mail" is already taken`},
		{"name is another's alias", "name: Big Mail", "name: SmallMail", `line 2: "smallmail" is already taken`},
		{"domain", "[big.example,", "[small.example,", `line 4: "small.example" is already taken`},
		{"MX suffix", "[.mx.big.example]", "[.mx.small.example]", `line 6: ".mx.small.example" is already taken`},
	} {
		t.Run(row.name, func(t *testing.T) {
			// "zbig" is read after "small".
			text := strings.Replace(strings.Replace(big, "id: big", "id: zbig", 1), row.from, row.to, 1)
			if !strings.Contains(text, row.to) {
				t.Fatalf("%q is not in the file", row.from)
			}
			checkLoadError(t, fstest.MapFS{
				"providers/small.yaml": {Data: []byte(small)},
				"providers/zbig.yaml":  {Data: []byte(text)},
			}, "providers/zbig.yaml", row.want)
		})
	}
}

func checkLoadError(t *testing.T, fsys fstest.MapFS, name, want string) {
	t.Helper()
	err := Check(fsys)
	if err == nil {
		t.Fatalf("got  no error\nwant %s", want)
	}
	if got := err.Error(); !strings.Contains(got, want) || !strings.Contains(got, name) {
		t.Errorf("got  %s\nwant %s: %s", got, name, want)
	}
}

func TestAllErrorsAtOnce(t *testing.T) {
	bad := strings.NewReplacer("port: 993", "port: 0", "security: tls", "security: ssl").Replace(small)
	err := Check(fstest.MapFS{
		"providers/other.yaml": {Data: []byte("id: 1\nbest: true\n")},
		"providers/small.yaml": {Data: []byte(bad)},
	})
	if err == nil {
		t.Fatal("got  no error\nwant three")
	}
	for _, want := range []string{"other.yaml: line 2", "small.yaml: line 22", "small.yaml: line 23"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("got  %v\nwant %s", err, want)
		}
	}
}
