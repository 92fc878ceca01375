package finding

import (
	"regexp"
	"strconv"
	"strings"

	"mailprobe/internal/settings"
)

// A Subject is what a finding is about. The zero Subject is the run as a
// whole.
type Subject struct {
	settings.Endpoint
}

// About returns the subject that is one endpoint.
func About(e settings.Endpoint) Subject { return Subject{e} }

// Args are what the sentences of a finding name beside its subject, by the
// names of the placeholders.
type Args map[string]string

// A Sentence is a text with placeholders in braces. {server}, {host} and
// {port} stand for the subject, and any other name for the argument of that
// name: "{server} refuses the command {command}." A doubled brace is a brace.
type Sentence string

// Verbatim returns the sentence that says a text as it is, whatever braces it
// holds.
func Verbatim(text string) Sentence { return Sentence(strings.ReplaceAll(text, "{", "{{")) }

var placeholder = regexp.MustCompile(`\{\{|\{[a-z][a-z_0-9]*\}`)

// fill puts the subject and the arguments in. A placeholder for which there is
// nothing stays as it is. What is put in is not read again.
func (f Finding) fill(s Sentence) string {
	return placeholder.ReplaceAllStringFunc(string(s), func(p string) string {
		if p == "{{" {
			return "{"
		}
		name := strings.Trim(p, "{}")
		if value, ok := f.Subject.word(name); ok {
			return value
		}
		if value, ok := f.Args[name]; ok {
			return value
		}
		return p
	})
}

// word returns what a placeholder for the subject stands for.
func (s Subject) word(name string) (string, bool) {
	switch name {
	case "server":
		return s.Address(), true
	case "host":
		return s.Host, true
	case "port":
		return strconv.Itoa(int(s.Port)), true
	}
	return "", false
}

func (s Sentence) namesSubject() bool {
	for _, p := range placeholder.FindAllString(string(s), -1) {
		if _, ok := (Subject{}).word(strings.Trim(p, "{}")); ok {
			return true
		}
	}
	return false
}

// Names reports whether a sentence names an argument.
func (s Sentence) Names(arg string) bool { return strings.Contains(string(s), "{"+arg+"}") }

// Then joins two sentences with a blank; either may be empty.
func (s Sentence) Then(t Sentence) Sentence {
	return Sentence(strings.TrimSpace(string(s) + " " + string(t)))
}

// An Observation is one thing that was seen.
type Observation struct {
	At   string // the address where it was seen; empty: it is not about one address
	What string // as received: escape it before output
}

// Evidence is what a finding rests on, in the order in which it was seen.
type Evidence []Observation

// Saw returns the evidence of one text; an empty text is none.
func Saw(text string) Evidence {
	if text == "" {
		return nil
	}
	return Evidence{{What: text}}
}

// String returns a line for each observation.
func (e Evidence) String() string {
	var lines []string
	for _, o := range e {
		if o.At != "" {
			o.What = o.At + ": " + o.What
		}
		lines = append(lines, o.What)
	}
	return strings.Join(lines, "\n")
}
