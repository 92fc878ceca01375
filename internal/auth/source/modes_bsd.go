//go:build darwin || dragonfly || freebsd || netbsd || openbsd

package source

import "golang.org/x/sys/unix"

const getModes, setModes = unix.TIOCGETA, unix.TIOCSETA
