package oauth

import (
	"context"
	"sync"
)

// A Store keeps sign-ins between runs. Its implementations are in this
// package, for they alone see tokens.
type Store interface {
	// Load returns the record under k, or ErrNotLoggedIn.
	Load(ctx context.Context, k Key) (*Record, error)
	// Save puts r in the place of the record under its key, whole or not at all.
	Save(ctx context.Context, r *Record) error
	// Delete removes the record under k. It is no error if there is none.
	Delete(ctx context.Context, k Key) error
	// Try stores and removes something under no account, so that what keeps a
	// sign-in from being stored is known before there is one.
	Try(ctx context.Context) error
	// Lock waits until nobody else, in this process or another, changes the
	// record under k, or ctx ends.
	Lock(ctx context.Context, k Key) (unlock func(), err error)
}

// memory is a Store that ends with the process.
type memory struct {
	mu      sync.Mutex
	records map[Key]*Record
	locks   map[Key]chan struct{}
}

// newMemory returns an empty memory.
func newMemory() *memory {
	return &memory{records: make(map[Key]*Record), locks: make(map[Key]chan struct{})}
}

func (m *memory) Load(_ context.Context, k Key) (*Record, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	r, ok := m.records[k]
	if !ok {
		return nil, ErrNotLoggedIn
	}
	copied := *r
	return &copied, nil
}

func (m *memory) Save(_ context.Context, r *Record) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	copied := *r
	m.records[r.Key] = &copied
	return nil
}

func (m *memory) Delete(_ context.Context, k Key) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.records, k)
	return nil
}

func (m *memory) Try(context.Context) error { return nil }

func (m *memory) Lock(ctx context.Context, k Key) (func(), error) {
	m.mu.Lock()
	lock, ok := m.locks[k]
	if !ok {
		lock = make(chan struct{}, 1)
		m.locks[k] = lock
	}
	m.mu.Unlock()
	select {
	case lock <- struct{}{}:
		return func() { <-lock }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}
