//go:build unix

package oauth

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"mailprobe/internal/secret"
)

func TestModesOfNewFiles(t *testing.T) {
	s, r := NewFiles(filepath.Join(t.TempDir(), "state", "tokens")), sample()
	defer unix.Umask(unix.Umask(0))
	if err := s.Save(t.Context(), r); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]os.FileMode{
		s.dir: 0o700, filepath.Dir(s.dir): 0o700, s.path(r.Key): 0o600,
	} {
		info, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		if got := info.Mode().Perm(); got != want {
			t.Errorf("%s: got  %04o\nwant %04o", path, got, want)
		}
	}
}

func TestOpenModesAreRefused(t *testing.T) {
	tests := []struct {
		name  string
		spoil func(s *Files, file string) error
		want  string // in the error; empty: none
	}{
		{"private", func(*Files, string) error { return nil }, ""},
		{"file for the group", func(_ *Files, f string) error { return os.Chmod(f, 0o640) }, "mode 0640"},
		{"file for all", func(_ *Files, f string) error { return os.Chmod(f, 0o604) }, "mode 0604"},
		{"directory for all", func(s *Files, _ string) error { return os.Chmod(s.dir, 0o777) }, "mode 0777"},
		{"huge file", func(_ *Files, f string) error { return os.Truncate(f, maxFile+1) }, "more than 128 KiB"},
		{"pipe", func(_ *Files, f string) error {
			if err := os.Remove(f); err != nil {
				return err
			}
			return unix.Mkfifo(f, 0o600)
		}, "no regular file"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s, r := NewFiles(filepath.Join(t.TempDir(), "tokens")), sample()
			if err := s.Save(t.Context(), r); err != nil {
				t.Fatal(err)
			}
			if err := tt.spoil(s, s.path(r.Key)); err != nil {
				t.Fatal(err)
			}
			_, err := s.Load(t.Context(), r.Key)
			if tt.want == "" && err != nil || tt.want != "" && (err == nil || !strings.Contains(err.Error(), tt.want)) {
				t.Errorf("got  %v\nwant %q", err, tt.want)
			}
			if err != nil && strings.Contains(err.Error(), "\n") {
				t.Errorf("more than one line: %v", err)
			}
		})
	}
}

func TestClientSecretFile(t *testing.T) {
	tests := []struct {
		name, content string
		mode          os.FileMode
		want          string // the secret; empty: an error
	}{
		{"one line", "s3~cret\n", 0o600, "s3~cret"},
		{"no end of line", "s3cret", 0o600, "s3cret"},
		{"end of line of Windows", "s3cret\r\nmore", 0o600, "s3cret"},
		{"blanks belong to it", " s3 cret \n", 0o400, " s3 cret "},
		{"empty", "\n", 0o600, ""},
		{"control character", "a\x01b\n", 0o600, ""},
		{"for all to read", "s3cret\n", 0o644, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "secret")
			if err := os.WriteFile(path, []byte(tt.content), tt.mode); err != nil {
				t.Fatal(err)
			}
			s, err := ClientSecretFile(path)
			if got := secret.Reveal(s); got != tt.want || (err != nil) != (tt.want == "") {
				t.Errorf("got  %q, %v\nwant %q", got, err, tt.want)
			}
			if err != nil && strings.Contains(err.Error(), "cret\n") {
				t.Errorf("the content is in %v", err)
			}
		})
	}
}
