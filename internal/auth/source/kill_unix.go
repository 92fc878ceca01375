//go:build unix

package source

import (
	"io"
	"os"
	"os/exec"
	"syscall"

	"golang.org/x/sys/unix"
)

// endTogether makes the end of a command that of all it has started. Where
// there is no terminal it has a process group of its own, which is killed as
// one, and its standard error is copied: else what it leaves behind would hold
// ours open. At a terminal it stays in ours, because only that may ask the user
// for something and gets what the keys say; there its descendants are looked
// up, where the system tells (Linux). One that has left its parent behind stays
// there.
func endTogether(cmd *exec.Cmd) {
	if atTerminal() {
		cmd.Cancel = func() error { return killTree(cmd.Process.Pid) }
		return
	}
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if cmd.Stderr != nil {
		cmd.Stderr = struct{ io.Writer }{cmd.Stderr}
	}
	cmd.Cancel = func() error { return unix.Kill(-cmd.Process.Pid, unix.SIGKILL) }
}

// atTerminal reports whether a user may be asked beside the standard streams.
func atTerminal() bool {
	tty, err := os.OpenFile("/dev/tty", os.O_RDWR, 0)
	if err == nil {
		tty.Close()
	}
	return err == nil
}

// killTree kills a process and its descendants, who are stopped first so that
// none starts another meanwhile.
func killTree(pid int) error {
	unix.Kill(pid, unix.SIGSTOP)
	for _, child := range children(pid) {
		killTree(child)
	}
	return unix.Kill(pid, unix.SIGKILL)
}
