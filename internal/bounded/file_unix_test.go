//go:build unix

package bounded

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

// Who may read a file decides its mode, for everybody but the owner.
func TestExposed(t *testing.T) {
	for _, row := range []struct {
		mode fs.FileMode
		says string // empty: nothing
	}{
		{0o600, ""},
		{0o700, ""},
		{0o400, ""},
		{0o640, "others can read or change %q (mode 0640); run: chmod 600 %[1]q"},
		{0o604, "others can read or change %q (mode 0604); run: chmod 600 %[1]q"},
		{0o620, "others can read or change %q (mode 0620); run: chmod 600 %[1]q"},
		{0o601, "others can read or change %q (mode 0601); run: chmod 600 %[1]q"},
	} {
		name := write(t, "text", row.mode)
		want := "<nil>"
		if row.says != "" {
			want = fmt.Sprintf(row.says, name)
		}
		if got := fmt.Sprint(Exposed(name)); got != want {
			t.Errorf("%04o: got  %s\nwant %s", row.mode, got, want)
		}
		_, err := File{Name: name, Limit: 4, Private: true}.Read()
		if got := fmt.Sprint(err); got != want {
			t.Errorf("%04o, read: got  %s\nwant %s", row.mode, got, want)
		}
	}
}

func TestExposedDirectory(t *testing.T) {
	dir := t.TempDir()
	for mode, says := range map[fs.FileMode]string{0o700: "", 0o755: "(mode 0755); run: chmod 700 "} {
		if err := os.Chmod(dir, mode); err != nil {
			t.Fatal(err)
		}
		err := Exposed(dir)
		if (err == nil) != (says == "") || err != nil && !strings.Contains(err.Error(), says) {
			t.Errorf("%04o: got  %v\nwant %q", mode, err, says)
		}
	}
	missing := filepath.Join(dir, "missing")
	if err := Exposed(missing); !errors.Is(err, fs.ErrNotExist) || err.Error() != fmt.Sprintf("there is no file %q", missing) {
		t.Errorf("missing: got  %v\nwant %v and the name", err, fs.ErrNotExist)
	}
	if err := Exposed(fifo(t)); err != nil {
		t.Errorf("pipe: got  %v\nwant nothing", err)
	}
}

func fifo(t *testing.T) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "pipe")
	if err := unix.Mkfifo(name, 0o644); err != nil {
		t.Fatal(err)
	}
	return name
}

// A pipe that nobody writes to would keep who opens it for ever.
func TestPipeIsRefusedAtOnce(t *testing.T) {
	_, err := File{Name: fifo(t), Limit: 9}.Read()
	if err == nil || !strings.Contains(err.Error(), "is no regular file") {
		t.Errorf("got  %v\nwant one that says it is no regular file", err)
	}
}

// A file that becomes a pipe between the look and the open does not keep
// anybody waiting either.
func TestOpenDoesNotWait(t *testing.T) {
	f := File{Name: fifo(t)}
	opened, err := os.OpenFile(f.Name, f.how(), 0)
	if err != nil {
		t.Fatal(err)
	}
	opened.Close()
}

// What writes to a pipe may come later than who reads, and open to all is
// nothing to be refused.
func TestPipeIsWaitedFor(t *testing.T) {
	for _, row := range []struct{ text, want, says string }{
		{"text", "text", ""},
		{strings.Repeat("x", 2049), "", "holds more than 2 KiB"},
	} {
		name := fifo(t)
		go os.WriteFile(name, []byte(row.text), 0)
		got, err := File{Name: name, Limit: 2048, Pipe: true, Private: true}.Read()
		if string(got) != row.want || (err == nil) != (row.says == "") || err != nil && !strings.Contains(err.Error(), row.says) {
			t.Errorf("got  %q, %v\nwant %q, %q", got, err, row.want, row.says)
		}
	}
}
