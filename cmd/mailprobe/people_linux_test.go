package main

import (
	"strings"
	"testing"

	"mailprobe/internal/lab"
)

// TestPagesForPeople carries out every command of the pages for a help desk, a
// job and an administrator, in order, against the providers' servers in a box.
func TestPagesForPeople(t *testing.T) {
	for name, least := range map[string]int{"help-desk": 4, "ci": 5, "administrator": 7} {
		t.Run(name, func(t *testing.T) {
			_, rest, _ := strings.Cut(fileOf(t, "../../docs/"+name+".md"), "```sh\n")
			commands, _, _ := strings.Cut(rest, "```")
			_, flags := servedLab(t, lab.Options{Servers: lab.Servers(documented(t, "gmail")...)})
			t.Chdir(t.TempDir())
			done := 0
			for line := range strings.Lines(commands) {
				carryOut(t, line, flags)
				done++
			}
			if done < least {
				t.Errorf("got  %d commands\nwant at least %d", done, least)
			}
		})
	}
}

// carryOut runs a line of a page; where it dials, in the box.
func carryOut(t *testing.T, line string, flags []string) {
	t.Helper()
	command, _, _ := strings.Cut(line, " #")
	before, quoted, _ := strings.Cut(strings.TrimSpace(command), "'")
	args := strings.Fields(before)[1:]
	if quoted != "" {
		args = append(args, strings.TrimSuffix(quoted, "'"))
	}
	switch args[0] {
	case "explain", "show", "lint", "run":
	default:
		args = append(args, flags...)
	}
	if out := printed(t, exitWorks, args...); out == "" && !strings.Contains(line, "=") && !strings.Contains(line, "--save-baseline") {
		t.Errorf("%s says nothing", line)
	}
}
