package source

import (
	"errors"
	"strings"
)

// maxContent bounds what is read from any source, in bytes.
const maxContent = 64 << 10

var errEmpty = errors.New("it is empty")

// password returns the first line without its line break, and keeps
// everything else: blanks are legal in a password.
func password(text string) (string, error) {
	line, _, _ := strings.Cut(text, "\n")
	line = strings.TrimSuffix(line, "\r")
	switch {
	case line == "" && strings.TrimSpace(text) != "":
		return "", errors.New("its first line is empty")
	case line == "":
		return "", errEmpty
	case strings.HasPrefix(line, "\ufeff"), strings.HasPrefix(line, "\xff\xfe"), strings.HasPrefix(line, "\xfe\xff"):
		return "", errors.New("it starts with a byte order mark; save it as UTF-8 without one")
	}
	return line, nil
}

// token returns the text without the white space around it. What else it may
// be than an access token, the credential tells.
func token(text string) (string, error) {
	text = strings.TrimSpace(text)
	if text == "" {
		return "", errEmpty
	}
	return text, nil
}
