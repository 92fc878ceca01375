package report

import (
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"

	"mailprobe/internal/replies"
)

func TestExplainTextGolden(t *testing.T) {
	for _, c := range []struct{ name, text string }{
		{"tenant", "535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Tenant. Visit https://aka.ms/smtp_auth_disabled for more information. [AM0PR02CA0120.eurprd02.prod.outlook.com]"},
		{"ambiguous", "a1 NO [AUTHENTICATIONFAILED] Authentication failed."},
		{"code", "cert.expired"},
		{"none", "The cat sat on the mat."},
		{"hostile", "535 5.7.8 authentication failed \x1b]0;pwned\x07\u202e <script>"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var b strings.Builder
			if err := ExplainText(&b, replies.Explain(replies.Query{Text: c.text}), Options{Verbose: c.name == "code"}); err != nil {
				t.Fatal(err)
			}
			golden(t, filepath.Join("explain", c.name+".txt"), []byte(b.String()))
			if strings.ContainsAny(b.String(), "\x1b\x07\u202e") {
				t.Errorf("control characters come through: %q", b.String())
			}
		})
	}
}

func TestExplainJSON(t *testing.T) {
	var b strings.Builder
	if err := ExplainJSON(&b, replies.Explain(replies.Query{Text: "552 5.2.2 Mailbox full"})); err != nil {
		t.Fatal(err)
	}
	var doc struct {
		Schema  int              `json:"schema"`
		Matches []map[string]any `json:"matches"`
	}
	if err := json.Unmarshal([]byte(b.String()), &doc); err != nil {
		t.Fatal(err)
	}
	if doc.Schema != 1 || len(doc.Matches) == 0 {
		t.Fatalf("got %s\nwant schema 1 and a match", b.String())
	}
	for _, key := range []string{"code", "severity", "blame", "layer", "provider", "summary", "cause", "remedy", "steps", "help_url", "evidence"} {
		if _, ok := doc.Matches[0][key]; !ok {
			t.Errorf("got %v\nwant the key %s", doc.Matches[0], key)
		}
	}
}

func TestExplainJSONWithoutMatches(t *testing.T) {
	var b strings.Builder
	if err := ExplainJSON(&b, nil); err != nil {
		t.Fatal(err)
	}
	if want := `"matches": []`; !strings.Contains(b.String(), want) {
		t.Errorf(" got %s\nwant it to contain %s", b.String(), want)
	}
}
