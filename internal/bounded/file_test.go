package bounded

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"
)

func write(t *testing.T, text string, mode fs.FileMode) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(name, []byte(text), mode); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(name, mode); err != nil {
		t.Fatal(err)
	}
	return name
}

func TestRead(t *testing.T) {
	full := strings.Repeat("x", 1024)
	link := filepath.Join(t.TempDir(), "link")
	if err := os.Symlink(write(t, "linked", 0o600), link); err != nil {
		t.Fatal(err)
	}
	for _, row := range []struct {
		name string
		file File
		want string
		says string // in the error; empty: none
	}{
		{"file", File{Name: write(t, "text\n", 0o600)}, "text\n", ""},
		{"empty", File{Name: write(t, "", 0o600)}, "", ""},
		{"at the limit", File{Name: write(t, full, 0o600)}, full, ""},
		{"beyond the limit", File{Name: write(t, full+"x", 0o600)}, "", "holds more than 1 KiB"},
		{"link", File{Name: link}, "linked", ""},
		{"directory", File{Name: t.TempDir()}, "", "is a directory, not a file"},
		{"device", File{Name: os.DevNull}, "", "is no regular file"},
		{"device for a pipe", File{Name: os.DevNull, Pipe: true}, "", "is neither a file nor a pipe"},
		{"private", File{Name: write(t, "text", 0o400), Private: true}, "text", ""},
		{"a file of all, which may be", File{Name: write(t, "text", 0o644)}, "text", ""},
		{"missing", File{Name: "/nonexistent/file"}, "", `there is no file "/nonexistent/file"`},
	} {
		t.Run(row.name, func(t *testing.T) {
			row.file.Limit = 1024
			got, err := row.file.Read()
			if string(got) != row.want || (err != nil) != (row.says != "") {
				t.Fatalf("got  %q, %v\nwant %q, %q", got, err, row.want, row.says)
			}
			if err != nil && (!strings.Contains(err.Error(), row.says) || !strings.Contains(err.Error(), row.file.Name)) {
				t.Errorf("got  %v\nwant %q and the name in it", err, row.says)
			}
		})
	}
}

func TestFileErrorTellsTheSystemsFromOurs(t *testing.T) {
	_, err := File{Name: "/nonexistent/file"}.Read()
	var path *fs.PathError
	if !errors.Is(err, fs.ErrNotExist) || !errors.As(err, &path) {
		t.Errorf("missing: got %v, want one that is %v and holds the system's", err, fs.ErrNotExist)
	}
	_, err = File{Name: t.TempDir()}.Read()
	var e *FileError
	if !errors.As(err, &e) || e.Err != nil {
		t.Errorf("directory: got %#v, want a *FileError without the system's", err)
	}
}

// Who is root may read every file, so the system's error is made up.
func TestSystemsErrorInPlainWords(t *testing.T) {
	for _, row := range []struct {
		err  error
		want string
	}{
		{fs.ErrNotExist, `there is no file "f"`},
		{fs.ErrPermission, `the file "f" may not be read`},
		{errors.New("input/output error"), "open f: input/output error"},
	} {
		err := File{Name: "f"}.failed(&fs.PathError{Op: "open", Path: "f", Err: row.err})
		if !errors.Is(err, row.err) || err.Error() != row.want {
			t.Errorf("got  %v\nwant %s", err, row.want)
		}
	}
}

func TestReadAll(t *testing.T) {
	failure := errors.New("failure")
	for _, row := range []struct {
		name, text string
		want       string // empty: an error that says
		says       string
	}{
		{"less", "abc", "abc", ""},
		{"at the limit", strings.Repeat("x", 2048), strings.Repeat("x", 2048), ""},
		{"more", strings.Repeat("x", 2049), "", "it holds more than 2 KiB"},
	} {
		got, err := ReadAll(iotest.OneByteReader(strings.NewReader(row.text)), 2048)
		if string(got) != row.want || (err == nil) != (row.says == "") || err != nil && err.Error() != row.says {
			t.Errorf("%s: got  %d bytes, %v\nwant %d bytes, %q", row.name, len(got), err, len(row.want), row.says)
		}
	}
	if got, err := ReadAll(iotest.ErrReader(failure), 1); got != nil || !errors.Is(err, failure) {
		t.Errorf("got  %q, %v\nwant %v", got, err, failure)
	}
}
