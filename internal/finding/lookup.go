package finding

import (
	"bytes"
	"io/fs"
	"slices"
	"strings"
	"sync"

	"go.yaml.in/yaml/v3"
)

// An outline finds the page of a code without reading any other: a run needs
// a few of them, and to read all takes some milliseconds.
type outline struct {
	codes []string               // as their files list them
	page  map[string]func() Page // reads one page, once
}

// embeddedOutline goes over the embedded files when a page is first asked for.
var embeddedOutline = sync.OnceValue(func() outline { return outlineOf(embedded) })

// PageOf returns the page of a finding code, for a member of a family that of
// the family under the member's name.
func PageOf(code string) (Page, bool) { return embeddedOutline().of(code) }

func (o outline) of(code string) (Page, bool) {
	if read := o.page[code]; read != nil {
		return read(), true
	}
	if strings.ContainsAny(code, " \t\n*") {
		return Page{}, false
	}
	for _, name := range o.codes {
		stem, family := strings.CutSuffix(name, "*")
		if family && len(code) > len(stem) && strings.HasPrefix(code, stem) {
			page := o.page[name]()
			page.Code = code
			return page, true
		}
	}
	return Page{}, false
}

// outlineOf cuts codes/*.yaml into pages. That the files are sound, and that
// each page reads here as it does in its file, is held by the tests.
func outlineOf(files fs.FS) outline {
	o := outline{page: map[string]func() Page{}}
	names, _ := fs.Glob(files, "codes/*.yaml") // the pattern is a good one
	for _, name := range names {
		data, err := fs.ReadFile(files, name)
		if err != nil {
			panic("finding: embedded pages: " + err.Error())
		}
		_, text, _ := bytes.Cut(data, []byte(pageStart))
		for page := range bytes.SplitSeq(text, []byte(pageStart)) {
			o.add(page)
		}
	}
	return o
}

// pageStart is where each page begins in its file.
const pageStart = "\n  - "

// add takes a page without what it starts with.
func (o *outline) add(page []byte) {
	first, _, _ := bytes.Cut(page, []byte("\n"))
	line := string(first)
	code, ok := strings.CutPrefix(strings.TrimPrefix(line, "{"), "code: ")
	if !ok {
		panic("finding: embedded pages: " + line)
	}
	if end := strings.IndexAny(code, " ,}"); end >= 0 {
		code = code[:end]
	}
	o.codes = append(o.codes, code)
	o.page[code] = sync.OnceValue(func() Page { return readPage(page) })
}

// readPage reads a page without what it starts with.
func readPage(text []byte) Page {
	var one []Page
	if err := yaml.Unmarshal(slices.Concat([]byte(pageStart), text), &one); err != nil || len(one) != 1 {
		panic("finding: embedded pages: " + string(text))
	}
	return one[0]
}
