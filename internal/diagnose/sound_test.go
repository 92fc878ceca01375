package diagnose

import (
	"flag"
	"fmt"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"mailprobe/internal/finding"
	"mailprobe/internal/replies"
	"mailprobe/internal/settings"
)

// said holds, word for word, every finding that the tables of this room lead
// to. go test ./internal/diagnose -update writes it anew.
const said = "testdata/said.txt"

var (
	update      = flag.Bool("update", false, "write "+said+" anew")
	expected    = map[string]bool{} // the lines of said
	encountered = map[string]bool{} // those that a test came upon
)

// TestMain holds said against what the tests came upon, both ways where all of
// them ran.
func TestMain(m *testing.M) {
	flag.Parse()
	data, err := os.ReadFile(said)
	for line := range strings.Lines(string(data)) {
		expected[strings.TrimSuffix(line, "\n")] = true
	}
	code := m.Run()
	all := flag.Lookup("test.run").Value.String() == "" && flag.Lookup("test.skip").Value.String() == ""
	if code == 0 && all && *update {
		err = os.WriteFile(said, []byte(strings.Join(slices.Sorted(maps.Keys(encountered)), "\n")+"\n"), 0o644)
	}
	for line := range expected {
		if all && !*update && !encountered[line] {
			err = fmt.Errorf("%s: nothing leads to %s", said, line)
		}
	}
	if err != nil && code == 0 {
		fmt.Println(err)
		code = 1
	}
	os.Exit(code)
}

// inWords is a finding as said holds it.
func inWords(f finding.Finding) string {
	return fmt.Sprintf("%s (%s, %s, %s): %q %q %q", f.Code, f.Severity, f.Blame, f.Phase, f.Says(), f.Advises(), f.Seen())
}

// placeholder is what no sentence shows when it is filled in.
var placeholder = regexp.MustCompile(`\{[a-z][a-z_0-9]*\}`)

// sound fails a test for a finding that is not in said, leaves a placeholder
// open, names its own server otherwise than by one, has an argument that it does not use, or
// weighs nothing. Every table of this room passes what it got through it.
func sound(t *testing.T, findings []finding.Finding) {
	t.Helper()
	for _, f := range findings {
		if encountered[inWords(f)] = true; !*update && !expected[inWords(f)] {
			t.Errorf("got  %s\nwant a line of %s", inWords(f), said)
		}
		server := f.Subject.Address()
		if f.Subject == (finding.Subject{}) {
			server = ""
		}
		texts := []string{string(f.Message), string(f.Remedy)}
		for name, value := range f.Args {
			texts = append(texts, value)
			if name == "host" || name == "port" || name == "server" {
				t.Errorf("%s: {%s} stands for the server's own, and is no argument", f.Code, name)
			}
			if !f.Message.Names(name) && !f.Remedy.Names(name) {
				t.Errorf("%s: no sentence names the argument %s", f.Code, name)
			}
		}
		for _, text := range texts {
			if server != "" && strings.Contains(text, server) {
				t.Errorf("%s: %q names the server outright", f.Code, text)
			}
		}
		if open := placeholder.FindString(f.Says() + f.Advises()); open != "" {
			t.Errorf("%s: nothing stands for %s in %q, %q", f.Code, open, f.Message, f.Remedy)
		}
		if f.Severity.Rank() < 0 || f.Severity != finding.Info && f.Blame == "" || f.Severity == finding.Info && f.Blame != "" {
			t.Errorf("%s: weighs %q, blames %q", f.Code, f.Severity, f.Blame)
		}
	}
}

// What tables and providers say is no template, whatever they quote from a
// server.
func TestKnownTextsAreNoTemplates(t *testing.T) {
	const odd = "It says {server} and {{cause}."
	f := finding.Finding{Code: "auth.rejected", Subject: finding.About(settings.Endpoint{Host: "mail.example.com", Port: 993})}
	asKnown(&f, replies.Match{Cause: odd, Remedy: odd})
	f = Context{Provider: &settings.Provider{Advice: []settings.Advice{{Codes: []string{f.Code}, Text: odd}}}}.advise(f)
	if got, want := f.Says(), "mail.example.com:993: "+odd; got != want {
		t.Errorf("got  %q\nwant %q", got, want)
	}
	if got := f.Advises(); got != odd {
		t.Errorf("got  %q\nwant the provider's advice alone: %q", got, odd)
	}
	f.Code, f.Remedy = "access.no_inbox", finding.Verbatim(odd)
	f = Context{Provider: &settings.Provider{Advice: []settings.Advice{{Codes: []string{f.Code}, Text: odd}}}}.advise(f)
	if got, want := f.Advises(), odd+" "+odd; got != want {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}
