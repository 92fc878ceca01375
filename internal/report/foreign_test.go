package report

import (
	"bytes"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/joshdk/go-junit"

	"mailprobe/internal/document"
	"mailprobe/internal/lab/detector"
	"mailprobe/internal/verify"
)

// tool returns a program that the tests need. Without it they skip; with
// MAILPROBE_REQUIRE_SERVERS=1 they fail.
func tool(t *testing.T, name string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	switch {
	case err == nil:
	case os.Getenv("MAILPROBE_REQUIRE_SERVERS") == "1":
		t.Fatalf("%s is not installed, and MAILPROBE_REQUIRE_SERVERS=1", name)
	default:
		t.Skipf("%s is not installed: nothing was tested", name)
	}
	return path
}

// foreign are the documents that other people's programs read: each sample,
// all of them in one run, twice the same, and such as are full of attacks.
func foreign() map[string][]*document.Document {
	runs := map[string][]*document.Document{"none": nil, "twice": documents(sampleTLS(), sampleTLS(), sampleWorks(), sampleWorks())}
	var all []*verify.Report
	for _, name := range slices.Sorted(maps.Keys(samples)) {
		runs[name] = documents(samples[name]())
		all = append(all, samples[name]())
		poisoned := documents(samples[name]())
		poison(reflect.ValueOf(poisoned[0]).Elem(), func(string) bool { return false })
		runs["poisoned-"+name] = poisoned
	}
	runs["all"] = documents(all...)
	runs["suite"] = sampleCases()
	poisoned := sampleCases()
	for _, d := range poisoned {
		poison(reflect.ValueOf(d).Elem(), func(string) bool { return false })
	}
	runs["poisoned-suite"] = poisoned
	for _, attack := range []string{"=1+1", "|x", "'a'=1", "]]>", "<script>", `"><img src=x>`, "a,b\"c", "\\", "{{.}}", "javascript:alert(1)", "%0A::error::x", "@everyone"} {
		d := documents(sampleHostile())[0]
		poisonWith(reflect.ValueOf(d).Elem(), attack)
		runs["attack-"+fmt.Sprintf("%x", attack)] = []*document.Document{d}
	}
	return runs
}

// TestForeignParsers holds that what is written is read by the parsers of
// Python's library, and by those rules that other programs have beside them.
func TestForeignParsers(t *testing.T) {
	detector.Spare(t)
	python := tool(t, "python3")
	folder := t.TempDir()
	endings := map[string]string{"json": ".json", "ndjson": ".ndjson", "junit": ".xml", "html": ".html", "csv": ".csv", "nagios": ".nagios.txt"}
	for name, list := range foreign() {
		for format, ending := range endings {
			path := filepath.Join(folder, name+ending)
			if err := os.WriteFile(path, write(t, format, Options{}, list...), 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	if out, err := exec.CommandContext(t.Context(), python, "testdata/read.py", folder).CombinedOutput(); err != nil {
		t.Errorf("%v: %s", err, out)
	}
}

// TestJUnitIsReadBack holds that a second parser reads what the first does.
func TestJUnitIsReadBack(t *testing.T) {
	for name, list := range foreign() {
		suites, err := junit.Ingest(write(t, "junit", Options{}, list...))
		if err != nil || len(suites) != len(list) {
			t.Errorf("%s: got  %d suites, %v\nwant %d", name, len(suites), err, len(list))
		}
		for i, s := range suites {
			fails := s.Totals.Failed + s.Totals.Error
			if works := list[i].Counted() == document.Works; !strings.HasPrefix(name, "poisoned") && !strings.HasPrefix(name, "attack") && (fails == 0) != works {
				t.Errorf("%s: got  %d that are not green\nwant verdict %s", name, fails, list[i].Counted())
			}
		}
	}
}

// TestPromtool holds that Prometheus' own program reads the metrics and finds
// nothing to better.
func TestPromtool(t *testing.T) {
	promtool := tool(t, "promtool")
	for name, list := range foreign() {
		if strings.HasPrefix(name, "poisoned") && name != "poisoned-old-tls" || len(list) == 1 && !strings.HasPrefix(name, "attack") {
			continue // the run of all has them
		}
		c := exec.CommandContext(t.Context(), promtool, "check", "metrics")
		c.Stdin = bytes.NewReader(write(t, "prometheus", Options{}, list...))
		if out, err := c.CombinedOutput(); err != nil || len(out) > 0 {
			t.Errorf("%s: %v: %s", name, err, out)
		}
	}
}
