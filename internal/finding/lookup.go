package finding

import (
	"io/fs"
	"regexp"
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

// item is how each page begins in its file.
var item = regexp.MustCompile(`(?m)^  - \{?code: ([^\s,}]+)`)

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
		starts := item.FindAllSubmatchIndex(data, -1)
		for i, at := range starts {
			end := len(data)
			if i+1 < len(starts) {
				end = starts[i+1][0]
			}
			code := string(data[at[2]:at[3]])
			o.codes = append(o.codes, code)
			o.page[code] = sync.OnceValue(func() Page { return readPage(data[at[0]:end]) })
		}
	}
	return o
}

// readPage reads a list of one page.
func readPage(text []byte) Page {
	var one []Page
	if err := yaml.Unmarshal(text, &one); err != nil || len(one) != 1 {
		panic("finding: embedded pages: " + string(text))
	}
	return one[0]
}
