package language

import (
	"bytes"
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "add what is missing to the files of each language, with empty texts, and drop what is gone")

// unfinished is the first line of a file that may lack texts for now.
const unfinished = "# unfinished\n"

// TestComplete: each language has words for every text of the program, and for
// nothing else. What lacks is listed, file by file; -update writes it into the
// files for whoever translates them.
func TestComplete(t *testing.T) {
	all := areas(t)
	for _, tag := range Tags()[1:] {
		for _, a := range all {
			name := filepath.Join("texts", tag, filepath.FromSlash(a.file))
			if _, err := os.Stat(name); *update && (!a.free || err != nil) {
				if err := a.update(name); err != nil {
					t.Fatal(err)
				}
			}
			a.check(t, name)
		}
	}
}

func (a area) check(t *testing.T, name string) {
	missing, orphans := a.compare(t, name)
	open := isUnfinished(name)
	t.Logf("%s: %d of %d are missing", name, len(missing), len(a.texts))
	switch {
	case len(missing) > 0 && !open:
		t.Errorf("%s lacks %d, the first: %q\nrun go test ./internal/language -run Complete -update and fill in the empty ones", name, len(missing), missing[0])
	case len(orphans) > 0 && !open:
		t.Errorf("%s: nothing in the program says %q\nrun go test ./internal/language -run Complete -update", name, orphans[0])
	case open && len(missing) == 0:
		t.Errorf("%s is complete: take its first line out", name)
	}
}

func isUnfinished(name string) bool {
	data, _ := os.ReadFile(name) // one that is not there lacks everything
	return bytes.HasPrefix(data, []byte(unfinished))
}

// compare lists the texts that a file lacks, and the entries that nothing says.
func (a area) compare(t *testing.T, name string) (missing, orphans []string) {
	entries, err := readPO(os.DirFS("."), filepath.ToSlash(name))
	if err != nil {
		t.Error(err)
	}
	known := map[string]entry{}
	for _, e := range entries {
		known[e.id] = e
	}
	for _, x := range a.texts {
		if e, ok := known[x.id]; !ok || !e.translated() || e.plural != x.plural {
			missing = append(missing, x.id)
		}
		delete(known, x.id)
	}
	return missing, slices.Sorted(maps.Keys(known))
}

// update writes a file anew: each text of the area, with what the file says of
// it already.
func (a area) update(name string) error {
	entries, err := readPO(os.DirFS("."), filepath.ToSlash(name))
	if err != nil && !os.IsNotExist(err) {
		return err
	}
	said := map[string]entry{}
	for _, e := range entries {
		said[e.id] = e
	}
	var b bytes.Buffer
	if os.IsNotExist(err) || isUnfinished(name) {
		b.WriteString(unfinished)
	}
	from := ""
	for _, x := range a.texts {
		if b.Len() > 0 {
			b.WriteByte('\n')
		}
		if x.from != from {
			from = x.from
			fmt.Fprintf(&b, "#. %s\n", from)
		}
		writeEntry(&b, x, said[x.id])
	}
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		return err
	}
	return os.WriteFile(name, b.Bytes(), 0o644)
}

func writeEntry(b *bytes.Buffer, x text, known entry) {
	fmt.Fprintf(b, "msgid %s\n", poQuoted(x.id))
	if x.plural == "" {
		said := ""
		if len(known.said) == 1 {
			said = known.said[0]
		}
		fmt.Fprintf(b, "msgstr %s\n", poQuoted(said))
		return
	}
	fmt.Fprintf(b, "msgid_plural %s\n", poQuoted(x.plural))
	forms := known.said
	if len(forms) < 2 {
		forms = []string{"", ""}
	}
	for i, form := range forms {
		fmt.Fprintf(b, "msgstr[%d] %s\n", i, poQuoted(form))
	}
}

// poQuoted quotes a text as PO files do: what is no ASCII stays readable.
func poQuoted(text string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`, "\t", `\t`).Replace(text) + `"`
}
