package main

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"mailprobe/internal/lab"
)

// A password that looks wrong is hinted at before it is sent, and never shown.
func TestLookOfPassword(t *testing.T) {
	t.Parallel()
	b := gmailBox(t, lab.Account{Address: "me@gmail.com", Password: ownPassword})
	for _, row := range []struct{ name, target, password, hint string }{
		{"as it should be", "gmail", ownPassword, ""},
		{"in groups, as Google shows it", "gmail", "abcd efgh ijkl mnop", "has blanks inside; leave them out: app passwords of Gmail are 16 letters without spaces"},
		{"the account's own", "gmail", "Summer2026", "this is no app password of Gmail"},
		{"one letter short", "gmail", "abcdefghijklmno", "this is no app password of Gmail"},
		{"a blank behind it", "gmail", ownPassword + " ", "begins or ends with a blank"},
		{"beyond ASCII", "imaps://imap.own.example", "größe", "has characters beyond ASCII"},
		{"blanks where any password is taken", "imaps://imap.own.example", "correct horse", ""},
	} {
		t.Run(row.name, func(t *testing.T) {
			var stdout, stderr bytes.Buffer
			a := &app{stdin: strings.NewReader(row.password + "\n"), stdout: &stdout, stderr: &stderr}
			a.run(t.Context(), slices.Concat([]string{row.target, "--only", "imap", "--user", "me@gmail.com", "--yes", "--password-file", "-"}, b.flags))
			if got := stderr.String(); !strings.Contains(got, row.hint) || row.hint == "" && got != "" || strings.Count(got, "\n") > 1 {
				t.Errorf("got  %q\nwant one hint: %s", got, row.hint)
			}
			if strings.Contains(stdout.String()+stderr.String(), strings.TrimSpace(row.password)) {
				t.Error("the password is shown")
			}
		})
	}
}
