package replies

import (
	"strings"
	"testing"

	"mailprobe/internal/lab/detector"
)

// Text that is about no mail fault, some of it near the words of one.
func TestProseIsNotRecognised(t *testing.T) {
	detector.Spare(t)
	prose := shared(t, "prose.txt")
	for line := range strings.Lines(prose) {
		text := strings.TrimSpace(line)
		if m := Explain(Query{Text: text}); len(m) > 0 {
			t.Errorf("%q\n got %s (%s)\nwant no match", text, m[0].Code, m[0].Cause)
		}
	}
	if m := Explain(Query{Text: strings.ReplaceAll(prose, "\n", "\n\n")}); len(m) > 0 {
		t.Errorf("all of it together: got %s for %q", m[0].Code, m[0].Evidence)
	}
}

func TestForeign(t *testing.T) {
	for text, want := range map[string]bool{
		"Der Server antwortet nicht":                         true,
		"Сервер не отвечает":                                 true,
		"サーバーが応答しません":                                        true,
		"L'opération a échouée car le quota a été dépassé":   true,
		"The server does not answer":                         false,
		"The café has no server for the mail of my daughter": false,
		"535 authentication failed":                          false,
		"":                                                   false,
	} {
		if got := isForeign(text); got != want {
			t.Errorf("%s\ngot  %t\nwant %t", text, got, want)
		}
	}
}
