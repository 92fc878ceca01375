package replies

import (
	"fmt"
	"io/fs"
	"strconv"
	"strings"
)

// lessonFiles are the texts of testdata that likeness is learned from, with the
// columns of the text and of its codes; -1: no codes, the text is about no fault
// of mail. A set that is held out is never among them.
var lessonFiles = []struct {
	name        string
	text, codes int
}{
	{"collected.tsv", 1, 0}, {"written.tsv", 1, 0}, {"kinds.tsv", 1, 0},
	{"tuned.tsv", 0, 1}, {"tuned2.tsv", 0, 1}, {"tuned3.tsv", 0, 1}, {"tuned4.tsv", 0, 1}, {"heldout3.tsv", 0, 1},
	{"families.tsv", 3, 2}, {"languages.tsv", 3, 2}, {"prose.txt", 0, -1},
}

var unescaped = strings.NewReplacer(`\\`, `\`, `\n`, "\n")

// lessons reads the texts whose causes are known, by file, and the samples of
// the rows under the name of the tables' folder.
func (t *table) lessons(texts fs.FS) (map[string][]lesson, error) {
	all := map[string][]lesson{"tables": t.samples()}
	for _, f := range lessonFiles {
		data, err := fs.ReadFile(texts, f.name)
		if err != nil {
			return nil, err
		}
		for line := range strings.Lines(string(data)) {
			column := strings.Split(strings.TrimRight(line, "\n"), "\t")
			if len(column) <= max(f.text, f.codes) {
				return nil, fmt.Errorf("%s: too few columns: %q", f.name, line)
			}
			codes := []string{unrelated}
			if f.codes >= 0 {
				codes = strings.Split(column[f.codes], "|")
			}
			all[f.name] = append(all[f.name], lesson{unescaped.Replace(column[f.text]), codes})
		}
	}
	return all, nil
}

// samples are those of the rows and of the standard meanings.
func (t *table) samples() []lesson {
	var all []lesson
	for _, f := range append([]*replyFile{t.any}, t.providers...) {
		for _, r := range f.Rows {
			for _, sample := range r.Samples {
				all = append(all, lesson{sample, append([]string{r.Code}, r.Also...)})
			}
		}
	}
	for _, list := range t.standard.lists() {
		for _, m := range *list {
			all = append(all, lesson{m.Sample, append([]string{m.Code}, m.Also...)})
		}
	}
	return all
}

// Likeness learns from the samples of tables/*.yaml and from texts whose causes
// are known, and returns what it learned in the form that is part of the
// program.
func Likeness(tables, texts fs.FS) (string, error) {
	t, err := loadTable(tables)
	if err != nil {
		return "", err
	}
	known, err := t.lessons(texts)
	if err != nil {
		return "", err
	}
	var all []lesson
	for _, some := range known {
		all = append(all, some...)
	}
	return t.learnLikeness(all).compact(), nil
}

// compact writes a line for each cause and for each trait.
func (l *likeness) compact() string {
	var out strings.Builder
	for _, c := range l.causes {
		fmt.Fprintf(&out, "%s\t%d\t%d\n", c.code, c.texts, c.traits)
	}
	fmt.Fprintf(&out, "%s\t%d\n%s", endOfCauses, l.known, l.traits)
	return out.String()
}

const endOfCauses = "traits"

// readLikeness reads what compact wrote.
func readLikeness(text string) *likeness {
	l := &likeness{}
	for {
		line, rest, found := strings.Cut(text, "\n")
		column := strings.Split(line, "\t")
		if text = rest; !found || len(column) < 2 {
			return l
		}
		number, _ := strconv.Atoi(column[1]) // written by this program
		if column[0] == endOfCauses {
			l.known, l.traits = number, text
			return l
		}
		traits, _ := strconv.Atoi(column[len(column)-1])
		l.causes = append(l.causes, cause{column[0], number, traits})
	}
}
