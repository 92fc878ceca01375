package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// TestBulkJob holds what the manifest says of parts and exit statuses together:
// the same number everywhere, and no part begun again because of a result.
func TestBulkJob(t *testing.T) {
	text := fileOf(t, "../../packaging/kubernetes/bulk-job.yaml")
	var job struct {
		Spec struct {
			Completions, Parallelism int
			MaxFailed                int  `yaml:"maxFailedIndexes"`
			PerIndex                 *int `yaml:"backoffLimitPerIndex"`
			Policy                   struct {
				Rules []struct {
					Action string
					Codes  struct{ Values []int } `yaml:"onExitCodes"`
				}
			} `yaml:"podFailurePolicy"`
			Template struct {
				Spec struct{ Containers []struct{ Args []string } }
			}
		}
	}
	if err := yaml.Unmarshal([]byte(text), &job); err != nil {
		t.Fatal(err)
	}
	parts := job.Spec.Completions
	args := job.Spec.Template.Spec.Containers[0].Args
	if parts < 2 || job.Spec.Parallelism != parts || job.Spec.MaxFailed != parts || job.Spec.PerIndex == nil || !slices.Contains(args, "--shard=auto/"+strconv.Itoa(parts)) {
		t.Errorf("got  %d parts, %+v", parts, job.Spec)
	}
	actions := map[int]string{}
	for _, r := range job.Spec.Policy.Rules {
		for _, code := range r.Codes.Values {
			actions[code] = r.Action
		}
	}
	if len(actions) != 3 || actions[exitFails] != "FailIndex" || actions[exitUnknown] != "FailIndex" || actions[exitUsage] != "FailJob" {
		t.Errorf("got  %v", actions)
	}
}

// TestBulkWithGNUParallel runs what docs/bulk.md shows: the parts are the list.
func TestBulkWithGNUParallel(t *testing.T) {
	parallel := program(t, "parallel")
	if out, err := exec.Command(parallel, "--version").Output(); err != nil || !strings.Contains(string(out), "GNU") {
		t.Skip("it is another program: nothing was tested")
	}
	folder := t.TempDir()
	var list strings.Builder
	for i := range 60 {
		list.WriteString("imaps://imap.operator" + strconv.Itoa(i) + ".example:9\n")
	}
	if err := os.WriteFile(filepath.Join(folder, "servers.txt"), []byte(list.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	shown := ""
	for line := range strings.Lines(fileOf(t, "../../docs/bulk.md")) {
		if words, ok := strings.CutPrefix(line, "    parallel --jobs 4 mailprobe bulk"); ok {
			shown = "parallel --will-cite --jobs 2 mailprobe bulk --connect-to *:*:127.0.0.1:9" + words
		}
	}
	words := strings.Fields(shown)
	if len(words) == 0 {
		t.Fatal("docs/bulk.md shows no call of parallel")
	}
	c := exec.CommandContext(t.Context(), parallel, words[1:]...)
	c.Dir = folder
	out, err := c.CombinedOutput()
	if err == nil { // nobody listens: all fail, and parallel counts the parts that do
		t.Errorf("got  success: %s", out)
	}
	all := ""
	for i := range 4 {
		all += fileOf(t, filepath.Join(folder, "part."+strconv.Itoa(i+1)+".ndjson"))
	}
	for i := range 60 {
		if n := strings.Count(all, `"target":"imaps://imap.operator`+strconv.Itoa(i)+`.example:9"`); n != 1 {
			t.Errorf("operator%d is there %d times: %s", i, n, out)
		}
	}
}
