package language

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// replyAreas are the rows of replies.
func replyAreas(t *testing.T) []area {
	areaOf := map[string]*area{}
	names := []string{"any", "microsoft", "gmail", "oauth", "others"}
	for _, name := range names {
		areaOf[name] = &area{file: "sentences/replies-" + name + ".po"}
	}
	for _, name := range globbed(t, "../replies/tables/*.yaml") {
		var file yaml.Node
		readYAML(t, name, &file)
		base := strings.TrimSuffix(filepath.Base(name), ".yaml")
		a := areaOf[base]
		if a == nil {
			a = areaOf["others"]
		}
		a.texts = append(a.texts, proseOf(&file, base, "cause", "remedy")...)
	}
	var all []area
	for _, name := range names {
		all = append(all, *areaOf[name])
	}
	return all
}

// providerTexts are what the catalogue says of providers.
func providerTexts(t *testing.T) []text {
	var all []text
	for _, name := range globbed(t, "../catalog/providers/*.yaml") {
		var file yaml.Node
		readYAML(t, name, &file)
		all = append(all, proseOf(&file, strings.TrimSuffix(filepath.Base(name), ".yaml"), "text", "note", "tell", "shares", "when", "looks")...)
	}
	return all
}

// proseOf are the sentences behind some keys of a file.
func proseOf(n *yaml.Node, from string, keys ...string) []text {
	var all []text
	for i, child := range n.Content {
		if n.Kind == yaml.MappingNode && i%2 == 1 && child.Kind == yaml.ScalarNode {
			if slices.Contains(keys, n.Content[i-1].Value) {
				all = append(all, sentencesOf(child.Value, from)...)
			}
		}
		all = append(all, proseOf(child, from, keys...)...)
	}
	return all
}

func globbed(t *testing.T, pattern string) []string {
	names, err := filepath.Glob(pattern)
	if err != nil || len(names) == 0 {
		t.Fatal(fmt.Errorf("%s: nothing is there: %v", pattern, err))
	}
	return names
}

func readYAML(t *testing.T, name string, into any) {
	data, err := os.ReadFile(name)
	if err == nil {
		err = yaml.Unmarshal(data, into)
	}
	if err != nil {
		t.Fatal(name, err)
	}
}
