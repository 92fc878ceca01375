// Package language says what people read in their language: fixed sentences
// with arguments, and texts that are made of known sentences. The English of
// the program is the key; each other language is a folder below texts/ with
// files in the form of GNU gettext (PO), and needs nothing else: language.po,
// templates/ for what Say says, sentences/ for what Told says. What a language
// has no words for is said in English. Programs are answered in
// English alone.
package language

import (
	"embed"
	"fmt"
	"io/fs"
	"path"
	"strings"
	"sync"
)

//go:embed texts/*/*.po texts/*/*/*.po
var embedded embed.FS

// A Language is one that people are answered in. Nil is English. Its texts are
// read when they are first asked for.
type Language struct {
	tag  string
	read func() *texts
}

// English is the tag of the language that needs no texts.
const English = "en"

// Tags lists the tags of all languages, English first.
func Tags() []string {
	tags := []string{English}
	folders, _ := fs.ReadDir(embedded, "texts") // embedded: it is there
	for _, f := range folders {
		tags = append(tags, f.Name())
	}
	return tags
}

// Named returns the language of a tag, such as "de" or "de-AT": a country makes
// no difference. The error says which languages there are.
func Named(tag string) (*Language, error) {
	short := strings.ToLower(tag)
	if end := strings.IndexAny(short, "-_.@"); end > 0 {
		short = short[:end]
	}
	for _, known := range Tags() {
		if known == short {
			return of(known), nil
		}
	}
	return nil, fmt.Errorf("there is no language %q; there are %s", tag, strings.Join(Tags(), " and "))
}

// OfLocale returns the language of the first of the environment's variables
// that is set (POSIX, 8.2); English where it names none that there is.
func OfLocale(env func(string) string) *Language {
	for _, name := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
		if value := env(name); value != "" {
			l, _ := Named(value)
			return l
		}
	}
	return nil
}

func of(tag string) *Language {
	if tag == English {
		return nil
	}
	return &Language{tag: tag, read: sync.OnceValue(func() *texts {
		t, err := readTexts(embedded, path.Join("texts", tag))
		if err != nil {
			panic("language: embedded texts: " + err.Error())
		}
		return t
	})}
}

// Tag is the tag of l, for attributes such as HTML's lang.
func (l *Language) Tag() string {
	if l == nil {
		return English
	}
	return l.tag
}

// Name is what l is called by those who speak it.
func (l *Language) Name() string {
	if l == nil {
		return "English"
	}
	return l.read().name
}
