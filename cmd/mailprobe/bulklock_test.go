//go:build unix

package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestBulkHasOneWriter: a file that another run is writing to is refused and
// keeps what it has.
func TestBulkHasOneWriter(t *testing.T) {
	folder := t.TempDir()
	list, out := filepath.Join(folder, "list"), filepath.Join(folder, "out")
	if err := os.WriteFile(list, []byte("imaps://a.example:9\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	run := func(args ...string) (status int, said string) {
		c := exec.Command("mailprobe", append([]string{"bulk", list, "--connect-to", "*:*:127.0.0.1:9"}, args...)...)
		text, _ := c.CombinedOutput()
		return c.ProcessState.ExitCode(), string(text)
	}
	run("-o", "ndjson="+out)
	written := fileOf(t, out)
	file, err := os.OpenFile(out, os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if taken(file) {
		t.Skip("this system does not tell: nothing was tested")
	}
	for _, args := range [][]string{{"-o", "ndjson=" + out}, {"--resume", out, "-o", "ndjson=" + out}} {
		status, said := run(args...)
		if status != exitUsage || !strings.Contains(said, "another run is writing") || fileOf(t, out) != written || written == "" {
			t.Errorf("%v: got  status %d, %s\nwant it to be refused", args, status, said)
		}
	}
}

// TestBulkWithFewFiles: a small limit on open files is respected, and said.
func TestBulkWithFewFiles(t *testing.T) {
	list, results, flags := bulkList(t, 300)
	out := filepath.Join(t.TempDir(), "out")
	line := "ulimit -n 200 && exec mailprobe bulk " + list + " -o ndjson=" + out + " '" + strings.Join(append(flags, "--jobs", "500"), "' '") + "'"
	said, _ := exec.Command("sh", "-c", line).CombinedOutput()
	text := fileOf(t, out)
	if got := strings.Count(text, "\n"); got != results || !strings.Contains(string(said), "this process may open 200 files") || strings.Contains(text, "too many open files") {
		t.Errorf("got  %d results\n%s\nwant %d, and a word about the limit", got, said, results)
	}
}
