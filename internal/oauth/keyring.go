package oauth

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/zalando/go-keyring"

	"mailprobe/internal/auth"
	"mailprobe/internal/bounded"
)

const (
	keyringService = "mailprobe"
	keyringLimit   = 10 * time.Second
)

// A ring is the system's keyring. Its calls know no context and may hang on a
// locked keyring.
type ring interface {
	Set(service, user, password string) error
	Get(service, user string) (string, error)
	Delete(service, user string) error
}

type systemRing struct{}

func (systemRing) Set(s, u, p string) error        { return keyring.Set(s, u, p) }
func (systemRing) Get(s, u string) (string, error) { return keyring.Get(s, u) }
func (systemRing) Delete(s, u string) error        { return keyring.Delete(s, u) }

// Keyring is a Store in the system's keyring: Keychain, Credential Manager or
// Secret Service. Each call is given up after ten seconds.
type Keyring struct {
	locks
	ring  ring
	limit time.Duration
}

// NewKeyring returns the store in the keyring. Its locks are files in a
// directory, the same as that of Files.
func NewKeyring(dir string) *Keyring {
	return &Keyring{locks: newLocks(dir), ring: systemRing{}, limit: keyringLimit}
}

func (k *Keyring) Load(ctx context.Context, key Key) (*Record, error) {
	data, err := k.ask(ctx, func() (string, error) {
		return k.ring.Get(keyringService, key.name())
	})
	if errors.Is(err, keyring.ErrNotFound) {
		return nil, ErrNotLoggedIn
	}
	if err != nil {
		return nil, err
	}
	return decodeFor(key, []byte(data))
}

// Save leaves the access token out if the keyring has no room for it: the
// refresh token makes a new one.
func (k *Keyring) Save(ctx context.Context, r *Record) error {
	err := k.set(ctx, r)
	if errors.Is(err, keyring.ErrSetDataTooBig) && !r.refresh.Empty() {
		small := *r
		small.access, small.Expiry = auth.Secret{}, time.Time{}
		err = k.set(ctx, &small)
	}
	return err
}

func (k *Keyring) set(ctx context.Context, r *Record) error {
	data, err := encode(r)
	if err != nil {
		return err
	}
	_, err = k.ask(ctx, func() (string, error) {
		return "", k.ring.Set(keyringService, r.name(), string(data))
	})
	return err
}

func (k *Keyring) Delete(ctx context.Context, key Key) error {
	_, err := k.ask(ctx, func() (string, error) {
		return "", k.ring.Delete(keyringService, key.name())
	})
	if errors.Is(err, keyring.ErrNotFound) {
		return nil
	}
	return err
}

// Try sets an entry and removes it.
func (k *Keyring) Try(ctx context.Context) error {
	const entry = "try"
	_, err := k.ask(ctx, func() (string, error) {
		if err := k.ring.Set(keyringService, entry, entry); err != nil {
			return "", err
		}
		return "", k.ring.Delete(keyringService, entry)
	})
	return err
}

// ask waits for a call of the keyring.
func (k *Keyring) ask(ctx context.Context, call func() (string, error)) (string, error) {
	text, err := bounded.Call(ctx, k.limit, call)
	switch {
	case err == nil:
		return text, nil
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, context.Canceled):
		return "", fmt.Errorf("the system's keyring does not answer; is it locked? %w", err)
	}
	return "", fmt.Errorf("the system's keyring: %w", err)
}
