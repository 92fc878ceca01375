package main

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"time"

	"mailprobe/internal/language"
	"mailprobe/internal/page"
	"mailprobe/internal/replies"
)

// Explain says what a pasted text means.
func (d desk) Explain(text string, l *language.Language) (e page.Explanation, err error) {
	words := strings.Fields(text)
	if len(words) == 0 {
		return e, errors.New(l.Say("Paste the text first."))
	}
	if err := mistypedCode(words); err != nil {
		return e, err
	}
	var notes bytes.Buffer
	quiet := *d.app
	quiet.stderr = &notes
	found, err := quiet.explained(replies.Query{Text: text, At: time.Now()})
	if err != nil {
		return e, err
	}
	quiet.hideSecrets(text, found.matches)
	e.Matches, e.Said = found.matches, l.Say(found.nothing(text))
	io.Copy(&noteLines{say: func(note string) { e.Notes = append(e.Notes, note) }}, &notes)
	return e, nil
}

// noteLines says what a command writes on its standard error, line by line.
type noteLines struct{ say func(string) }

func (n *noteLines) Write(p []byte) (int, error) {
	for line := range strings.Lines(string(p)) {
		if line = strings.TrimPrefix(strings.TrimSpace(line), "mailprobe: "); line != "" {
			n.say(strings.TrimPrefix(line, "note: "))
		}
	}
	return len(p), nil
}
