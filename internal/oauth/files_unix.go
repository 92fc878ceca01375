//go:build unix

package oauth

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"golang.org/x/sys/unix"
)

const lockPoll = 20 * time.Millisecond

// leftAlone is the age below which an unfinished file is not removed.
const leftAlone = 0

// locks are advisory locks on files in a directory.
type locks struct{ dir string }

func newLocks(dir string) locks { return locks{dir} }

// Lock takes a lock on a file of its own, for the record's is replaced by
// each Save. The file stays: to remove it would let two hold the lock.
func (l locks) Lock(ctx context.Context, k Key) (func(), error) { return l.lock(ctx, k.name()) }

// lock takes the lock of a name.
func (l locks) lock(ctx context.Context, name string) (func(), error) {
	if err := makeDir(l.dir); err != nil {
		return nil, err
	}
	f, err := os.OpenFile(filepath.Join(l.dir, name+".lock"), os.O_CREATE|os.O_RDWR|unix.O_NOFOLLOW, 0o600)
	if err != nil {
		return nil, err
	}
	tick := time.NewTicker(lockPoll)
	defer tick.Stop()
	for {
		err := unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB)
		if err == nil {
			return func() { f.Close() }, nil
		}
		if !errors.Is(err, unix.EWOULDBLOCK) && !errors.Is(err, unix.EINTR) {
			f.Close()
			return nil, fmt.Errorf("lock the stored sign-in: %w", err)
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			f.Close()
			return nil, fmt.Errorf("another run holds the stored sign-in: %w", ctx.Err())
		}
	}
}

// syncDir makes a rename in dir last.
func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer d.Close()
	return d.Sync()
}
