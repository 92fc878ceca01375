package published

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"mailprobe/internal/finding"
)

func source(t *testing.T, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(folder, name))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func write(t *testing.T, dir, name, text string) {
	t.Helper()
	path := filepath.Join(dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func TestFilesWalksFolders(t *testing.T) {
	dir := t.TempDir()
	sound := string(source(t, "autoconfig-sound.xml"))
	write(t, dir, "nord.xml", sound)
	write(t, dir, "deep/nord.example", sound) // as the database gives them out
	write(t, dir, "deep/broken.xml", "x")
	write(t, dir, "package.json", string(source(t, "other.json")))
	write(t, dir, "README.md", string(source(t, "notes.md")))
	write(t, dir, "run.sh", "#!/bin/sh\n")
	write(t, dir, ".git/config.xml", "x")
	files, err := Files(dir, filepath.Join(dir, "nord.xml"))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, f := range files {
		rel, _ := filepath.Rel(dir, f.Path)
		got = append(got, filepath.ToSlash(rel)+" "+codes(f.Document))
	}
	want := "deep/broken.xml settings.not_well_formed, deep/nord.example , nord.xml settings.duplicate_domain"
	if strings.Join(got, ", ") != want {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}

func TestFilesFollowsALinkThatIsNamed(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "real/nord.xml", string(source(t, "autoconfig-sound.xml")))
	if err := os.Symlink(filepath.Join(dir, "real"), filepath.Join(dir, "link")); err != nil {
		t.Skip(err)
	}
	files, err := Files(filepath.Join(dir, "link"))
	if err != nil || len(files) != 1 || files[0].Path != filepath.Join(dir, "link", "nord.xml") {
		t.Errorf("got  %+v, %v", files, err)
	}
}

func TestFilesThatAreNamedAreRead(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "package.json", "{}")
	files, err := Files(filepath.Join(dir, "package.json"))
	if err != nil || len(files) != 1 || files[0].Read {
		t.Errorf("got  %+v, %v\nwant one that cannot be read", files, err)
	}
	if _, err := Files(filepath.Join(dir, "nowhere.xml")); err == nil || !strings.Contains(err.Error(), "there is no file or folder") {
		t.Errorf("got  %v", err)
	}
	if _, err := Files(os.DevNull); err == nil || !strings.Contains(err.Error(), "neither a file nor a folder") {
		t.Errorf("got  %v", err)
	}
}

// TestCatalogue holds that the program's own files pass its own lint.
func TestCatalogue(t *testing.T) {
	files, err := Files("../catalog/providers")
	if err != nil || len(files) < 7 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	for _, f := range files {
		for _, x := range f.Findings {
			if x.Severity == finding.Error {
				t.Errorf("%s:%d: %s", f.Path, x.Line, x.Says())
			}
		}
		if !f.Read {
			t.Errorf("%s cannot be read", f.Path)
		}
	}
}
