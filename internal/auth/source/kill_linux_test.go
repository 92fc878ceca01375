package source

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// What a command has started ends with it, and holds nothing of ours open.
func TestCommandEndsWithItsChildren(t *testing.T) {
	for _, row := range []struct{ name, command string }{
		{"children", "sleep 61.7 & sleep 61.7; true"},
		{"grandchildren", "sh -c 'sh -c \"sleep 61.7; true\"; true'; true"},
		{"left behind, holding the standard error", "(sleep 61.7 >/dev/null &) ; sleep 61.7"},
	} {
		t.Run(row.name, func(t *testing.T) {
			if strings.HasPrefix(row.name, "left") && atTerminal() {
				t.Skip("at a terminal it cannot be told from what others have started")
			}
			r, w, err := os.Pipe()
			if err != nil {
				t.Fatal(err)
			}
			defer r.Close()
			mark := fmt.Sprintf("61.7%d", os.Getpid())
			o := alone(Options{PasswordCommand: strings.ReplaceAll(row.command, "61.7", mark), Stderr: w})
			o.timeouts.command = 300 * time.Millisecond
			if _, _, err := Find(t.Context(), o, testUser, testHost); err == nil {
				t.Error("got  no error\nwant one of the limit")
			}
			w.Close()
			r.SetReadDeadline(time.Now().Add(10 * time.Second))
			if _, err := io.ReadAll(r); err != nil {
				t.Errorf("got  %v\nwant the standard error closed by all", err)
			}
			if left := running(t, mark); left != "" {
				t.Errorf("got  %q still running\nwant nothing", left)
			}
		})
	}
}

// running returns the command line of a process that has a word in it; a
// zombie has none.
func running(t *testing.T, word string) string {
	lines, err := filepath.Glob("/proc/[0-9]*/cmdline")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range lines {
		if text, _ := os.ReadFile(name); strings.Contains(string(text), word) {
			return strings.ReplaceAll(string(text), "\x00", " ")
		}
	}
	return ""
}
