package script

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// An action is what one line of a script asks for.
type action string

const (
	send    action = "S:"
	sendRaw action = "S-raw:"
	records action = "S-records:"
	expect  action = "C:"
	pause   action = "pause"
	startTL action = "TLS"
	finish  action = "close"
	reset   action = "reset"
	silence action = "silence"
)

// A step is one line of a script.
type step struct {
	number int // of the line, from 1
	action action
	text   string // what is sent, or the pattern that is expected
	wait   time.Duration
}

// parse reads a script. Empty lines and lines that begin with # are left out.
func parse(text string) ([]step, error) {
	var steps []step
	for i, line := range strings.Split(text, "\n") {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		s, err := parseLine(line)
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", i+1, err)
		}
		s.number = i + 1
		steps = append(steps, s)
	}
	return steps, nil
}

func parseLine(line string) (step, error) {
	word, rest, _ := strings.Cut(line, " ")
	s := step{action: action(word), text: rest}
	var err error
	switch s.action {
	case send:
		s.text += "\r\n"
	case sendRaw, records:
		s.text, err = strconv.Unquote(`"` + rest + `"`)
	case pause:
		s.wait, err = time.ParseDuration(rest)
	case expect:
		if strings.TrimSpace(rest) == "" {
			err = fmt.Errorf("%q expects nothing", line)
		}
	case startTL, finish, reset, silence:
		if rest != "" {
			err = fmt.Errorf("%q takes no argument", word)
		}
	default:
		err = fmt.Errorf("%q is none of S:, S-raw:, S-records:, C:, TLS, pause, close, reset, silence", word)
	}
	return s, err
}

// matches reports whether a client's line begins with pattern, without regard
// to case. A first word "*" in pattern stands for any word.
func matches(pattern, line string) bool {
	if rest, ok := strings.CutPrefix(pattern, "*"); ok && (rest == "" || rest[0] == ' ') {
		_, after, found := strings.Cut(line, " ")
		if found {
			after = " " + after
		}
		pattern, line = rest, after
	}
	return len(line) >= len(pattern) && strings.EqualFold(line[:len(pattern)], pattern)
}
