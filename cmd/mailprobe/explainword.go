package main

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"mailprobe/internal/auth/token"
	"mailprobe/internal/finding"
	"mailprobe/internal/safe"
	"mailprobe/internal/typo"
)

// mistypedCode says of a single word that has the form of a finding code, and
// is none, which one it was probably to be; nil: none is near.
func mistypedCode(args []string) error {
	if len(args) != 1 || !codeForm.MatchString(args[0]) {
		return nil
	}
	word := strings.ToLower(args[0])
	if _, known := finding.PageOf(word); known {
		return nil
	}
	if near := nearCode(word); near != "" {
		return fmt.Errorf("%s is no finding code; did you mean %s? (mailprobe explain --codes lists all)", safe.Display(token.Hide(args[0])), near)
	}
	return nil
}

var codeForm = regexp.MustCompile(`^[A-Za-z0-9]+\.[A-Za-z0-9_]+$`)

// missingFile says of a single word that means nothing, and names a file, that
// there is no such file; nil: it names none.
func missingFile(args []string) error {
	if len(args) != 1 || !fileName.MatchString(filepath.ToSlash(args[0])) {
		return nil
	}
	if _, err := os.Stat(args[0]); err != nil {
		return fmt.Errorf("%s: no such file here, and as a text it is not recognised; give the name of a file that is there, or the text itself in quotes", safe.Display(token.Hide(args[0])))
	}
	return nil
}

// fileName matches a word that names a file rather than says something.
var fileName = regexp.MustCompile(`(?i)^[^<>"|*\s]*(?:/[^<>"|*\s]*|\.(?:txt|log|eml|json|ndjson|xml|html?|csv|md|msg|out|text|pcap))$`)

// codeSlips is how many slips of the finger a finding code may have.
const codeSlips = 2

// nearCode returns the finding code that is nearest to a word; empty: none is
// near, or more than one.
func nearCode(word string) string {
	best, nearest := codeSlips+1, ""
	for _, page := range finding.Pages() {
		if strings.HasSuffix(page.Code, "*") {
			continue
		}
		switch d := typo.Distance(word, page.Code); {
		case d < best:
			best, nearest = d, page.Code
		case d == best && best <= codeSlips:
			nearest = ""
		}
	}
	return nearest
}
