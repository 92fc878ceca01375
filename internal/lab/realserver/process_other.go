//go:build !linux

package realserver

import (
	"fmt"
	"os/exec"
	"runtime"
)

func ownGroup(*exec.Cmd) error {
	return fmt.Errorf("%w: real servers are started on Linux only, not on %s", ErrUnavailable, runtime.GOOS)
}

func groupAlive(*exec.Cmd) bool { return false }

func killGroup(*exec.Cmd) {}
