package replies

import (
	"strings"
	"testing"
)

// TestWhichRowIsTaken reads texts by a table of its own.
func TestWhichRowIsTaken(t *testing.T) {
	row := func(pattern, layer, code, more string) string {
		return "  - {pattern: '" + pattern + "', layer: " + layer + ", code: " + code + ", source: s, samples: [x]" + more + "}\n"
	}
	table, err := load(map[string]string{
		"oauth": "provider: any\nrows:\n" + row(`\bN(?P<number>\d+)`, "token", "auth.oauth_refused", ", cause: 'no {number}', remedy: 'do {number}', help_url: 'see {number}'"),
		"any": "provider: any\nrows:\n" +
			row("word", "auth", "auth.rejected", "") +
			row("both", "policy", "send.too_big", "") +
			row("both", "auth", "auth.malformed", "") +
			row("conn", "tcp", "net.refused", ", scope: anywhere") +
			row("conn", "policy", "send.route", "") +
			row("name", "dns", "dns.nxdomain", ", scope: anywhere") +
			row("one two", "policy", "send.greylisted", "") +
			row("^start", "auth", "auth.login_delay", ", scope: anywhere") +
			row("N9", "auth", "auth.cancelled", ", scope: anywhere"),
		"one": "provider: one\nserves: [uno]\nmarks: 'server one'\nrows:\n" + row("word", "auth", "auth.in_use", "") + row("alone", "auth", "auth.required", ", scope: anywhere"),
		"two": "provider: two\nlike: one\nrows:\n" + row("deux", "auth", "auth.expired", ""),
		"standard": "imap:\n  - {reply: LIMIT, decisive: true, code: auth.limit, layer: auth, source: s, sample: x}\n" +
			"smtp:\n  - {reply: '550', code: access.refused, layer: policy, source: s, sample: x}\n",
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		text, provider, layer string
		want                  string // code, provider
	}{
		{"550 mail word", "", "", "auth.rejected"},
		{"550 mail word", "one", "", "auth.in_use one"},
		{"550 mail word", "ONE", "", "auth.in_use one"},
		{"550 mail word", "uno", "", "auth.in_use one"},
		{"550 mail word", "two", "", "auth.in_use one"},
		{"550 mail word", "nobody", "", "auth.rejected"},
		{"server one\n\n550 mail word", "", "", "auth.in_use one"},
		{"server one\n\n550 mail word", "nobody", "", "auth.rejected"},
		{"550 mail deux", "two", "", "auth.expired two"},
		{"550 mail deux", "one", "", "access.refused"},
		{"550 mail deux", "", "", "access.refused"},
		{"550 mail alone", "", "", "auth.required one"},
		{"550 mail alone", "one", "", "auth.required one"},
		{"alone", "", "", "auth.required one"},
		{"word", "", "", ""},
		{"word", "one", "", ""},
		{"250 mail", "", "", ""},
		{"559 mail", "", "", ""},

		{"postgres alone", "", "", ""},
		{"postgres alone", "", LayerAuth, "auth.required one"},
		{"postgres mail alone", "", "", "auth.required one"},
		{"550 postgres mail alone", "", "", "auth.required one"},

		{"a NO [LIMIT] word", "", "", "auth.limit"},
		{"a1 NO [LIMIT] x\na2 NO mail word", "", "", "auth.limit auth.rejected"},
		{"a NO [LIMIT] word", "one", "", "auth.in_use one"},
		{"a NO [LIMIT] alone", "", "", "auth.required one"},

		{"550 mail both", "", "", "send.too_big"},
		{"550 mail both", "", LayerAuth, "auth.malformed"},
		{"550 mail both", "", LayerAccess, "send.too_big"},
		{"550 mail conn", "", "", "send.route"},
		{"550 mail conn", "", LayerAuth, "send.route"},
		{"conn", "", "", "net.refused"},
		{"550 mail name", "", "", "dns.nxdomain"},
		{"550-5.1.1 one 550 5.1.1 two", "", "", "send.greylisted"},

		{"N12", "", "", "auth.oauth_refused"},
		{"N9", "", LayerAuth, "auth.oauth_refused"},
		{"550 mail word", "one", LayerToken, ""},
		{"alone", "", LayerToken, ""},

		{strings.Repeat("x", 4<<10-5) + "alone", "", "", "auth.required one"},
		{strings.Repeat("x", 4<<10-4) + "alone", "", "", ""},
		{"alone\n\nalone", "", "", "auth.required one"},
		{"550 mail\nalone", "", "", "auth.required one"},
		{"words\nstart of a line", "", "", "auth.login_delay"},
		{"words\nmore\nstart of a line", "", "", "auth.login_delay"},
		{"{words\nstart of a line\n}", "", "", ""},
	} {
		got := ""
		for _, m := range table.explainText(Query{Text: c.text, Provider: c.provider, Layer: c.layer}) {
			got = strings.TrimSpace(got + " " + m.Code + " " + m.Provider)
		}
		if got != c.want {
			t.Errorf("%.80q, %q, %q\n got %s\nwant %s", c.text, c.provider, c.layer, got, c.want)
		}
	}
	for _, text := range []string{"N12", "550 mail N12"} {
		m := table.explainText(Query{Text: text})[0]
		if m.Cause != "no 12" || m.Remedy != "do 12" || m.HelpURL != "see 12" || m.Evidence != text {
			t.Errorf("%s\n got %+v\nwant its number", text, m)
		}
	}
}

func TestChallengeIsRead(t *testing.T) {
	for line, want := range map[string]string{
		"+ eyJzdGF0dXMiOiI0MDEifQ==":   `+ eyJzdGF0dXMiOiI0MDEifQ== {"status":"401"}`,
		"+ eyJzdGF0dXMiOiI0MDEifQ":     `+ eyJzdGF0dXMiOiI0MDEifQ {"status":"401"}`,
		"334 eyJzdGF0dXMiOiI0MDAwIn0=": `334 eyJzdGF0dXMiOiI0MDAwIn0= {"status":"4000"}`,
		"334 eyJzdGF0dXMiOiI0MD":       `334 eyJzdGF0dXMiOiI0MD {"status":"40`,
		"334 eyJzdGF0dXMiOiI0MDAwI":    "334 eyJzdGF0dXMiOiI0MDAwI",
		"no challenge":                 "no challenge",
		"eyAgICAgICAgICAgICAg":         "eyAgICAgICAgICAgICAg",
	} {
		if got := withChallenge(line); got != want {
			t.Errorf("%s\n got %s\nwant %s", line, got, want)
		}
	}
}

// A reply by which a server agrees is explained only by a row that knows such
// replies.
func TestAgreementIsExplainedByItsOwnRows(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"220 smtp.example.com Anti-spam gateway", ""},
		{"250 2.0.0 Message accepted, it looks like spam", ""},
		{"+OK spam filter ready", ""},
		{"220 ********************", "starttls.stripped_suspected"},
		{"a OK [THROTTLED] Completed", "access.throttled"},
	} {
		if got := codes(Explain(Query{Text: c.text})); got != c.want {
			t.Errorf("%s\ngot  %s\nwant %s", c.text, got, c.want)
		}
	}
}
