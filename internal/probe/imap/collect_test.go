package imap

import (
	"fmt"
	"strings"
	"testing"
)

func TestCollector(t *testing.T) {
	const subject = "Subject: the one"
	for _, row := range []struct {
		name  string
		lines []string
		taken string // one letter a line: y or n
		shows bool
	}{
		{"header of the message", []string{"* 1 FETCH (UID 7 BODY[HEADER.FIELDS (Subject)] {20}", subject, "", ")", "T1 OK"}, "yyyyn", true},
		{"number behind the literal", []string{"* 1 FETCH (BODY[HEADER.FIELDS (Subject)] {20}", subject, "", " UID 7)", "T1 OK"}, "yyyyn", true},
		{"another message", []string{"* 1 FETCH (UID 77 BODY[HEADER.FIELDS (Subject)] {20}", subject, "", ")"}, "yyyy", false},
		{"another subject", []string{"* 1 FETCH (UID 7 BODY[HEADER.FIELDS (Subject)] {23}", subject + "(2)", "", ")"}, "yyyy", false},
		{"a literal that looks like an answer", []string{"* 1 FETCH (UID 7 BODY[] {9}", "T1 OK x", ")", "T1 OK"}, "yyyn", false},
		{"a literal that is too long", []string{"* 1 FETCH (UID 7 BODY[] {999999999}", "T1 OK x"}, "yn", false},
		{"a line of nothing", []string{"hello"}, "n", false},
	} {
		t.Run(row.name, func(t *testing.T) {
			c := &collector{literal: -1}
			var taken strings.Builder
			for _, line := range row.lines {
				taken.WriteString(map[bool]string{true: "y", false: "n"}[c.take(line)])
			}
			if got := c.shows(7, subject); taken.String() != row.taken || got != row.shows {
				t.Errorf("got  %s, %t\nwant %s, %t", taken.String(), got, row.taken, row.shows)
			}
		})
	}
}

func TestCollectorAnswers(t *testing.T) {
	c := &collector{literal: -1}
	for _, line := range []string{"* SEARCH 3 x 0 4294967296 5", "* 9 EXISTS", "* SEARCH", "* CAPABILITY IMAP4rev1 uidplus"} {
		c.take(line)
	}
	if got, want := fmt.Sprint(c.found()), "[3 5]"; got != want {
		t.Errorf("found\ngot  %s\nwant %s", got, want)
	}
	if !c.announces("UIDPLUS") || c.announces("IMAP4rev2") {
		t.Error("got  other capabilities\nwant UIDPLUS and not IMAP4rev2")
	}
	var nobody *collector
	if nobody.take("* 1 EXISTS") || nobody.within() {
		t.Error("got  a line kept by nobody\nwant none")
	}
	for range 2 * maxKept {
		c.take("* 1 EXISTS")
	}
	if got := len(c.lines); got != maxKept {
		t.Errorf("lines kept\ngot  %d\nwant %d", got, maxKept)
	}
}
