//go:build !unix

package oauth

import (
	"context"
	"time"
)

// locks hold within this process only: two runs at once may renew twice.
type locks struct {
	dir    string
	memory *memory
}

func newLocks(dir string) locks { return locks{dir, newMemory()} }

// leftAlone is the age below which an unfinished file is not removed: another
// process may be writing it.
const leftAlone = time.Minute

func (l locks) Lock(ctx context.Context, k Key) (func(), error) { return l.lock(ctx, k.name()) }

func (l locks) lock(ctx context.Context, name string) (func(), error) {
	if err := makeDir(l.dir); err != nil {
		return nil, err
	}
	return l.memory.Lock(ctx, Key{ClientID: name})
}

func syncDir(string) error { return nil }
