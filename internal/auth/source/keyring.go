package source

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/zalando/go-keyring"

	"mailprobe/internal/bounded"
	"mailprobe/internal/safe"
)

// keyringService is the name under which the keyring holds passwords; the
// entry's user is the user name.
const keyringService = "mailprobe"

// keyring asks the operating system's keyring. The library knows no time
// limit, and a locked keyring may wait for its owner.
func (o Options) keyring(ctx context.Context, a account) (string, error) {
	ask := o.keyringOf
	if ask == nil {
		ask = keyring.Get
	}
	limit := orElse(o.timeouts.keyring, 10*time.Second)
	text, err := bounded.Call(ctx, limit, func() (string, error) { return ask(keyringService, a.user) })
	if errors.Is(err, context.DeadlineExceeded) {
		return "", fmt.Errorf("the keyring did not answer within %s; unlock it, or use --password-command", limit)
	}
	return text, keyringFault(a.user, err)
}

func keyringFault(user string, err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, keyring.ErrNotFound):
		return fmt.Errorf("%w in the keyring with service %q and user name \"%s\"", errNoEntry, keyringService, safe.Display(user))
	case errors.Is(err, keyring.ErrUnsupportedPlatform):
		return errors.New("this system has no keyring that can be used; use --password-command")
	}
	return fmt.Errorf("the keyring cannot be reached (%w); use --password-command", err)
}
