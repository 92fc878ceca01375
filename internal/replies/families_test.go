package replies

import (
	"slices"
	"strings"
	"testing"

	"mailprobe/internal/lab/detector"
)

// A program is one mail program or library that shows an error in its own way.
type program struct{ family, language, codes, text string }

func programs(t *testing.T) []program {
	t.Helper()
	var all []program
	for line := range strings.Lines(shared(t, "families.tsv")) {
		column := strings.Split(strings.TrimRight(line, "\n"), "\t")
		if len(column) != 4 {
			t.Fatalf("no family, language, codes and text: %q", line)
		}
		all = append(all, program{column[0], column[1], column[2], unescape.Replace(column[3])})
	}
	return all
}

// TestFamiliesOfPrograms: what each says is read, and the great ones in the
// languages that they come in.
func TestFamiliesOfPrograms(t *testing.T) {
	detector.Spare(t)
	families, languages := map[string]bool{}, map[string][]string{}
	for _, p := range programs(t) {
		holds(t, p.codes, p.text)
		families[p.family] = true
		languages[p.family] = append(languages[p.family], p.language)
	}
	if len(families) < 40 {
		t.Errorf("got  %d families of programs\nwant 40", len(families))
	}
	for _, great := range []string{"Thunderbird", "Outlook", "Apple Mail"} {
		for _, language := range []string{"en", "de", "fr", "es", "it", "pt", "nl", "pl", "ru", "zh", "ja"} {
			if !slices.Contains(languages[great], language) {
				t.Errorf("%s has no sample in %s", great, language)
			}
		}
	}
}
