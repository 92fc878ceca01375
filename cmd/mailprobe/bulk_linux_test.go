package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// bulkList writes a list of targets that all lead to a port of this computer at
// which nobody listens; some have three endpoints, one comes twice and one
// cannot be read. It returns the file, how many results there are, and the flags.
func bulkList(t *testing.T, targets int) (file string, results int, flags []string) {
	t.Helper()
	var b strings.Builder
	for i := range targets {
		switch {
		case i%7 == 0: // an object names a provider, so that its results are told apart by where it leads
			fmt.Fprintf(&b, `{"target":"office365","resolve":["h%d.example:1:127.0.0.1"]}`+"\n", i)
			results += 3
		case i%50 == 1:
			fmt.Fprintf(&b, "no target %d\n", i)
			results++
		default:
			fmt.Fprintf(&b, "imaps://h%d.example:9\n", i)
			results++
		}
	}
	b.WriteString("imaps://h2.example:9\n")
	file = filepath.Join(t.TempDir(), "list")
	if err := os.WriteFile(file, []byte(b.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	return file, results + 1, []string{"--resolve", "*:*:127.0.0.1", "--connect-to", "*:*:127.0.0.1:9", "--jobs", "8"}
}

// started is bulk as a process.
func started(t *testing.T, args ...string) (*exec.Cmd, *bytes.Buffer) {
	t.Helper()
	c := exec.Command("mailprobe", append([]string{"bulk"}, args...)...)
	said := new(bytes.Buffer)
	c.Stderr = said
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	return c, said
}

// TestBulkGoesOnAfterKills: killed at thirty moments, and gone on with each
// time, a list has each result exactly once.
func TestBulkGoesOnAfterKills(t *testing.T) {
	for _, format := range []string{"ndjson", "csv"} {
		t.Run(format, func(t *testing.T) {
			t.Parallel()
			list, want, flags := bulkList(t, 1500)
			out := filepath.Join(t.TempDir(), "results")
			args := append([]string{list, "--resume", out, "-o", format + "=" + out}, flags...)
			kills := 0
			for range 30 {
				c, _ := started(t, args...)
				timer := time.AfterFunc(20*time.Millisecond+rand.N(250*time.Millisecond), func() { c.Process.Kill() })
				err := c.Wait()
				timer.Stop()
				if c.ProcessState.Exited() {
					break // it was done
				}
				if err != nil {
					kills++
				}
			}
			c, said := started(t, args...)
			c.Wait()
			if status := c.ProcessState.ExitCode(); status != exitFails {
				t.Errorf("got  status %d\nwant %d\n%s", status, exitFails, said)
			}
			lines := strings.SplitAfter(fileOf(t, out), "\n")
			if format == "csv" {
				lines = lines[1:]
			}
			seen, n := map[string]int{}, 0
			for _, line := range lines[:len(lines)-1] {
				seen[resultOf(t, format, line)]++
				n++
			}
			for name, times := range seen {
				if times != 1 && !(times == 2 && strings.Contains(name, "imaps://h2.example:9")) {
					t.Errorf("%s is there %d times", name, times)
				}
			}
			if n != want || lines[len(lines)-1] != "" {
				t.Errorf("after %d kills\ngot  %d results, %q at the end\nwant %d", kills, n, lines[len(lines)-1], want)
			}
			t.Logf("%d kills", kills)
			if c, said := started(t, args...); c.Wait() == nil || !strings.Contains(said.String(), "; 0 endpoints dialled") {
				t.Errorf("a run with nothing left to do\ngot  %s", said)
			}
		})
	}
}

// resultOf is what tells a result from others.
func resultOf(t *testing.T, format, line string) string {
	t.Helper()
	if format == "csv" {
		cells := strings.Split(strings.TrimSuffix(line, "\n"), ",")
		return strings.Join([]string{cells[0], cells[4], cells[5], cells[len(cells)-2]}, " ")
	}
	var v struct {
		Target  string   `json:"target"`
		Host    string   `json:"host"`
		Port    int      `json:"port"`
		Resolve []string `json:"input_resolve"`
	}
	if err := json.Unmarshal([]byte(line), &v); err != nil {
		t.Fatalf("%v: %q", err, line)
	}
	return fmt.Sprintln(v.Target, v.Host, v.Port, v.Resolve)
}

// TestBulkEndsBySignal: what is done is kept, and the exit status says which
// signal it was.
func TestBulkEndsBySignal(t *testing.T) {
	for signal, want := range map[os.Signal]int{os.Interrupt: exitInterrupted, syscall.SIGTERM: exitTerminated} {
		list := filepath.Join(t.TempDir(), "list")
		silent := silentIMAP(t)
		if err := os.WriteFile(list, []byte("nobody\n"+silent[0]+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		c := exec.Command("mailprobe", append([]string{"bulk", list}, silent[1:]...)...)
		var said bytes.Buffer
		c.Stderr = &said
		stdout, err := c.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		first := make([]byte, 10)
		if _, err := stdout.Read(first); err != nil || !strings.HasPrefix(string(first), `{"schema"`) {
			t.Fatalf("got  %q, %v", first, err)
		}
		c.Process.Signal(signal)
		rest := new(bytes.Buffer)
		rest.ReadFrom(stdout)
		c.Wait()
		if got := c.ProcessState.ExitCode(); got != want || strings.Count(rest.String(), "\n") != 1 || !strings.Contains(said.String(), "1 begun and not finished") {
			t.Errorf("%v\ngot  status %d, %s%s\nwant %d, and one result", signal, got, rest, &said, want)
		}
	}
}

// TestBulkAppendsItself: >> of a shell and --resume of the same file go together,
// > does not.
func TestBulkAppendsItself(t *testing.T) {
	list, want, flags := bulkList(t, 20)
	out := filepath.Join(t.TempDir(), "results")
	whole := ""
	for i, torn := range []string{"", `{"schema":1,"mailp`} {
		file, err := os.OpenFile(out, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := file.WriteString(torn); err != nil {
			t.Fatal(err)
		}
		c := exec.Command("mailprobe", append([]string{"bulk", list, "--resume", out}, flags...)...)
		c.Stdout = file
		c.Run()
		if err := file.Close(); err != nil {
			t.Fatal(err)
		}
		text := fileOf(t, out)
		if i == 1 && text != whole || strings.Count(text, "\n") != want {
			t.Errorf("run %d\ngot  %d results\nwant %d", i, strings.Count(text, "\n"), want)
		}
		whole = text
	}
	file, err := os.Create(out)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	c := exec.Command("mailprobe", "bulk", list, "--resume", out)
	c.Stdout = file
	if err := c.Run(); err == nil || c.ProcessState.ExitCode() != exitUsage {
		t.Errorf("got  %v\nwant status %d", err, exitUsage)
	}
	if info, err := file.Stat(); err != nil || errors.Is(err, os.ErrNotExist) || info.Size() != 0 {
		t.Error("something was written")
	}
}

// TestBulkTimeIsOver: what could not be done in the time is no result, and no
// success.
func TestBulkTimeIsOver(t *testing.T) {
	silent := silentIMAP(t)
	var stdout, stderr bytes.Buffer
	a := &app{stdin: strings.NewReader(silent[0] + "\n"), stdout: &stdout, stderr: &stderr}
	if status := a.run(t.Context(), append([]string{"bulk", "-", "--timeout", "0.2"}, silent[1:]...)); status != exitUnknown || stdout.Len() > 0 || !strings.Contains(stderr.String(), "go on with --resume") {
		t.Errorf("got  status %d, %s%s", status, &stdout, &stderr)
	}
}
