package world

import (
	"context"
	"os"
	"os/exec"
	"syscall"
)

// Tools are the programs that a world is made with.
func Tools() []string { return []string{"ip", "nft"} }

// Command returns a program that will run in namespaces of its own: network,
// mounts, and, where the caller is not root, users.
func Command(ctx context.Context, name string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, name, args...)
	flags := uintptr(syscall.CLONE_NEWNET | syscall.CLONE_NEWNS)
	attr := &syscall.SysProcAttr{Cloneflags: flags, Pdeathsig: syscall.SIGKILL}
	if os.Geteuid() != 0 {
		attr.Cloneflags |= syscall.CLONE_NEWUSER
		attr.UidMappings = []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Geteuid(), Size: 1}}
		attr.GidMappings = []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getegid(), Size: 1}}
	}
	cmd.SysProcAttr = attr
	return cmd
}
