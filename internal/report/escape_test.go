package report

import (
	"bytes"
	"encoding/csv"
	"html"
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"

	"mailprobe/internal/safe"
)

// Pieces of which texts from outside are made: what means something to some
// format, what is invisible, and words.
var pieces = []string{
	"a", "word", " ", "  ", "ß", "世界", "e\u0301", "\u00a0", "\x1b[2J", "\u202e", "\r\n", "\n", "\t", "\x00", "\xff",
	"::error::", "::", "##[x]", "##vso[x]", "%0A", "%25", "%", ",", ":", ";", "=", "+", "-", "@", "@team", "#1", "#", "|", "||", "'", `"`, "`", "```",
	"*", "**x**", "_", "__", "~~", "[x](http://a.example)", "![", "]", "(", ")", "<", ">", "<b>", "<!--", "-->", "</td>", "&amp;", "&", "&#64;", "\\", "\\\\", "\\n",
	"http://a.example", "https://b.example/?x=y", "www.example.com", "me@example.com", "ftp://x", "mailto:x@y", "1.", "- ", "> ", "---", "===", "$x$", "$", "^", ".", "!", "/", "{{", "}}", "{% x %}", "=1+1", "＝",
}

// texts yields many texts, always the same.
func texts(yield func(string) bool) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 3000 {
		var b strings.Builder
		for range r.IntN(6) + 1 {
			b.WriteString(pieces[r.IntN(len(pieces))])
		}
		if !yield(b.String()) {
			return
		}
	}
}

var aTag = regexp.MustCompile(`<[^>]*>`)

// TestMarkdownText holds that a text says in Markdown what it says, and nothing
// else: a second reader of Markdown, with all that GitHub adds to it, makes it
// one paragraph or cell without mark-up, and breaks what would be a mention.
func TestMarkdownText(t *testing.T) {
	reader := goldmark.New(goldmark.WithExtensions(extension.GFM))
	mention := regexp.MustCompile(`(^|[^0-9A-Za-z])[@#][0-9A-Za-z]`)
	for text := range texts {
		shown := safe.Display(text)
		for what, around := range map[string][2]string{"paragraph": {"x: ", "<p>x:"}, "cell": {"| a |\n| --- |\n| x: ", "<td>x:"}, "item": {"- x: ", "<li>x:"}} {
			end, close := map[string]string{"paragraph": "</p>", "cell": "</td>", "item": "</li>"}[what], ""
			if what == "cell" {
				close = " |"
			}
			var b bytes.Buffer
			if err := reader.Convert([]byte(around[0]+markdownText(shown)+close+"\n"), &b); err != nil {
				t.Fatal(err)
			}
			_, inner, ok := strings.Cut(b.String(), around[1])
			inner, _, closed := strings.Cut(inner, end)
			tags := aTag.FindAllString(strings.ReplaceAll(inner, "<!-- raw HTML omitted -->", ""), -1)
			for _, tag := range tags {
				if !strings.HasPrefix(tag, `<a href="mailto:`) && tag != "</a>" {
					t.Errorf("%s %q: got  %s", what, text, b.String())
				}
			}
			got := strings.TrimRight(html.UnescapeString(aTag.ReplaceAllString(inner, "")), " ")
			if want := strings.TrimRight(shown, " "); !ok || !closed || strings.TrimSpace(got) != strings.TrimSpace(want) {
				t.Errorf("%s %q\ngot  %q\nwant %q", what, text, got, want)
			}
		}
		if found := mention.FindString(strings.ReplaceAll(markdownText(shown), `\`, "")); found != "" {
			t.Errorf("%q: a mention: %q", text, markdownText(shown))
		}
	}
}

// TestGitHubText holds that GitHub's runner reads from a command what was put
// into it, in the one message and the one property.
func TestGitHubText(t *testing.T) {
	command := regexp.MustCompile(`^::error title=([^:,]*)::(.*)$`)
	data := strings.NewReplacer("%0D", "\r", "%0A", "\n", "%25", "%")
	property := strings.NewReplacer("%0D", "\r", "%0A", "\n", "%3A", ":", "%2C", ",", "%25", "%")
	for text := range texts {
		for _, text := range []string{text, safe.Display(text)} {
			line := "::error " + annotation{title: text}.properties() + "::" + gitHubText(text)
			got := command.FindStringSubmatch(line)
			if len(got) != 3 || property.Replace(got[1]) != text || data.Replace(got[2]) != text {
				t.Errorf("%q\ngot  %q", text, got)
			}
		}
	}
}

// TestCSVText holds that a cell is read as what it says, and that no
// spreadsheet takes it for a formula.
func TestCSVText(t *testing.T) {
	for text := range texts {
		var b bytes.Buffer
		w := csv.NewWriter(&b)
		if err := w.Write([]string{csvText(text), "end"}); err != nil {
			t.Fatal(err)
		}
		w.Flush()
		got, err := csv.NewReader(&b).Read()
		if err != nil || len(got) != 2 || strings.TrimPrefix(got[0], "'") != strings.TrimPrefix(safe.Display(text), "'") {
			t.Fatalf("%q\ngot  %q, %v", text, got, err)
		}
		if trimmed := strings.TrimLeft(got[0], " "); trimmed != "" && strings.ContainsAny(trimmed[:1], "=+-@|%") {
			t.Errorf("%q: a formula: %q", text, got[0])
		}
	}
}

// TestNagiosText holds that a text ends neither the line nor what is said on
// it.
func TestNagiosText(t *testing.T) {
	for text := range texts {
		if got := NagiosLine("OK", text); strings.ContainsAny(got, "|\n") || !strings.Contains(strings.ReplaceAll(safe.Display(text), "|", "¦"), strings.TrimPrefix(got, "MAILPROBE OK - ")) {
			t.Errorf("%q\ngot  %q", text, got)
		}
		if got := nagiosLabel(text); strings.ContainsAny(got, "'=|\n;") {
			t.Errorf("%q\ngot the label %q", text, got)
		}
	}
}

// TestPromText holds that the value of a label is read as what it says.
func TestPromText(t *testing.T) {
	for text := range texts {
		quoted := regexp.MustCompile(`^a="((?:[^"\\\n]|\\[\\"n])*)"$`).FindStringSubmatch(promLabels("a", text))
		if len(quoted) != 2 || strings.NewReplacer(`\\`, `\`, `\"`, `"`, `\n`, "\n").Replace(quoted[1]) != safe.Display(text) {
			t.Errorf("%q\ngot  %q", text, quoted)
		}
	}
}

// TestGitHubShowsTheWorst holds that what GitHub leaves out is the least bad,
// that it is counted, and that a summary stays within what GitHub takes.
func TestGitHubShowsTheWorst(t *testing.T) {
	var summary bytes.Buffer
	list := documents(sampleNothing(), sampleNothing(), sampleNothing(), sampleNothing(), sampleNothing(), sampleNothing(), sampleNothing(), sampleNothing(), sampleNothing(), sampleNothing(), sampleNothing(), sampleTLS(), sampleClock())
	for range 400 {
		d := documents(sampleShared())[0]
		d.Index = len(list)
		list = append(list, d)
	}
	lines := strings.Split(string(write(t, "github", Options{Summary: &summary, SummarySize: 900 << 10}, list...)), "\n")
	errors, warnings := 0, 0
	for _, line := range lines {
		switch {
		case strings.HasPrefix(line, "::error "):
			if errors++; errors == 1 && !strings.Contains(line, "env.clock_before_build") {
				t.Errorf("got  %s first\nwant what is wrong with a run as a whole", line)
			} else if strings.Contains(line, "no setting was tested") {
				t.Errorf("got  %s\nwant those that fail before it", line)
			}
			if more := strings.Contains(line, " +803 more"); more != (errors == 10) {
				t.Errorf("got  %s as number %d", line, errors)
			}
		case strings.HasPrefix(line, "::warning "):
			warnings++
		}
	}
	if errors != 10 || warnings != 10 {
		t.Errorf("got  %d errors and %d warnings\nwant ten of each", errors, warnings)
	}
	if n := summary.Len() + 900<<10; n >= 1<<20 || !regexp.MustCompile(`\n\+\d+ reports more\n$`).Match(summary.Bytes()) {
		t.Errorf("got  a summary of %d bytes, ending in %q", n, summary.Bytes()[max(0, summary.Len()-40):])
	}
}
