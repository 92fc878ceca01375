package finding

import (
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write docs/findings.md anew")

// TestFindingsPage holds docs/findings.md against the pages of the codes.
func TestFindingsPage(t *testing.T) {
	const file = "../../docs/findings.md"
	got, err := os.ReadFile(file)
	if err != nil && !*update {
		t.Fatal(err)
	}
	writeIfUpdated(t, file, string(got), findingsPage())
}

func writeIfUpdated(t *testing.T, file, got, want string) {
	t.Helper()
	if got == want {
		return
	}
	if !*update {
		t.Errorf("%s is not what the tables say; go test ./internal/finding -update writes it anew", file)
		return
	}
	if err := os.WriteFile(file, []byte(want), 0o644); err != nil {
		t.Fatal(err)
	}
}

func findingsPage() string {
	var b strings.Builder
	b.WriteString("# Findings\n\nEvery finding has a code. Codes are stable: scripts may rely on them. `mailprobe explain CODE` shows the same page.\n" +
		"A rule may give a finding another severity or blame where it knows more. A code that ends in `*` stands for a family.\n\n" +
		"This page is written from the program's own tables by its tests.\n")
	var families []string
	pages := map[string][]Page{}
	for _, c := range Pages() {
		family, _, _ := strings.Cut(c.Code, ".")
		if !slices.Contains(families, family) {
			families = append(families, family)
		}
		pages[family] = append(pages[family], c)
	}
	for _, family := range families {
		fmt.Fprintf(&b, "\n## %s\n", family)
		for _, c := range pages[family] {
			b.WriteString(findingPage(c))
		}
	}
	return b.String()
}

func findingPage(c Page) string {
	text := fmt.Sprintf("\n### `%s`\n\n**%s** (%s", c.Code, c.Title, c.Severity)
	if c.Blame != "" {
		text += ", " + string(c.Blame)
	}
	text += ")\n\n" + c.Means + "\n"
	if c.Fix != "" {
		text += "\nWhat to do: " + c.Fix + "\n"
	}
	if len(c.References) > 0 {
		text += "\nSee " + strings.Join(c.References, ", ") + ".\n"
	}
	return text
}
