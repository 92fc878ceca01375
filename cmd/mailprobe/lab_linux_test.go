package main

import (
	"bufio"
	"os/exec"
	"strings"
	"testing"
)

// What lab prints leads another mailprobe into it, as it stands.
func TestLabCommand(t *testing.T) {
	t.Parallel()
	c := exec.Command("mailprobe", "lab")
	stdout, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	start(t, c)
	var command strings.Builder
	for lines := bufio.NewScanner(stdout); lines.Scan() && !strings.HasPrefix(lines.Text(), "Stop it"); {
		if strings.HasPrefix(lines.Text(), "  ") {
			command.WriteString(lines.Text() + "\n")
		}
	}
	out, err := exec.Command("sh", "-c", command.String()).CombinedOutput()
	if err != nil || !strings.Contains(string(out), "Signing in was accepted") {
		t.Errorf("%s: %v\n%s", command.String(), err, out)
	}
	interrupt(t, c)
	if err := c.Wait(); err != nil {
		t.Errorf("the lab after an interrupt: %v", err)
	}
}
