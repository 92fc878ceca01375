package replies

import (
	"strings"
	"testing"
	"testing/fstest"
)

// TestWhatWeighsMost reads texts by a table of its own.
func TestWhatWeighsMost(t *testing.T) {
	row := func(pattern, code, more string) string {
		return "  - {pattern: '" + pattern + "', layer: auth, code: " + code + ", source: s, samples: [x]" + more + "}\n"
	}
	files := fstest.MapFS{}
	for name, text := range map[string]string{
		"any": "provider: any\nrows:\n" + row("firm", "auth.malformed", "") + row("vague", "auth.throttled", ", broad: true"),
		"one": "provider: one\nmarks: 'one\\.example'\nrows:\n" + row("^535", "auth.app_password_required", ", broad: true"),
		"standard": "smtp:\n  - {reply: '535', code: auth.rejected, layer: auth, source: s, sample: x}\n" +
			"  - {reply: '550', code: access.refused, layer: policy, source: s, sample: x}\n",
		"words": "notions: {tls: 'tls, ssl', need: need*, password: password, wrong: wrong, right: right, 'not': not, but: but}\n" +
			"denied: {right: wrong}\ncontext: [at-signin, at-recipient]\nmeanings:\n" +
			"  - {when: [tls, need], code: auth.privacy_required, layer: auth}\n" +
			"  - {when: [password, wrong], code: auth.rejected, layer: auth, weight: 20}\n",
	} {
		files["tables/"+name+".yaml"] = &fstest.MapFile{Data: []byte(text)}
	}
	table, err := loadTable(files)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ name, text, provider, want string }{
		{"the code", "535 nothing error", "", "auth.rejected"},
		{"words over the code", "535 mail needs TLS", "", "auth.privacy_required"},
		{"in another order", "535 with TLS only, says mail, as is needed", "", "auth.privacy_required"},
		{"words over a broad row", "535 vague mail needs TLS", "", "auth.privacy_required"},
		{"a firm row over words", "535 firm mail needs TLS", "", "auth.malformed"},
		{"a broad row over a general word", "535 vague mail", "", "auth.throttled"},
		{"a catch-all over the code", "535 mail error", "one", "auth.app_password_required one"},
		{"a catch-all over the words of a rejection", "535 mail password is wrong", "one", "auth.app_password_required one"},
		{"words over a catch-all", "535 mail needs TLS", "one", "auth.privacy_required"},
		{"a hint in a link", "535 mail password is not right https://one.example/", "", "auth.app_password_required one"},
		{"words over a hint", "535 mail needs TLS https://one.example/", "", "auth.privacy_required"},
		{"what was refused", "RCPT TO:<a@b.example>\n550 mail", "", "send.recipient_refused"},
		{"the sender", "C: MAIL FROM:<a@b.example>\nS: 550 mail", "", "send.sender_refused"},
		{"the message", "550 mail (in reply to end of DATA command)", "", "send.content_refused"},
		{"nothing of it", "550 mail", "", "access.refused"},
	} {
		got := ""
		if m := table.explainText(Query{Text: c.text, Provider: c.provider}); len(m) > 0 {
			got = strings.TrimSpace(m[0].Code + " " + m[0].Provider)
		}
		if got != c.want {
			t.Errorf("%s: %s\ngot  %s\nwant %s", c.name, c.text, got, c.want)
		}
	}
}

func TestCommandOf(t *testing.T) {
	for line, want := range map[string]string{
		"AUTH XOAUTH2 dXNlcj1hbm5hQGV4":           "AUTH",
		"C: AUTH PLAIN":                           "AUTH",
		"-> a1 AUTHENTICATE PLAIN":                "AUTHENTICATE",
		"a1 AUTHENTICATE PLAIN":                   "AUTHENTICATE",
		"MAIL FROM:<a@b.example> SIZE=1":          "MAIL",
		"RCPT TO: <a@b.example>":                  "RCPT",
		"DATA":                                    "DATA",
		"EHLO mail.example.org":                   "EHLO",
		"a1 LOGIN anna secret":                    "LOGIN",
		"AUTH command used when not advertised":   "",
		"AUTH PLAIN failed":                       "",
		"LOGIN authentication failed":             "",
		"a1 NO LOGIN failed":                      "",
		"MAIL FROM parameters not recognised":     "",
		"data not accepted":                       "",
		"User unknown":                            "",
		"535 5.7.8 Error: authentication failed.": "",
	} {
		if got, _ := commandOf(line); got != want {
			t.Errorf("%s\ngot  %q\nwant %q", line, got, want)
		}
	}
}

func BenchmarkExplain(b *testing.B) {
	text := "535 5.7.8 Error: the sign-in failed because this account has no access by IMAP, says the server"
	Explain(Query{Text: text})
	for b.Loop() {
		Explain(Query{Text: text})
	}
}
