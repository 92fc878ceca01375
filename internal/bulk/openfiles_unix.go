//go:build unix

package bulk

import "syscall"

// openFiles returns how many files this process may have open; the runtime has
// raised the limit as far as it may be. 0: it is not known.
func openFiles() uint64 {
	var l syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &l); err != nil {
		return 0
	}
	return uint64(l.Cur)
}
