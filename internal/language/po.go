package language

import (
	"fmt"
	"io/fs"
	"slices"
	"strconv"
	"strings"
)

// An entry is one text in English and in another language.
type entry struct {
	id, plural string   // in English; plural is empty where nothing is counted
	said       []string // in the language, one for each of its plural forms; an empty one is missing
	line       int      // in the file, from 1
}

// translated reports whether there are words for an entry.
func (e entry) translated() bool { return !slices.Contains(e.said, "") }

// readPO reads a file in the form of GNU gettext, of which contexts and
// obsolete entries are not used here. A fault is named with file and line.
func readPO(files fs.FS, name string) ([]entry, error) {
	data, err := fs.ReadFile(files, name)
	if err != nil {
		return nil, err
	}
	r := &poReader{}
	n := 0
	for line := range strings.Lines(string(data)) {
		n++
		if err := r.take(strings.TrimSpace(line), n); err != nil {
			return nil, fmt.Errorf("%s:%d: %w", name, n, err)
		}
	}
	for _, e := range r.entries {
		if len(e.said) == 0 {
			return nil, fmt.Errorf("%s:%d: there is no msgstr", name, e.line)
		}
	}
	return r.entries, nil
}

// A poReader reads line by line.
type poReader struct {
	entries []entry
	into    *string // what a line that is a string alone is added to
}

func (r *poReader) take(line string, n int) error {
	if line == "" || strings.HasPrefix(line, "#") {
		r.into = nil
		return nil
	}
	keyword, quoted, _ := strings.Cut(line, " ")
	if strings.HasPrefix(line, `"`) {
		keyword, quoted = "", line
	}
	text, err := strconv.Unquote(strings.TrimSpace(quoted))
	if err != nil {
		return fmt.Errorf("%s is no string in quotes", quoted)
	}
	return r.add(keyword, text, n)
}

func (r *poReader) add(keyword, text string, n int) error {
	if keyword == "msgid" {
		r.entries = append(r.entries, entry{line: n})
	}
	if len(r.entries) == 0 || keyword == "" && r.into == nil {
		return fmt.Errorf("a text without msgid")
	}
	e := &r.entries[len(r.entries)-1]
	switch {
	case keyword == "":
	case keyword == "msgid":
		r.into = &e.id
	case keyword == "msgid_plural":
		r.into = &e.plural
	case keyword == "msgstr" || keyword == fmt.Sprintf("msgstr[%d]", len(e.said)):
		e.said = append(e.said, "")
		r.into = &e.said[len(e.said)-1]
	default:
		return fmt.Errorf("%s does not belong here", keyword)
	}
	*r.into += text
	return nil
}
