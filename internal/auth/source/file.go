package source

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"runtime"
	"time"

	"golang.org/x/term"
)

// file reads a secret from a file or pipe; "-" is the standard input.
func (o Options) file(name string) func(context.Context, account) (string, error) {
	return func(ctx context.Context, _ account) (string, error) {
		limit := orElse(o.Timeouts.File, time.Minute)
		if name == "-" {
			return o.stdin(ctx, limit)
		}
		if err := o.inspect(name); err != nil {
			return "", err
		}
		return readAll(ctx, limit, func() (io.ReadCloser, error) {
			f, err := os.Open(name)
			return f, plainly(name, err)
		})
	}
}

func (o Options) stdin(ctx context.Context, limit time.Duration) (string, error) {
	if o.Stdin == nil {
		return "", errors.New("there is no standard input")
	}
	if f, ok := o.Stdin.(*os.File); ok && term.IsTerminal(int(f.Fd())) {
		return "", errors.New("the standard input is a terminal, which would show the secret; leave the flag out to be asked")
	}
	return readAll(ctx, limit, func() (io.ReadCloser, error) { return io.NopCloser(o.Stdin), nil })
}

// inspect refuses what is no file or pipe, and warns of a file that others
// can read.
func (o Options) inspect(name string) error {
	info, err := os.Stat(name)
	if err != nil {
		return plainly(name, err)
	}
	mode := info.Mode()
	switch {
	case mode.IsDir():
		return fmt.Errorf("%q is a directory, not a file", name)
	case !mode.IsRegular() && mode&fs.ModeNamedPipe == 0:
		return fmt.Errorf("%q is neither a file nor a pipe", name)
	}
	if runtime.GOOS != "windows" && mode.IsRegular() && mode.Perm()&0o077 != 0 {
		o.warn(fmt.Sprintf("others can read %q (mode %04o); run: chmod 600 %q", name, mode.Perm(), name))
	}
	return nil
}

// plainly says in plain words why a file cannot be opened.
func plainly(name string, err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("there is no file %q: %w", name, fs.ErrNotExist)
	case errors.Is(err, fs.ErrPermission):
		return fmt.Errorf("the file %q may not be read: %w", name, fs.ErrPermission)
	}
	return err
}
