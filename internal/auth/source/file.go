package source

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"golang.org/x/term"

	"mailprobe/internal/bounded"
)

// file reads a secret from a file or pipe; "-" is the standard input.
func (o Options) file(name string) func(context.Context, account) (string, error) {
	return func(ctx context.Context, _ account) (string, error) {
		if name == "-" {
			return o.stdin(ctx)
		}
		text, err := o.within(ctx, bounded.File{Name: name, Limit: maxContent, Pipe: true}.Read)
		if err != nil {
			return "", err
		}
		var others *bounded.FileError
		if errors.As(bounded.Exposed(name), &others) && others.Err == nil {
			o.warn(others.Error())
		}
		return text, nil
	}
}

func (o Options) stdin(ctx context.Context) (string, error) {
	if o.Stdin == nil {
		return "", errors.New("there is no standard input")
	}
	if f, ok := o.Stdin.(*os.File); ok && term.IsTerminal(int(f.Fd())) {
		return "", errors.New("the standard input is a terminal, which would show the secret; leave the flag out to be asked")
	}
	return o.within(ctx, func() ([]byte, error) { return bounded.ReadAll(o.Stdin, maxContent) })
}

// within reads a file or pipe as long as is allowed. If the time is over, the
// read goes on unheard: a read of a pipe cannot be broken.
func (o Options) within(ctx context.Context, read func() ([]byte, error)) (string, error) {
	limit := orElse(o.timeouts.file, time.Minute)
	data, err := bounded.Call(ctx, limit, read)
	if errors.Is(err, context.DeadlineExceeded) {
		err = fmt.Errorf("nothing complete came within %s", limit)
	}
	return string(data), err
}
