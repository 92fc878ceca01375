package language

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"
)

// An area is one file of each language, and the English texts that belong into
// it.
type area struct {
	file  string // below a language's folder
	texts []text
	free  bool // its entries are not held against the sources, but against those of all languages
}

// A text is one that must be said in each language.
type text struct {
	id, plural string
	from       string // where it stands, for whoever translates it
}

// areas lists all texts of the program, each in the first area that has it.
func areas(t *testing.T) []area {
	s := checkAll(t)
	all := []area{{file: "templates/report.po", texts: append(s.templates(), pageTexts(t)...)}}
	all = append(all, codeAreas(t)...)
	all = append(all, s.sentenceAreas()...)
	all = append(all, replyAreas(t)...)
	all = append(all, area{file: "sentences/providers.po", texts: providerTexts(t)}, area{file: piecesFile, texts: pieces(t), free: true})
	seen := map[string]bool{}
	for i := range all {
		all[i].texts = slices.DeleteFunc(all[i].texts, func(x text) bool {
			before := seen[x.id]
			seen[x.id] = true
			return before || x.id == ""
		})
		if i == 0 {
			clear(seen) // templates are apart from sentences
		}
	}
	return all
}

// piecesFile holds what is put together from pieces, by hand.
const piecesFile = "sentences/pieces.po"

// pieces are the entries of that file in any language.
func pieces(t *testing.T) []text {
	var all []text
	for _, name := range globbed(t, "texts/*/"+piecesFile) {
		entries, err := readPO(os.DirFS("."), filepath.ToSlash(name))
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range entries {
			all = append(all, text{id: e.id})
		}
	}
	return all
}

// templates are what Say and Count are given.
func (s *source) templates() []text {
	plurals := s.plurals()
	many := map[string]bool{}
	for one, several := range plurals {
		many[several] = one != several
	}
	var all []text
	for _, c := range s.constants(templateType) {
		if !many[c.text] {
			all = append(all, text{c.text, plurals[c.text], c.file})
		}
	}
	return all
}

var saidInPage = regexp.MustCompile(`\.Say "([^"]+)"`)

// pageTexts are the templates of HTML pages.
func pageTexts(t *testing.T) []text {
	var all []text
	for _, file := range []string{"internal/report/html.tmpl", "internal/report/explain.tmpl", "internal/page/page.tmpl"} {
		data, err := os.ReadFile("../../" + file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range saidInPage.FindAllStringSubmatch(string(data), -1) {
			all = append(all, text{id: m[1], from: file})
		}
	}
	return all
}

// sentencesOf are the sentences of a text.
func sentencesOf(of, from string) []text {
	var all []text
	for _, s := range sentences(strings.TrimSpace(of)) {
		if hasWords(s) {
			all = append(all, text{id: s, from: from})
		}
	}
	return all
}

// codeAreas are the pages of finding codes, an area for each of their files.
func codeAreas(t *testing.T) []area {
	var all []area
	for _, name := range globbed(t, "../finding/codes/*.yaml") {
		var file struct {
			Codes []struct{ Code, Title, Means, Fix string }
		}
		readYAML(t, name, &file)
		a := area{file: "sentences/codes-" + strings.TrimSuffix(filepath.Base(name), ".yaml") + ".po"}
		for _, c := range file.Codes {
			a.texts = append(a.texts, text{id: c.Title, from: c.Code})
			a.texts = append(a.texts, sentencesOf(c.Means+" "+c.Fix, c.Code)...)
		}
		all = append(all, a)
	}
	return all
}

// whole lists the sentences of a constant that are whole. What begins or ends
// in the middle of one is put together in pieces.po.
func whole(of, from string) []text {
	all := sentences(strings.TrimSpace(of))
	if n := len(all); (strings.HasSuffix(of, " ") || n > 1) && !endsSentence(all[n-1]) {
		all = all[:n-1]
	}
	if len(all) > 0 && strings.ContainsAny(of[:1], " ,:.)") {
		all = all[1:]
	}
	return sentencesOf(strings.Join(all, " "), from)
}

// hasWords reports whether a text is more than placeholders.
func hasWords(text string) bool {
	for _, name := range namesIn(text) {
		text = strings.ReplaceAll(text, "{"+name+"}", "")
	}
	return strings.ContainsFunc(text, unicode.IsLetter)
}

// sentenceAreas are the sentences of findings in the program's sources.
func (s *source) sentenceAreas() []area {
	rules, settings := area{file: "sentences/rules.po"}, area{file: "sentences/settings.po"}
	for _, c := range s.constants(sentenceType) {
		into := &settings
		if c.room == "diagnose" {
			into = &rules
		}
		into.texts = append(into.texts, whole(c.text, c.file)...)
	}
	return []area{rules, settings}
}
