package replies

import (
	"slices"
	"strings"
	"testing"

	"mailprobe/internal/lab/detector"
)

// TestNotions: what a sentence speaks of, whatever the order of its words.
func TestNotions(t *testing.T) {
	words := embeddedTable().words
	for _, c := range []struct{ text, has, lacks string }{
		{"IMAP is disabled", "protocol off", "on"},
		{"IMAP is not enabled", "protocol off", "on"},
		{"The account does not have IMAP access enabled", "protocol off account", "on"},
		{"The account has not been disabled", "account on", "off"},
		{"the account is not here, it was disabled", "account off", "on"},
		{"not allowed and disabled", "refused off", "on"},
		{"you are not, as we see it, allowed", "allowed", "refused"},
		{"one two not one two three four allowed", "refused", "allowed"},
		{"not one two three four five allowed", "allowed", "refused"},
		{"Log-in: password doesn't match", "signin password wrong", "right"},
		{"password@example.org https://example.org/password", "address", "password"},
		{"from 192.0.2.1, from [2001:db8:0::1]", "ip", "address"},
		{"passwordless sign in", "signin password", ""},
		{"Das Kennwort ist falsch", "password wrong", ""},
		{"No such user", "unknown account", "known"},
	} {
		m := words.speaksOf(slices.Concat(words.sentences(c.text)...))
		for name := range strings.FieldsSeq(c.has) {
			if !m.has(words.names[name]) {
				t.Errorf("%s: speaks not of %s", c.text, name)
			}
		}
		for name := range strings.FieldsSeq(c.lacks) {
			if m.has(words.names[name]) {
				t.Errorf("%s: speaks of %s", c.text, name)
			}
		}
	}
}

func TestSentences(t *testing.T) {
	for text, want := range map[string]string{
		"One two. Three; four! Five?":    "one two|three|four|five",
		"user a@b.example... unknown":    "user @address unknown",
		"said: no, it is 5.7.1 (#5)":     "said , no , it is 5 7 1 5",
		"don’t isn't":                    "dont isnt",
		"...":                            "",
		"":                               "",
		strings.Repeat("w ", 401):        strings.TrimSpace(strings.Repeat("w ", 400)),
		"see https://example.org/x now":  "see now",
		"The Mail-Server mx.example.org": "the mailserver @host",
		"mail server, mail":              "mailserver , mail",
		"servidor de correo no":          "servidordecorreo no",
	} {
		var got []string
		for _, s := range embeddedTable().words.sentences(text) {
			got = append(got, strings.Join(s, " "))
		}
		if got := strings.Join(got, "|"); got != want {
			t.Errorf("%s\ngot  %q\nwant %q", text, got, want)
		}
	}
}

func TestLexiconIsStrict(t *testing.T) {
	for _, c := range []struct{ name, words, want string }{
		{"nothing wrong", "notions: {a: one}\nmeanings: [{when: [a], code: auth.limit, layer: auth}]", ""},
		{"capitals", "notions: {a: One}", "not in lower case"},
		{"no word", "notions: {a: 'one, '}", "no word"},
		{"short stem", "notions: {a: on*}", "a stem this short"},
		{"denied nothing", "notions: {a: one}\ndenied: {a: b}", "a or b is no notion"},
		{"context twice", "notions: {a: one}\ncontext: [a]", "twice"},
		{"no notion", "notions: {a: one}\nmeanings: [{when: [b], code: auth.limit, layer: auth}]", `"b" is no notion`},
		{"no notion against it", "notions: {a: one}\nmeanings: [{when: [a], not: [b], code: auth.limit, layer: auth}]", `"b" is no notion`},
		{"one word together", "notions: {a: one}\ntogether: [one]", "less than two words"},
		{"no word together", "notions: {a: one}\ntogether: [one two]", "together no word"},
		{"words together", "notions: {a: 'one, onetwo'}\ntogether: [one two]", ""},
		{"no topic", "notions: {a: one}\ntopics: [b]", `"b" is no notion`},
		{"no code", "notions: {a: one}\nmeanings: [{when: [a], code: auth.no_such, layer: auth}]", `unknown code "auth.no_such"`},
		{"no layer", "notions: {a: one}\nmeanings: [{when: [a], code: auth.limit}]", "no notion, or no layer"},
	} {
		files := small()
		files["words"] = c.words
		_, err := load(files)
		if (err != nil) != (c.want != "") || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s\ngot  %v\nwant %s", c.name, err, c.want)
		}
	}
}

// TestNotionsInLanguages: what programs say of a fault is read in every language
// that they come in. Each notion has a sentence in each.
func TestNotionsInLanguages(t *testing.T) {
	detector.Spare(t)
	languages := strings.Fields("en de fr es it pt nl pl ru zh ja cs")
	told := map[string][]string{}
	for line := range strings.Lines(shared(t, "languages.tsv")) {
		column := strings.Split(strings.TrimRight(line, "\n"), "\t")
		if len(column) != 4 {
			t.Fatalf("no notion, language, codes and text: %q", line)
		}
		told[column[0]] = append(told[column[0]], column[1])
		holds(t, column[2], unescape.Replace(column[3]))
	}
	if len(told) < 47 {
		t.Errorf("got  %d notions\nwant 47", len(told))
	}
	for notion, in := range told {
		for _, language := range languages {
			if !slices.Contains(in, language) {
				t.Errorf("%q is not told in %s", notion, language)
			}
		}
	}
}

// TestLongWordsAreLeft: what no language has is not looked at letter by letter.
func TestLongWordsAreLeft(t *testing.T) {
	l, err := newLexicon(notions{Notions: map[string]string{"server": "server", "fault": "fehler"}})
	if err != nil {
		t.Fatal(err)
	}
	long := strings.Repeat("server", longestCompound) + "fehler"
	if got := l.parts(long); len(got) != 1 || got[0] != long {
		t.Errorf("got  %d parts\nwant the word as it is", len(got))
	}
}

// TestCompoundsAreTakenApart: an unknown word of two known ones is both.
func TestCompoundsAreTakenApart(t *testing.T) {
	l, err := newLexicon(notions{Notions: map[string]string{"server": "server, servers", "fault": "fehler, fel", "cert": "zertifikat*, certifikat", "mail": "mail"}})
	if err != nil {
		t.Fatal(err)
	}
	for word, want := range map[string]string{
		"serverfehler": "server fehler", "serverfel": "server fel", "zertifikatsfehler": "zertifikats fehler", "certifikatsfel": "certifikat fel",
		"server": "server", "mailfel": "mailfel", "serverness": "serverness", "zertifikatsfel": "zertifikatsfel", "xserverfehler": "xserverfehler",
	} {
		if got := strings.Join(l.parts(word), " "); got != want {
			t.Errorf("%s\n got %s\nwant %s", word, got, want)
		}
	}
}
