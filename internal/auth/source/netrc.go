package source

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

func (o Options) netrcFlag() string {
	if o.NetrcFile != "" {
		return "--netrc-file"
	}
	return "--netrc"
}

// netrc looks for the host in a netrc file.
func (o Options) netrc(ctx context.Context, a account) (string, error) {
	name, err := o.netrcName()
	if err != nil {
		return "", err
	}
	text, err := o.file(name)(ctx, a)
	if err != nil {
		return "", err
	}
	for _, m := range parseNetrc(text) {
		if m.host != "" && strings.EqualFold(m.host, a.host) && (m.login == "" || m.login == a.user) && m.password != "" {
			return m.password, nil
		}
	}
	return "", fmt.Errorf("%w in %q for machine %s and login %q", errNoEntry, name, a.host, a.user)
}

func (o Options) netrcName() (string, error) {
	if o.NetrcFile != "" {
		return o.NetrcFile, nil
	}
	if name, _ := o.lookup("NETRC"); name != "" {
		return name, nil
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return "", errors.New("the home directory is not known; name the file by --netrc-file")
	}
	return filepath.Join(home, ".netrc"), nil
}

// A machine is one entry of a netrc file.
type machine struct{ host, login, password string }

// parseNetrc reads the entries of a netrc file: words in any number of lines,
// as ftp(1) and curl read them. "default" entries are left out: a password is
// for the host that it names.
func parseNetrc(text string) []machine {
	var all []machine
	words := netrcWords(withoutMacros(text))
	for len(words) > 0 {
		key := words[0]
		words = words[1:]
		if key == "default" {
			all = append(all, machine{}) // takes the words up to the next machine
		}
		if len(words) == 0 || (key != "machine" && key != "login" && key != "password" && key != "account") {
			continue
		}
		value := words[0]
		words = words[1:]
		if key == "machine" {
			all = append(all, machine{host: value})
		}
		if len(all) == 0 {
			continue
		}
		switch last := &all[len(all)-1]; key {
		case "login":
			last.login = value
		case "password":
			last.password = value
		}
	}
	return all
}

// withoutMacros drops "macdef" blocks, which reach to the next empty line,
// and lines that are a comment.
func withoutMacros(text string) string {
	var kept []string
	macro := false
	for line := range strings.Lines(text) {
		word := strings.TrimSpace(line)
		if word == "" {
			macro = false
		}
		if strings.HasPrefix(word, "macdef ") {
			macro = true
		}
		if !macro && !strings.HasPrefix(word, "#") {
			kept = append(kept, line)
		}
	}
	return strings.Join(kept, "")
}

// netrcWords splits at white space. A word in double quotes may hold blanks,
// and a backslash takes the next character as it is, as in curl.
func netrcWords(text string) []string {
	var words []string
	for text = strings.TrimLeft(text, " \t\r\n"); text != ""; text = strings.TrimLeft(text, " \t\r\n") {
		var word string
		if text[0] == '"' {
			word, text = quotedWord(text[1:])
		} else if end := strings.IndexAny(text, " \t\r\n"); end >= 0 {
			word, text = text[:end], text[end:]
		} else {
			word, text = text, ""
		}
		words = append(words, word)
	}
	return words
}

// quotedWord reads up to the closing quote and returns the rest.
func quotedWord(text string) (word, rest string) {
	var b strings.Builder
	for i := 0; i < len(text); i++ {
		switch {
		case text[i] == '"':
			return b.String(), text[i+1:]
		case text[i] == '\\' && i+1 < len(text):
			i++
			b.WriteByte(unescape(text[i]))
		default:
			b.WriteByte(text[i])
		}
	}
	return b.String(), ""
}

func unescape(c byte) byte {
	switch c {
	case 'n':
		return '\n'
	case 'r':
		return '\r'
	case 't':
		return '\t'
	}
	return c
}
