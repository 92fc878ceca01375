package source

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"mailprobe/internal/safe"
)

func (o Options) netrcFlag() string {
	if o.NetrcFile != "" {
		return "--netrc-file"
	}
	return "--netrc"
}

// netrc looks for each host in a netrc file. Hosts without an entry are left
// out; if none has one, that is an error.
func (o Options) netrc(ctx context.Context, a account) (map[string]string, error) {
	name, err := o.netrcName()
	if err != nil {
		return nil, err
	}
	text, err := o.file(name)(ctx, a)
	if err != nil {
		return nil, err
	}
	found, machines := make(map[string]string), parseNetrc(text)
	for _, host := range a.hosts {
		i := slices.IndexFunc(machines, func(m machine) bool { return m.is(host, a.user) })
		if i >= 0 {
			found[host] = machines[i].password
		}
	}
	if len(found) == 0 {
		return nil, fmt.Errorf("%w in %q for machine %s and login \"%s\"", errNoEntry, name, strings.Join(a.hosts, " or "), safe.Display(a.user))
	}
	return found, nil
}

// is reports whether an entry has the password of a user for a host.
func (m machine) is(host, user string) bool {
	return m.host != "" && strings.EqualFold(m.host, host) && (m.login == "" || m.login == user) && m.password != ""
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
