package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"mailprobe/internal/bulk"
)

// TestBulkUsage: what is wrong with a command line is found before anything is
// dialled or written.
func TestBulkUsage(t *testing.T) {
	folder := t.TempDir()
	list, other := filepath.Join(folder, "list"), filepath.Join(folder, "results.csv")
	for name, text := range map[string]string{list: "imaps://127.0.0.1:9\n", other: "target,verdict,input_resolve,input_results\n"} {
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, row := range []struct {
		args string
		want string
	}{
		{"LIST --shard auto", "none of the variables"},
		{"LIST --shard 5/4", "5 of 4"},
		{"LIST --jobs 0", "write a number from 1"},
		{"LIST --per-host x", "write a number from 1"},
		{"LIST --rate fast", "write it like 50/s"},
		{"LIST --rate 0/s", "write it like 50/s"},
		{"LIST -o junit", `bulk does not write "junit"`},
		{"LIST -o ndjson -o csv=x", "bulk writes one format"},
		{"LIST --resume LIST", "holds no results"},
		{"LIST --resume LIST -o ndjson=LIST", "holds no results"},
		{"LIST --resume OTHER -o ndjson=OTHER", "holds csv, and ndjson would be written behind it"},
		{"LIST --resume /no/such/file", "cannot read /no/such/file"},
		{"LIST -4 -6", "exclude each other"},
		{"LIST --ehlo a_b", "--ehlo"},
		{"LIST OTHER", "with one file"},
		{"/no/such/list", "cannot read the list"},
		{"FOLDER", "is a folder"},
		{"LIST --user me@example.com", "unknown flag: --user"},
		{"LIST --password-file x", "unknown flag: --password-file"},
		{"LIST --target-timeout 0", "must be more than zero"},
	} {
		args := strings.Fields(strings.NewReplacer("LIST", list, "OTHER", other, "FOLDER", folder).Replace(row.args))
		var stdout, stderr bytes.Buffer
		a := &app{stdin: strings.NewReader(""), stdout: &stdout, stderr: &stderr}
		if status := a.run(t.Context(), append([]string{"bulk"}, args...)); status != exitUsage || !strings.Contains(stderr.String(), row.want) || stdout.Len() > 0 {
			t.Errorf("%s\ngot  status %d: %s%s\nwant %d: %s", row.args, status, &stdout, &stderr, exitUsage, row.want)
		}
	}
	if got := fileOf(t, list); got != "imaps://127.0.0.1:9\n" {
		t.Errorf("the list is %q now", got)
	}
}

// TestBulkStatus: the exit status is that over all results, also of those that
// were verified before.
func TestBulkStatus(t *testing.T) {
	bad := "nobody\n"
	fails := `{"target":"imaps://a.example:9","resolve":["*:*:127.0.0.1"]}` + "\n"
	for _, row := range []struct {
		list, want string
		status     int
	}{
		{"", "the list names no target", exitUsage},
		{"# nothing\n", "0 targets: 0 work, 0 fail, 0 unknown", exitUsage},
		{bad, "1 targets: 0 work, 0 fail, 1 unknown; 1 name nothing that can be verified", exitUnknown},
		{fails, "1 targets: 0 work, 1 fail, 0 unknown; 1 endpoints dialled", exitFails},
		{bad + fails, "2 targets", exitFails},
	} {
		var stdout, stderr bytes.Buffer
		a := &app{stdin: strings.NewReader(row.list), stdout: &stdout, stderr: &stderr}
		if status := a.run(t.Context(), []string{"bulk", "-"}); status != row.status || !strings.Contains(stderr.String(), row.want) {
			t.Errorf("%q\ngot  status %d: %s\nwant %d: %s", row.list, status, &stderr, row.status, row.want)
		}
		if want := strings.Count(row.list, "nobody") + strings.Count(row.list, "target"); strings.Count(stdout.String(), "\n") != want {
			t.Errorf("%q\ngot  %s\nwant %d results", row.list, &stdout, want)
		}
		if want := len(row.list) > 10 && row.status == exitFails; want {
			earlier := filepath.Join(t.TempDir(), "earlier")
			if err := os.WriteFile(earlier, stdout.Bytes(), 0o600); err != nil {
				t.Fatal(err)
			}
			again := &app{stdin: strings.NewReader(row.list), stdout: &stdout, stderr: &stderr}
			if status := again.run(t.Context(), []string{"bulk", "-", "--resume", earlier}); status != row.status {
				t.Errorf("%q again\ngot  status %d\nwant %d", row.list, status, row.status)
			}
		}
	}
}

func TestBulkProgress(t *testing.T) {
	c := new(bulk.Count)
	c.Targets.Store(110)
	c.Held.Store(10)
	c.Done.Store(50)
	c.Running.Store(7)
	c.Works.Store(50)
	for _, row := range []struct {
		read float64
		want string
	}{
		{0, "50 done, 7 running, 5.0/s; 50 work, 0 fail, 0 unknown"},
		{0.5, "50 done, 7 running, 5.0/s; 50 work, 0 fail, 0 unknown; about 30s left"},
		{1, "50 done, 7 running, 5.0/s; 50 work, 0 fail, 0 unknown; about 10s left"},
	} {
		if got := bulkProgress(c, row.read, 10*time.Second); got != row.want {
			t.Errorf("got  %s\nwant %s", got, row.want)
		}
	}
}

func TestRateFlag(t *testing.T) {
	for text, want := range map[string]string{"50/s": "50", "50": "50", "90/m": "1.5", "3600/h": "1"} {
		var r rateFlag
		if err := r.Set(text); err != nil || fmt.Sprint(float64(r.limit)) != want {
			t.Errorf("%s\ngot  %v, %v\nwant %s", text, r.limit, err, want)
		}
	}
}
