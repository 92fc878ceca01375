package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"path/filepath"
	"strings"

	"mailprobe/internal/safe"
	"mailprobe/internal/suite"
	"mailprobe/internal/target"
)

// changes are the files of a tree that are not as in a commit, named from this
// folder; nil: nobody asks.
type changes map[string]bool

// changedFiles returns what changed since the commit that is asked for.
func (f *suiteFlags) changedFiles(ctx context.Context) (changes, error) {
	if f.onlyChanged == "" {
		return nil, nil
	}
	return changedSince(ctx, f.onlyChanged)
}

func (f *suiteFlags) tellNoneChanged(stderr io.Writer) {
	fmt.Fprintf(stderr, "mailprobe: no file of settings that the suite names changed since %s; nothing was verified\n", safe.Display(f.onlyChanged))
}

// changedSince asks Git which files of the whole tree are not as in a commit,
// those that it does not know yet among them and those that are gone left out.
// They are named from this folder.
func changedSince(ctx context.Context, base string) (changes, error) {
	if strings.HasPrefix(base, "-") {
		return nil, fmt.Errorf("--only-changed %s: name a commit or a branch, such as origin/main", safe.Display(base))
	}
	here, changed := ".", changes{}
	for _, args := range [][]string{
		{"rev-parse", "--show-prefix"},
		{"diff", "--name-only", "--no-relative", "--diff-filter=d", "-z", base, "--"},
		{"ls-files", "--others", "--exclude-standard", "--full-name", "-z", ":/"},
	} {
		out, err := exec.CommandContext(ctx, "git", args...).Output()
		if err != nil {
			return nil, fmt.Errorf("--only-changed %s: Git does not say what changed since: %s", safe.Display(base), safe.Clip(gitSays(err), 200))
		}
		if args[0] == "rev-parse" {
			here = filepath.FromSlash(filepath.Clean(strings.TrimSuffix(string(out), "\n")))
			continue
		}
		for name := range bytes.SplitSeq(out, []byte{0}) {
			if named, err := filepath.Rel(here, filepath.FromSlash(string(name))); len(name) > 0 && err == nil {
				changed[named] = true
			}
		}
	}
	return changed, nil
}

// gitSays returns the first line of what Git said of an error.
func gitSays(err error) string {
	var exit *exec.ExitError
	if errors.As(err, &exit) && len(exit.Stderr) > 0 {
		line, _, _ := strings.Cut(strings.TrimSpace(string(exit.Stderr)), "\n")
		return line
	}
	return err.Error()
}

// onlyChanged leaves of a job the files of settings that changed.
func (j *job) onlyChanged(cases []suite.Case, changed changes) []suite.Case {
	var left []suite.Case
	plans := j.plans
	j.plans = nil
	for i, c := range cases {
		if file := plans[i].Target; target.IsPath(c.Target) && changed[filepath.Clean(file)] {
			j.plans = append(j.plans, plans[i])
			left = append(left, c)
		}
	}
	return left
}
