//go:build unix

package main

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"mailprobe/internal/oauth/idptest"
)

// TestStoredTokenSpoilt holds a run against a stored sign-in that cannot be
// used: it is said, and nothing is dialled.
func TestStoredTokenSpoilt(t *testing.T) {
	c := newCommand(t, idptest.Options{Interval: 1})
	if status, _, stderr := c.run("login", "office365", "--user", loginUser, "--client-id", loginClient); status != exitWorks {
		t.Fatalf("login: got  %d %q", status, stderr)
	}
	files, err := filepath.Glob(filepath.Join(os.Getenv("XDG_STATE_HOME"), "mailprobe", "tokens", "*.json"))
	if err != nil || len(files) != 1 {
		t.Fatalf("got  %v, %v\nwant one file", files, err)
	}
	record, err := os.ReadFile(files[0])
	if err != nil {
		t.Fatal(err)
	}
	b := newBox(t, c.accessToken())
	for _, row := range []struct {
		name   string
		spoil  func(file string) error
		stderr string
	}{
		{"not a record", func(f string) error { return os.WriteFile(f, []byte("{"), 0o600) }, "cannot be read"},
		{"empty", func(f string) error { return os.Truncate(f, 0) }, "cannot be read"},
		{"cut off", func(f string) error { return os.Truncate(f, 40) }, "cannot be read"},
		{"for all to read", func(f string) error { return os.Chmod(f, 0o644) }, "others can read or change"},
		{"a pipe", func(f string) error { return errors.Join(os.Remove(f), syscall.Mkfifo(f, 0o600)) }, "no regular file"},
		{"a directory", func(f string) error { return errors.Join(os.Remove(f), os.Mkdir(f, 0o700)) }, "is a directory"},
	} {
		t.Run(row.name, func(t *testing.T) {
			if err := errors.Join(os.RemoveAll(files[0]), os.WriteFile(files[0], record, 0o600), row.spoil(files[0])); err != nil {
				t.Fatal(err)
			}
			for _, more := range [][]string{nil, {"--oauth"}, {"--client-id", loginClient}} {
				status, stdout, stderr := c.run(append(append([]string{"office365", "--user", loginUser}, more...), b.flags...)...)
				if status != exitUsage || stdout != "" || !strings.Contains(stderr, row.stderr) {
					t.Errorf("%v\ngot  %d %q %q\nwant %d %q", more, status, stdout, stderr, exitUsage, row.stderr)
				}
			}
		})
	}
	if got := b.Total().Connections; got != 0 {
		t.Errorf("connections\ngot  %d\nwant none", got)
	}
}
