package suite

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// secretVariables are never put into a file: what is in it may be shown.
var secretVariables = []string{"MAILPROBE_PASSWORD", "MAILPROBE_TOKEN"}

// expand replaces ${NAME} and ${NAME:-what else} by variables of the
// environment, and $$ by $.
func expand(text string, env func(string) (string, bool)) (string, error) {
	var b strings.Builder
	for {
		before, behind, found := strings.Cut(text, "$")
		b.WriteString(before)
		if !found {
			return b.String(), nil
		}
		if rest, twice := strings.CutPrefix(behind, "$"); twice {
			b.WriteByte('$')
			text = rest
			continue
		}
		inside, rest, closed := strings.Cut(strings.TrimPrefix(behind, "{"), "}")
		if !strings.HasPrefix(behind, "{") || !closed {
			return "", errors.New("a variable is written ${NAME}, and a dollar sign $$")
		}
		value, err := variable(inside, env)
		if err != nil {
			return "", err
		}
		b.WriteString(value)
		text = rest
	}
}

func variable(inside string, env func(string) (string, bool)) (string, error) {
	name, standard, hasStandard := strings.Cut(inside, ":-")
	value, set := env(name)
	switch {
	case slices.Contains(secretVariables, name):
		return "", fmt.Errorf("${%s} holds a secret, which a suite never does; name where it comes from: secret: {password_env: %s}", name, name)
	case set && value != "":
		return value, nil
	case hasStandard:
		return standard, nil
	}
	return "", fmt.Errorf("the variable %s is not set or empty; set it, or write ${%s:-what else}", name, name)
}
