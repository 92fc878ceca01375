package auth

import (
	"regexp"
	"strings"
	"unicode"

	"mailprobe/internal/secret"
)

// An Oddity is what makes a password look wrong before it is sent. It tells
// nothing of the password but this.
type Oddity string

const (
	BlankAround Oddity = "begins or ends with a blank"
	BlankInside Oddity = "has blanks inside"             // and would have the form without them
	OtherForm   Oddity = "has not the form of such ones" // also without blanks
	NotASCII    Oddity = "has characters beyond ASCII"
)

// Look returns what is odd about a password. form is a pattern (RE2) of the
// whole of every password that is taken; empty: any is.
func (c *Credential) Look(form string) ([]Oddity, error) {
	if c == nil || c.Kind != Password {
		return nil, nil
	}
	whole, err := regexp.Compile("^(?:" + form + ")$")
	if err != nil {
		return nil, err
	}
	text := secret.Reveal(c.secret)
	bare := strings.Join(strings.Fields(text), "")
	var odd []Oddity
	if strings.TrimSpace(text) != text {
		odd = append(odd, BlankAround)
	}
	switch {
	case form == "":
	case !whole.MatchString(bare):
		odd = append(odd, OtherForm)
	case strings.TrimSpace(text) != bare:
		odd = append(odd, BlankInside)
	}
	if strings.ContainsFunc(text, func(r rune) bool { return r > unicode.MaxASCII }) {
		odd = append(odd, NotASCII)
	}
	return odd, nil
}
