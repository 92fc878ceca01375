package clients

import (
	"slices"
	"strings"
	"testing"

	"mailprobe/internal/catalog"
	"mailprobe/internal/settings"
)

// accounts are those of all providers, each at one of its addresses.
func accounts(t *testing.T) map[string]Account {
	t.Helper()
	all := map[string]Account{}
	known := catalog.Load()
	for _, o := range known.Outlines() {
		p, _ := known.Lookup(o.ID)
		a := Account{Address: "me@corp.example"}
		for _, s := range p.Settings() {
			if s.Role == settings.Documented {
				a.Settings = append(a.Settings, s)
			}
		}
		all[o.ID] = a
	}
	return all
}

// TestGuides: for every provider and program the servers, ports and user names
// that stand there are the documented ones, and a password is asked for nowhere
// that takes none.
func TestGuides(t *testing.T) {
	kinds := map[Kind]int{}
	for id, a := range accounts(t) {
		for _, g := range Guides() {
			i := g.For(a, "en")
			kinds[i.SignIn]++
			var typed []string
			for _, l := range i.Lines {
				if l.Do != "" && slices.Contains(l.Words, "") || l.Do == "" && l.Text == "" {
					t.Errorf("%s %s: a line without words: %+v", id, g.ID, l)
				}
				typed = append(typed, l.Text)
			}
			takesPassword := slices.ContainsFunc(i.In.SignIn, func(w settings.SignIn) bool {
				return strings.HasSuffix(w.Way, "password") && w.Status != settings.RefusedWay
			}) || len(i.In.SignIn) == 0
			switch i.SignIn {
			case Nothing:
				if len(i.Lines) > 0 || i.Why == "" {
					t.Errorf("%s %s\ngot  %v, %q\nwant a reason and nothing to do", id, g.ID, i.Lines, i.Why)
				}
			case Browser:
				if slices.Contains(typed, i.In.Host) || len(i.Rules) != 2 {
					t.Errorf("%s %s\ngot  %q, %v\nwant no servers to type", id, g.ID, typed, i.Rules)
				}
			default:
				for _, want := range []string{i.In.Host, i.Out.Host, port(i.In), port(i.Out)} {
					if !slices.Contains(typed, want) {
						t.Errorf("%s %s\ngot  %q\nwant %s", id, g.ID, typed, want)
					}
				}
				user := i.In.Username.For(a.Address)
				if text := strings.Join(typed, " "); !takesPassword || !strings.Contains(text, user) {
					t.Errorf("%s %s\ngot  a password, %q\nwant one that is taken, and %s", id, g.ID, typed, user)
				}
			}
		}
	}
	for _, kind := range []Kind{Browser, Password, AppPassword, EitherPassword, Nothing} {
		if kinds[kind] == 0 {
			t.Errorf("no account signs in by %s: %v", kind, kinds)
		}
	}
}

func port(s settings.Setting) string { return s.Address()[strings.LastIndex(s.Address(), ":")+1:] }

// TestSignInOfGuides: which secret goes into which program.
func TestSignInOfGuides(t *testing.T) {
	all := accounts(t)
	for _, row := range []struct {
		provider, program string
		want              Kind
	}{
		{"gmail", "thunderbird", Browser}, {"gmail", "outlook", Browser}, {"gmail", "android", Browser},
		{"office365", "thunderbird", Browser}, {"office365", "outlook", Browser}, {"office365", "ios", Browser},
		{"icloud", "outlook", AppPassword}, {"icloud", "ios", AppPassword}, {"gmx", "outlook", Password},
		{"tuta", "apple", Nothing},
	} {
		for _, g := range Guides() {
			if g.ID != row.program {
				continue
			}
			if i := g.For(all[row.provider], "en"); i.SignIn != row.want {
				t.Errorf("%s in %s\ngot  %s %s\nwant %s", row.provider, row.program, i.SignIn, i.Why, row.want)
			}
		}
	}
	token := Account{Settings: []settings.Setting{
		{Endpoint: settings.Endpoint{Protocol: settings.IMAP, Host: "imap.corp.example", Port: 993, Security: settings.TLS}, SignIn: []settings.SignIn{{Way: "oauth2", Status: "documented"}}},
		{Endpoint: settings.Endpoint{Protocol: settings.SMTP, Host: "smtp.corp.example", Port: 465, Security: settings.TLS}},
	}}
	for _, g := range Guides() {
		if i := g.For(token, "en"); i.SignIn != Nothing || !strings.Contains(i.Why, "OAuth2 alone") {
			t.Errorf("%s\ngot  %s %s\nwant nothing", g.ID, i.SignIn, i.Why)
		}
	}
}

// TestLanguages: every language has a word for everything, and none has words
// that nothing names.
func TestLanguages(t *testing.T) {
	if got := languages(); !slices.Contains(got, "en") {
		t.Errorf("got  %q", got)
	}
	if got := Called("iPhone").Verb("xx", "press"); got != "Press" {
		t.Errorf("got  %q in a language that there is not\nwant English", got)
	}
	for name, id := range map[string]string{"ios": "ios", "iPhone": "ios", " Apple Mail": "apple", "Outlook 2021": "outlook", "pine": ""} {
		if g := Called(name); (g == nil) != (id == "") || g != nil && g.ID != id {
			t.Errorf("%q\ngot  %v\nwant %q", name, g, id)
		}
	}
	if got := Called("mac").NameIn("de"); got != "Mail auf dem Mac" {
		t.Errorf("got  %q", got)
	}
	if got := Called("iphone").Verb("de", "press"); got != "Antippen" {
		t.Errorf("got  %q", got)
	}
	for _, missing := range []string{"hostname: Hostname, ", "google: Google, exchange", "normal_password: Normal password, ", "pop3: POP, ", "    ios_ports:"} {
		cut := strings.Replace(string(labels), missing, strings.Repeat("x", 3)+missing, 1)
		if _, err := parseGuides(guides, []byte(cut)); err == nil {
			t.Errorf("without %q\ngot  no error", missing)
		}
	}
	text := string(guides)
	for lang, l := range readGuides().labels {
		for program, own := range l.Programs {
			for key := range own {
				if !strings.Contains(text, strings.TrimPrefix(key, "do_")) {
					t.Errorf("%s: %s: nothing names %q", lang, program, key)
				}
			}
		}
	}
	for _, broken := range []string{"by: tb-hub", "by: ol-oauth", "browser_as: thunderbird"} {
		if _, err := parseGuides([]byte(strings.Replace(text, broken, broken+"x", 1)), labels); err == nil {
			t.Errorf("with %sx\ngot  no error", broken)
		}
	}
}
