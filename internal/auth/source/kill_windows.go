package source

import (
	"errors"
	"os/exec"
	"strconv"
)

// endTogether makes the end of a command that of all it has started, as far as
// Windows knows them: of those whose parent is still there.
func endTogether(cmd *exec.Cmd) {
	cmd.Cancel = func() error {
		tree := exec.Command("taskkill", "/T", "/F", "/PID", strconv.Itoa(cmd.Process.Pid))
		return errors.Join(tree.Run(), cmd.Process.Kill())
	}
}
