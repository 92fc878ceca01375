package main

import (
	"io"
	"path/filepath"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// TestReleaseFiles holds that each file that the release's configuration names
// is there, or is what `generate` writes, and that the version gets into the
// program.
func TestReleaseFiles(t *testing.T) {
	text := fileOf(t, "../../.goreleaser.yaml")
	var all any
	if err := yaml.Unmarshal([]byte(text), &all); err != nil {
		t.Fatal(err)
	}
	generated := t.TempDir()
	a := &app{stdin: strings.NewReader(""), stdout: io.Discard, stderr: io.Discard}
	if status := a.run(t.Context(), []string{"generate", generated}); status != exitWorks {
		t.Fatalf("generate: got  status %d", status)
	}
	sources := append(valuesOf(all, "src"), valuesOf(all, "files")...)
	if len(sources) < 12 {
		t.Errorf("got  %q\nwant the files of archives and packages", sources)
	}
	for _, source := range sources {
		path := filepath.Join("../..", source)
		if rest, ok := strings.CutPrefix(source, "build/generated/"); ok {
			path = filepath.Join(generated, rest)
		}
		if found, err := filepath.Glob(path); err != nil || len(found) == 0 {
			t.Errorf("%s: there is no such file (%v)", source, err)
		}
	}
	if !strings.Contains(text, "-X main.release={{ .Tag }}") || !strings.Contains(text, "generate build/generated") {
		t.Error("the version or the generated files are not built in")
	}
}

// valuesOf lists the texts that stand under a key, wherever it stands.
func valuesOf(v any, key string) []string {
	var found []string
	switch v := v.(type) {
	case map[string]any:
		for k, below := range v {
			if text, ok := below.(string); ok && k == key {
				found = append(found, text)
			}
			if list, ok := below.([]any); ok && k == key {
				for _, item := range list {
					if text, ok := item.(string); ok {
						found = append(found, text)
					}
				}
			}
			found = append(found, valuesOf(below, key)...)
		}
	case []any:
		for _, below := range v {
			found = append(found, valuesOf(below, key)...)
		}
	}
	return found
}
