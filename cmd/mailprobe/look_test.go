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
		{"Yahoo's", "yahoo", "abcdefghijklmnop", ""},
		{"Yahoo's, as it is shown", "yahoo", "abcd efgh ijkl mnop", "app passwords of Yahoo! are 16 letters without spaces"},
		{"AOL's", "aol", "Summer2026", "This is no app password of AOL"},
		{"as it should be", "gmail", ownPassword, ""},
		{"in groups, as Google shows it", "gmail", "abcd efgh ijkl mnop", "The password has blanks inside; app passwords of Gmail are 16 letters without spaces. Leave the blanks out."},
		{"the account's own", "gmail", "Summer2026", "This is no app password of Gmail"},
		{"one letter short", "gmail", "abcdefghijklmno", "This is no app password of Gmail"},
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

// What was hinted at stands in the report as well, unless the password is
// accepted all the same.
func TestLookOfPasswordInReports(t *testing.T) {
	t.Parallel()
	b := gmailBox(t, lab.Account{Address: "me@gmail.com", Password: "Summer2026"})
	for password, want := range map[string]bool{"abcd efgh ijkl mnop": true, "Winter2026 ": true, "Summer2026": false} {
		for _, format := range []string{"json", "junit", "text"} {
			var stdout, stderr bytes.Buffer
			a := &app{stdin: strings.NewReader(password + "\n"), stdout: &stdout, stderr: &stderr}
			a.run(t.Context(), slices.Concat([]string{"gmail", "-o", format, "--user", "me@gmail.com", "--password-file", "-"}, b.flags))
			words := map[string]string{"json": "auth.password_form", "junit": "auth.password_form", "text": "app passwords"}[format]
			if got := strings.Contains(stdout.String(), words) && strings.Contains(stdout.String(), "16 letters"); format != "text" && got != want || want && !strings.Contains(stdout.String(), "16 letters") {
				t.Errorf("%q as %s\ngot  %s\nwant the hint: %v", password, format, stdout.String(), want)
			}
			if strings.Contains(stdout.String(), password) {
				t.Error("the password is shown")
			}
		}
	}
}
