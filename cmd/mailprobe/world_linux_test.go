package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"iter"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"mailprobe/internal/catalog"
	"mailprobe/internal/document"
	"mailprobe/internal/lab"
	"mailprobe/internal/lab/detector"
	"mailprobe/internal/lab/world"
	"mailprobe/internal/settings"
)

// worldCommand is the test program as the keeper of a world: it makes the
// world around itself and runs the command in it.
const worldCommand = "mailprobe-world"

const worldPassword = "correct horse battery"

// worldsAtOnce are more than tests that run at once: a run in a world waits for
// six seconds, as a rule, and computes for a tenth of a second, or a quarter
// under the race detector. More would take the time of tests that have limits.
func worldsAtOnce() int {
	if detector.On {
		return 8
	}
	return 10
}

// TestWorlds runs the command in worlds where something is broken, and holds
// its answer against what is true there.
func TestWorlds(t *testing.T) {
	t.Parallel()
	requireWorlds(t)
	var visits sync.WaitGroup
	defer visits.Wait()
	places := make(chan struct{}, worldsAtOnce())
	for w, file := range allWorlds(t) {
		ways := w.Ways
		if len(ways) == 0 {
			ways = world.Ways()
		}
		for _, way := range ways {
			places <- struct{}{}
			visits.Go(func() {
				defer func() { <-places }()
				t.Run(w.Name+"/"+way, func(t *testing.T) { visitWorld(t, file, *w, way) })
			})
		}
	}
}

// allWorlds goes through the worlds, each with the file that it stands in.
func allWorlds(t *testing.T) iter.Seq2[*world.World, string] {
	t.Helper()
	files, err := filepath.Glob("../../testdata/worlds/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("no worlds: %v", err)
	}
	return func(yield func(*world.World, string) bool) {
		for _, file := range files {
			worlds, err := world.Read(file)
			if err != nil {
				t.Fatal(err)
			}
			for i := range worlds {
				if !yield(&worlds[i], file) {
					return
				}
			}
		}
	}
}

// requireWorlds skips the test where no world can be made.
func requireWorlds(t *testing.T) {
	t.Helper()
	err := world.Command(t.Context(), "true").Run()
	for _, tool := range world.Tools() {
		_, missing := exec.LookPath(tool)
		err = errors.Join(err, missing)
	}
	if err == nil {
		return
	}
	if os.Getenv("MAILPROBE_REQUIRE_SERVERS") == "1" {
		t.Fatalf("no world can be made: %v", err)
	}
	t.Skipf("SKIPPED, NOT TESTED: no world can be made: %v", err)
}

func visitWorld(t *testing.T, file string, w world.World, way string) {
	dir := t.TempDir()
	ctx, cancel := context.WithTimeout(t.Context(), 90*time.Second)
	defer cancel()
	cmd := world.Command(ctx, worldCommand, file, w.Name, way, dir)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	began := time.Now()
	status := 0
	var exit *exec.ExitError
	if err := cmd.Run(); errors.As(err, &exit) {
		status = exit.ExitCode()
	} else if err != nil {
		t.Fatal(err)
	}
	text := stdout.String() + stderr.String()
	reports, err := readReports(filepath.Join(dir, "report.json"))
	if err != nil && w.Exit != "2" {
		t.Fatalf("%v\n%s", err, text)
	}
	for _, wrong := range judgeWorld(w, status, text, reports) {
		t.Error(wrong)
	}
	if t.Failed() || testing.Verbose() {
		t.Logf("%s, %.1f s\n%s", w.Run, time.Since(began).Seconds(), text)
	}
}

func readReports(file string) ([]*document.Document, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return document.Read(f)
}

// judgeWorld says what of an answer is not as it is true.
func judgeWorld(w world.World, status int, text string, reports []*document.Document) []string {
	var wrong []string
	note := func(format string, args ...any) { wrong = append(wrong, fmt.Sprintf(format, args...)) }
	if !slices.Contains(strings.Fields(w.Exit), strconv.Itoa(status)) {
		note("exit status %d, want %s", status, w.Exit)
	}
	code, blame := leading(reports)
	if len(w.Finding) > 0 && !slices.Contains(w.Finding, code) {
		note("%q leads, want one of %q", code, w.Finding)
	}
	if culprit := strings.ReplaceAll(w.Culprit, "nobody", ""); w.Culprit != "" && !slices.Contains(strings.Split(culprit, "|"), blame) {
		note("%q is blamed, want %q", blame, w.Culprit)
	}
	if w.Verdict != "" && len(reports) > 0 && string(reports[0].Verdict) != w.Verdict {
		note("verdict %q, want %q", reports[0].Verdict, w.Verdict)
	}
	flat := strings.ToLower(strings.Join(strings.Fields(strings.ReplaceAll(text, "│", " ")), " "))
	for _, s := range w.Says {
		if !strings.Contains(flat, strings.ToLower(s)) {
			note("it does not say %q", s)
		}
	}
	for _, s := range w.Never {
		if strings.Contains(flat, strings.ToLower(s)) {
			note("it says %q", s)
		}
	}
	for _, s := range w.Once {
		if n := strings.Count(flat, strings.ToLower(s)); n != 1 {
			note("it says %q %d times", s, n)
		}
	}
	for _, d := range reports {
		for _, c := range codesOf(d) {
			if slices.Contains(w.NotFound, c) {
				note("%q is found", c)
			}
		}
	}
	return wrong
}

// leading is the finding that a reader sees first: of the run as a whole,
// else the gravest of an endpoint.
func leading(reports []*document.Document) (code, blame string) {
	for _, severity := range []document.Text{"error", "warning"} {
		for _, d := range reports {
			for _, f := range d.Findings {
				if f.Severity == severity {
					return string(f.Code), string(f.Blame)
				}
			}
		}
		for _, d := range reports {
			for _, e := range d.Endpoints {
				for _, f := range e.Findings {
					if f.Severity == severity {
						return string(f.Code), string(f.Blame)
					}
				}
			}
		}
	}
	return "", ""
}

func codesOf(d *document.Document) []string {
	var codes []string
	for _, f := range d.Findings {
		codes = append(codes, string(f.Code))
	}
	for _, e := range d.Endpoints {
		for _, f := range e.Findings {
			codes = append(codes, string(f.Code))
		}
	}
	return codes
}

// worldMain keeps a world: its arguments are the file, the world's name, the
// way in which it is tried, and a folder.
func worldMain() {
	status, err := keepWorld(os.Args[1], os.Args[2], os.Args[3], os.Args[4])
	if err != nil {
		fmt.Fprintln(os.Stderr, "world:", err)
		os.Exit(99)
	}
	os.Exit(status)
}

func keepWorld(file, name, way, dir string) (int, error) {
	worlds, err := world.Read(file)
	if err != nil {
		return 0, err
	}
	i := slices.IndexFunc(worlds, func(w world.World) bool { return w.Name == name })
	if i < 0 {
		return 0, fmt.Errorf("there is no world %q", name)
	}
	w := worlds[i]
	endpoints, user := worldEndpoints(w), worldUser(w.Run)
	if err := w.Enter(context.Background(), dir, endpoints, []lab.Account{{Address: user, Password: worldPassword}}); err != nil {
		return 0, err
	}
	args := strings.Fields(w.Run)
	args = append(args, "--cacert", filepath.Join(dir, "ca.pem"), "-o", "text", "-o", "json="+filepath.Join(dir, "report.json"))
	switch way {
	case "short":
		args = append(args, "--timeout", "10s")
	case "user":
		args = append(args, "--user", user, "--password-file", filepath.Join(dir, "password"))
		if err := os.WriteFile(filepath.Join(dir, "password"), []byte(worldPassword+"\n"), 0o600); err != nil {
			return 0, err
		}
	}
	cmd := exec.Command("mailprobe", args...)
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	var exit *exec.ExitError
	if err := cmd.Run(); errors.As(err, &exit) {
		return exit.ExitCode(), nil
	} else if err != nil {
		return 0, err
	}
	return 0, nil
}

// worldEndpoints are the servers that a world has, each once for host and
// port: those of the providers that any run may compare with, and of those
// that the world itself names. The whole catalogue would be a thousand
// listeners for each world.
func worldEndpoints(w world.World) []settings.Endpoint {
	var all []settings.Endpoint
	seen := map[string]bool{}
	text := fmt.Sprint(w)
	for _, p := range catalog.Load().Outlines() {
		if !p.Compare && !worldNames(text, w.Run, p) {
			continue
		}
		for _, s := range p.Settings() {
			if !seen[s.Address()] {
				seen[s.Address()] = true
				all = append(all, s.Endpoint)
			}
		}
	}
	return all
}

// worldNames reports whether a world's text names a host of a provider, or
// the command line the provider itself.
func worldNames(text, run string, p *settings.Provider) bool {
	named := func(word string) bool {
		return word == p.ID || slices.Contains(p.Aliases, word) || slices.Contains(p.Domains, word)
	}
	return slices.ContainsFunc(strings.Fields(run), named) ||
		slices.ContainsFunc(p.Settings(), func(s settings.Setting) bool { return strings.Contains(text, s.Host) })
}

// worldUser is an account of the first provider that a command line names.
func worldUser(run string) string {
	for _, word := range strings.Fields(run) {
		if p, _ := catalog.Load().Lookup(word); p != nil && len(p.Domains) > 0 {
			return "tester@" + p.Domains[0]
		}
	}
	return "tester@example.org"
}
