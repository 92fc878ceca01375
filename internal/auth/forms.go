package auth

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"html"
	"net/url"
	"strings"
)

// A form is one shape in which a secret can stand in a line.
type form struct {
	text    string // folded if anyCase
	anyCase bool
}

// in returns where the form stands in a line, given also folded; -1: nowhere.
func (f form) in(line, folded string) int {
	if f.anyCase {
		return strings.Index(folded, f.text)
	}
	return strings.Index(line, f.text)
}

// formsOf lists the shapes of a secret: what protocols and mechanisms make of
// it and what servers may make of it in an error. Texts are compared without
// regard to case, since some servers raise a command before they quote it;
// base64 in another case is no longer the secret.
func formsOf(secret, username string) []form {
	forms := newFormSet(len(secret))
	quoted := strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(secret)
	inJSON, _ := json.Marshal(secret) // a string always marshals
	for _, text := range []string{
		secret,
		strings.TrimSpace(secret),
		strings.ToUpper(secret), // the folding below is of ASCII alone
		strings.ToLower(secret),
		quoted,
		string(inJSON[1 : len(inJSON)-1]),
		html.EscapeString(secret),
		url.QueryEscape(secret),
		url.PathEscape(secret),
		saslName(secret),
		hex.EncodeToString([]byte(secret)),
	} {
		forms.addText(text)
	}
	for _, message := range []string{
		secret,
		"\x00" + username + "\x00" + secret,
		username + "\x00" + username + "\x00" + secret,
		xoauth2(username, secret),
		oauthBearer(secret, Attempt{Username: username}),
		quoted,
	} {
		forms.addBase64(message)
	}
	for shift := range 3 {
		forms.addExact(fragment(secret, shift))
	}
	return forms.all
}

// fragment returns the base64 characters that depend on the secret alone,
// if it starts shift bytes behind a group of three (shift 0, 1 or 2).
func fragment(secret string, shift int) string {
	encoded := base64.RawStdEncoding.EncodeToString([]byte(strings.Repeat("\x00", shift) + secret))
	from := []int{0, 2, 3}[shift]
	to := (shift + len(secret)) * 8 / 6
	if from >= to {
		return ""
	}
	return encoded[from:to]
}

// A formSet collects forms without repeats and without the ones that are too
// short to mean anything.
type formSet struct {
	all     []form
	seen    map[form]bool
	text    int // the length in bytes from which a text counts
	encoded int // the same for base64
}

func newFormSet(secretLength int) *formSet {
	s := &formSet{seen: map[form]bool{}, text: shortSecret, encoded: shortSecret}
	if secretLength < shortSecret {
		s.text, s.encoded = secretLength, shortSecret-1
	}
	return s
}

func (s *formSet) addText(text string) {
	if len(text) >= s.text {
		s.add(form{foldASCII(text), true})
	}
}

// addExact adds base64 in both alphabets.
func (s *formSet) addExact(text string) {
	if len(text) >= s.encoded {
		s.add(form{text, false})
		s.add(form{strings.NewReplacer("+", "-", "/", "_").Replace(text), false})
	}
}

func (s *formSet) addBase64(message string) {
	s.addExact(base64.RawStdEncoding.EncodeToString([]byte(message)))
	s.addExact(base64.StdEncoding.EncodeToString([]byte(message)))
}

func (s *formSet) add(f form) {
	if !s.seen[f] {
		s.seen[f] = true
		s.all = append(s.all, f)
	}
}
