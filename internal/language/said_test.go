package language

import (
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// TestSaid: every sentence of the findings in diagnose's tables is known, also
// those that are put together from pieces.
func TestSaid(t *testing.T) {
	data, err := os.ReadFile("../diagnose/testdata/said.txt")
	if err != nil {
		t.Fatal(err)
	}
	for _, tag := range Tags()[1:] {
		l, err := Named(tag)
		if err != nil {
			t.Fatal(err)
		}
		if isUnfinished("texts/" + tag + "/sentences/rules.po") {
			continue
		}
		for line := range strings.Lines(string(data)) {
			message, remedy := saidIn(t, line)
			for _, s := range l.read().unknown(message + " " + remedy) {
				t.Errorf("%s does not know %q\nfrom %s", tag, s, line)
			}
		}
	}
}

var ofFinding = regexp.MustCompile(`^\S+ \([^)]*\): `)

// saidIn takes message and remedy out of a line of said.txt.
func saidIn(t *testing.T, line string) (message, remedy string) {
	t.Helper()
	rest := ofFinding.ReplaceAllString(line, "")
	for _, into := range []*string{&message, &remedy} {
		quoted, err := strconv.QuotedPrefix(rest)
		if err == nil {
			*into, err = strconv.Unquote(quoted)
		}
		if err != nil {
			t.Fatalf("%s\n%v", line, err)
		}
		rest = strings.TrimPrefix(rest[len(quoted):], " ")
	}
	return message, remedy
}

// unknown lists the sentences of a text that are not known.
func (t *texts) unknown(text string) []string {
	var all []string
	for rest := sentences(strings.TrimSpace(text)); len(rest) > 0; {
		n := t.pieces(rest)
		if n == 0 {
			all, n = append(all, rest[0]), 1
		}
		rest = rest[n:]
	}
	return all
}
