//go:build !unix

package oauth

import "context"

// locks hold within this process only: two runs at once may renew twice.
type locks struct {
	dir    string
	memory *memory
}

func newLocks(dir string) locks { return locks{dir, newMemory()} }

func (l locks) Lock(ctx context.Context, k Key) (func(), error) {
	if err := makeDir(l.dir); err != nil {
		return nil, err
	}
	return l.memory.Lock(ctx, k)
}

func syncDir(string) error { return nil }
