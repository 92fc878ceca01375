//go:build unix && !solaris && !aix

package main

import (
	"errors"
	"os"

	"golang.org/x/sys/unix"
)

// taken reports whether another process writes to a file of results. From then
// on this one does, until it closes the file. A system that cannot tell takes it
// for free.
func taken(f *os.File) bool {
	return errors.Is(unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB), unix.EWOULDBLOCK)
}
