package diagnose

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"mailprobe/internal/catalog"
	"mailprobe/internal/finding"
	"mailprobe/internal/lab/detector"

	"go.yaml.in/yaml/v3"
)

// dangling begins a sentence that lives on the one before it.
var dangling = regexp.MustCompile(`^(It|Its|Otherwise|Then|This|That|They|These|Those|There|Use it|Without it|If (it|so|not))\b`)

// TestAdviceWithoutPasswords holds what is left of all advice for whoever has
// shown a token: whole sentences that stand by themselves, and nothing of
// passwords.
func TestAdviceWithoutPasswords(t *testing.T) {
	detector.Spare(t)
	texts := map[string]string{}
	for _, id := range catalog.Load().Outlines() {
		p, _ := catalog.Load().Lookup(id.ID)
		for _, a := range p.Advice {
			texts[a.Text] = p.ID + ", advice"
		}
		for _, a := range p.Enable {
			texts[a.Text] = p.ID + ", enable"
		}
	}
	for _, page := range finding.Pages() {
		texts[page.Fix] = page.Code
	}
	files, err := filepath.Glob("../replies/tables/*.yaml")
	if err != nil || len(files) < 20 {
		t.Fatalf("got  %d tables, %v", len(files), err)
	}
	for _, name := range files {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		var table struct {
			Rows []struct{ Layer, Remedy string }
		}
		if err := yaml.Unmarshal(data, &table); err != nil {
			t.Fatal(err)
		}
		for _, row := range table.Rows {
			texts[row.Remedy] = filepath.Base(name)
		}
	}
	if len(texts) < 400 {
		t.Fatalf("got  %d texts", len(texts))
	}
	for text, where := range texts {
		rest := string(withoutPasswords(finding.Verbatim(text)))
		switch {
		case rest == "" || rest == text:
			continue
		case ofPasswords.MatchString(bearable.ReplaceAllString(rest, "")) && !strings.Contains(strings.ToLower(rest), "token"):
			t.Errorf("%s: %q\ngot  %q\nwant nothing of passwords", where, text, rest)
		case !strings.HasPrefix(text, rest[:min(len(rest), 8)]) && dangling.MatchString(rest):
			t.Errorf("%s: %q\ngot  %q\nwant a sentence that stands by itself", where, text, rest)
		case !strings.HasSuffix(rest, ".") || strings.ContainsAny(rest[:1], "abcdefghijklmnopqrstuvwxyz") && rest[0] != text[0]:
			t.Errorf("%s: %q\ngot  %q\nwant whole sentences", where, text, rest)
		}
	}
}
