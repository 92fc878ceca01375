package script

import (
	"cmp"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// A Dialogue is one script of a file, with what comes of it.
type Dialogue struct {
	Name     string
	Protocol string // "imap", "pop3", "smtp"; where the file says nothing, the word its name begins with
	Security string // "tls", "starttls", "plain"; where the file says nothing, "tls"
	Steps    string // what becomes of the phases of a probe
	Verdict  string // "works", "fails", "unknown"; where the file says nothing, "works"
	Finding  string // the code of the gravest finding that is no mere fact, several that may be with | between them; empty: there is none
	Auth     string // the way to sign in that is demanded (--auth); empty: the choice is free
	Password string // where the file says nothing, one that no server says by chance
	Token    string // an access token instead of a password; empty: a password
	Script   string
}

// Password is what is signed in with where a file does not say otherwise.
const Password = "correct horse battery"

// Read reads a file of dialogues. Each begins with its name in brackets on a
// line of its own; lines such as "security: starttls" follow, then the script.
// An unknown word before a colon, a name that is there already and a script
// that cannot be read are errors.
func Read(name string) ([]Dialogue, error) {
	text, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	protocol, _, _ := strings.Cut(filepath.Base(name), "-")
	var all []Dialogue
	for _, part := range strings.Split("\n"+string(text), "\n[")[1:] {
		d, err := readDialogue(part)
		if err == nil && slices.ContainsFunc(all, func(x Dialogue) bool { return x.Name == d.Name }) {
			err = fmt.Errorf("it is there already")
		}
		if err != nil {
			return nil, fmt.Errorf("%s: [%s]: %w", name, d.Name, err)
		}
		d.Protocol, d.Security, d.Verdict = cmp.Or(d.Protocol, protocol), cmp.Or(d.Security, "tls"), cmp.Or(d.Verdict, "works")
		d.Password = cmp.Or(d.Password, Password)
		all = append(all, d)
	}
	return all, nil
}

func readDialogue(part string) (Dialogue, error) {
	head, script, _ := strings.Cut(part, "\n")
	name, closed := strings.CutSuffix(strings.TrimSpace(head), "]")
	d := Dialogue{Name: name}
	if !closed {
		return d, fmt.Errorf("the name does not end with ]")
	}
	words := map[string]*string{"protocol": &d.Protocol, "security": &d.Security, "steps": &d.Steps, "verdict": &d.Verdict, "finding": &d.Finding,
		"auth": &d.Auth, "password": &d.Password, "token": &d.Token}
	for {
		line, rest, _ := strings.Cut(script, "\n")
		word, value, _ := strings.Cut(line, ": ")
		into, ok := words[word]
		if !ok {
			break
		}
		*into, script = strings.TrimSpace(value), rest
	}
	d.Script = strings.TrimRight(script, "\n")
	_, err := parse(d.Script)
	return d, err
}
