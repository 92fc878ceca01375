//go:build unix

package main

import (
	"os"

	"golang.org/x/sys/unix"
)

// appends reports whether what is written goes behind what stands in a file.
func appends(file *os.File) bool {
	mode, err := unix.FcntlInt(file.Fd(), unix.F_GETFL, 0)
	return err == nil && mode&unix.O_APPEND != 0
}
