package realserver

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"syscall"
)

// ownGroup makes cmd the head of a process group.
func ownGroup(cmd *exec.Cmd) error {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	return nil
}

func killGroup(cmd *exec.Cmd) {
	syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) // an error means that nobody is left
}

// groupAlive reports whether a process of the group still runs. The kernel's
// answer to a signal would count the dead ones that init has not yet
// collected.
func groupAlive(cmd *exec.Cmd) bool {
	if syscall.Kill(-cmd.Process.Pid, 0) == syscall.ESRCH {
		return false
	}
	group := []byte(strconv.Itoa(cmd.Process.Pid))
	files, _ := filepath.Glob("/proc/[0-9]*/stat") // the pattern is well formed
	for _, file := range files {
		text, _ := os.ReadFile(file) // it may have ended since
		// After the name, which may hold blanks: state, parent, group
		// (proc_pid_stat(5)).
		fields := bytes.Fields(text[bytes.LastIndexByte(text, ')')+1:])
		if len(fields) > 2 && bytes.Equal(fields[2], group) && fields[0][0] != 'Z' {
			return true
		}
	}
	return false
}
