package language

import (
	"strings"
	"testing"
	"testing/fstest"
)

func TestNamed(t *testing.T) {
	for tag, want := range map[string]string{"de": "de", "DE": "de", "de-AT": "de", "de_DE.UTF-8@euro": "de", "en": "en", "en_GB": "en"} {
		if l, err := Named(tag); err != nil || l.Tag() != want {
			t.Errorf("%s\ngot  %s, %v\nwant %s", tag, l.Tag(), err, want)
		}
	}
	for _, tag := range []string{"", "xx", "deutsch", "C", "-de"} {
		if _, err := Named(tag); err == nil || !strings.Contains(err.Error(), "there are en") {
			t.Errorf("%q\ngot  %v\nwant an error that says which there are", tag, err)
		}
	}
}

func TestOfLocale(t *testing.T) {
	for _, row := range []struct {
		env  map[string]string
		want string
	}{
		{nil, "en"},
		{map[string]string{"LANG": "de_DE.UTF-8"}, "de"},
		{map[string]string{"LANG": "fr_FR.UTF-8"}, "en"},
		{map[string]string{"LANG": "C.UTF-8"}, "en"},
		{map[string]string{"LANG": "POSIX"}, "en"},
		{map[string]string{"LANG": "de_DE.UTF-8", "LC_ALL": "C"}, "en"},
		{map[string]string{"LANG": "de_DE.UTF-8", "LC_MESSAGES": "en_US.UTF-8"}, "en"},
		{map[string]string{"LANG": "en_US.UTF-8", "LC_MESSAGES": "de_CH", "LC_CTYPE": "en_US.UTF-8"}, "de"},
		{map[string]string{"LC_ALL": "de", "LC_MESSAGES": "en"}, "de"},
	} {
		if got := OfLocale(func(name string) string { return row.env[name] }).Tag(); got != row.want {
			t.Errorf("%v\ngot  %s\nwant %s", row.env, got, row.want)
		}
	}
}

// small is a language of a few texts.
func small(t *testing.T, files map[string]string) *Language {
	t.Helper()
	folder := fstest.MapFS{}
	for name, text := range files {
		folder["xx/"+name] = &fstest.MapFile{Data: []byte(text)}
	}
	read, err := readTexts(folder, "xx")
	if err != nil {
		t.Fatal(err)
	}
	return &Language{tag: "xx", read: func() *texts { return read }}
}

const head = "msgid \"\"\nmsgstr \"\"\n\"X-Native-Language-Name: Xisch\\n\"\n\"Plural-Forms: nplurals=2; plural=(n != 1);\\n\"\n"

func TestSay(t *testing.T) {
	l := small(t, map[string]string{"language.po": head, "templates/a.po": `
msgid "{a} then {b}"
msgstr "{b} nach {a}"

msgid "{n} day of {month}"
msgid_plural "{n} days of {month}"
msgstr[0] "{n} Tag im {month}"
msgstr[1] "{n} Tage im {month}"

msgid "{list} and {last}"
msgstr "{list} und {last}"

msgid "not said yet"
msgstr ""
`})
	for _, row := range []struct{ got, want string }{
		{l.Say("{a} then {b}", "a", "{b}", "b", 2), "2 nach {b}"},
		{l.Say("not said yet"), "not said yet"},
		{l.Say("a brace {{ and {unknown}"), "a brace { and {unknown}"},
		{l.Count(1, "{n} day of {month}", "{n} days of {month}", "month", "May"), "1 Tag im May"},
		{l.Count(0, "{n} day of {month}", "{n} days of {month}", "month", "May"), "0 Tage im May"},
		{l.And([]string{"a", "b", "c"}), "a, b und c"},
		{l.And([]string{"a"}), "a"},
		{l.And(nil), ""},
		{(*Language)(nil).Say("{a} then {b}", "a", 1, "b", 2), "1 then 2"},
		{(*Language)(nil).Count(1, "{n} day", "{n} days"), "1 day"},
		{(*Language)(nil).Count(3, "{n} day", "{n} days"), "3 days"},
		{(*Language)(nil).Told("As it is."), "As it is."},
		{l.Name(), "Xisch"},
		{(*Language)(nil).Name(), "English"},
	} {
		if row.got != row.want {
			t.Errorf("\ngot  %q\nwant %q", row.got, row.want)
		}
	}
}

func TestTold(t *testing.T) {
	l := small(t, map[string]string{"language.po": head, "sentences/a.po": `
msgid "Wait."
msgstr "Warten Sie."

msgid "{server} refuses {command}."
msgstr "Den Befehl {command} lehnt {server} ab."

msgid "{server} refuses everything."
msgstr "{server} lehnt alles ab."

msgid "{server}: {cause}"
msgstr "{server}: {cause}"

msgid "The {secret} is wrong."
msgstr "Das {secret} ist falsch."

msgid "password"
msgstr "Passwort"

msgid "the mailbox is full"
msgstr "das Postfach ist voll"

msgid "It answers {reply}."
msgstr "Er antwortet {reply}."

msgid "It says {words}."
msgstr "Er sagt {words}."

msgid "Some take it: {takers}."
msgstr "Manche nehmen es: {takers}."

msgid "{x} and {x} are alike."
msgstr "{x} ist doppelt."
`})
	for _, row := range []struct{ name, text, want string }{
		{"a sentence", "Wait.", "Warten Sie."},
		{"several, one of which is not known", "Wait. Hurry. Wait.", "Warten Sie. Hurry. Warten Sie."},
		{"arguments change places", "a.example:993 refuses EHLO.", "Den Befehl EHLO lehnt a.example:993 ab."},
		{"more of it is text", "a.example:993 refuses everything.", "a.example:993 lehnt alles ab."},
		{"behind a sentence, in small letters", "Wait. a.example:993 refuses everything.", "Warten Sie. a.example:993 lehnt alles ab."},
		{"an argument that is known", "The password is wrong.", "Das Passwort ist falsch."},
		{"one that is not", "The token is wrong.", "Das token ist falsch."},
		{"a sentence within", "a.example:993: Wait.", "a.example:993: Warten Sie."},
		{"without its stop", "a.example:993: the mailbox is full.", "a.example:993: das Postfach ist voll."},
		{"with the end of a sentence within", "It says no. Never.", "Er sagt no. Never."},
		{"as the server said it", "It answers password.", "Er antwortet password."},
		{"quoted", `It says "password".`, `Er sagt "password".`},
		{"the same twice", "a and a are alike.", "a ist doppelt."},
		{"not the same twice", "a and b are alike.", "a and b are alike."},
		{"braces", "{server} refuses {command}.", "Den Befehl {command} lehnt {server} ab."},
		{"a list", "It says password, token; password and password.", "Er sagt Passwort, token; Passwort and Passwort."},
		{"a list of names", "Some take it: x and y.", "Manche nehmen es: x and y."},
		{"nothing that is known in a few words", "here: there", "here: there"},
		{"nothing", "", ""},
		{"e.g.", "Use others, e.g. Wait.", "Use others, e.g. Wait."},
	} {
		if got := l.Told(row.text); got != row.want {
			t.Errorf("%s\ngot  %q\nwant %q", row.name, got, row.want)
		}
	}
}

func TestFaults(t *testing.T) {
	for _, row := range []struct{ name, file, text, want string }{
		{"no plural forms", "language.po", "", "language.po does not say the language's plural forms"},
		{"unknown plural forms", "language.po", strings.Replace(head, "n != 1", "n", 1), `xx/language.po:1: unknown plural forms`},
		{"no quotes", "templates/a.po", "msgid a\nmsgstr \"b\"\n", "xx/templates/a.po:1: a is no string in quotes"},
		{"no English", "templates/a.po", "msgstr \"b\"\n", "xx/templates/a.po:1: a text without msgid"},
		{"no translation", "templates/a.po", "msgid \"a\"\n\nmsgid \"b\"\nmsgstr \"c\"\n", "xx/templates/a.po:1: there is no msgstr"},
		{"a context", "templates/a.po", "msgctxt \"c\"\nmsgid \"a\"\n", "xx/templates/a.po:1: a text without msgid"},
		{"a form too far", "templates/a.po", "msgid \"a\"\nmsgstr[1] \"b\"\n", "xx/templates/a.po:2: msgstr[1] does not belong here"},
		{"twice", "sentences/a.po", "msgid \"a\"\nmsgstr \"b\"\n\nmsgid \"a\"\nmsgstr \"b\"\n", `xx/sentences/a.po:4: "a" is there twice`},
	} {
		files := fstest.MapFS{"xx/language.po": {Data: []byte(head)}}
		files["xx/"+row.file] = &fstest.MapFile{Data: []byte(row.text)}
		if _, err := readTexts(files, "xx"); err == nil || !strings.Contains(err.Error(), row.want) {
			t.Errorf("%s\ngot  %v\nwant an error that says %s", row.name, err, row.want)
		}
	}
}

func TestPluralForms(t *testing.T) {
	for rule, of := range pluralForms {
		for n := range 200 {
			if got := of(n); got < 0 || got > 2 || strings.HasPrefix(rule, "nplurals=2") && got > 1 || strings.HasPrefix(rule, "nplurals=1") && got > 0 {
				t.Errorf("%s of %d\ngot  %d", rule, n, got)
			}
		}
	}
}

// TestDate: a date in a sentence is said as the language says dates.
func TestDate(t *testing.T) {
	de, err := Named("de")
	if err != nil {
		t.Fatal(err)
	}
	got := de.Told("The certificate of imap.example.com:993 expired 10 days ago, on 20 March 2026.")
	if want := "am 20. März 2026."; !strings.HasSuffix(got, want) {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}
