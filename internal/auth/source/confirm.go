package source

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"runtime"
	"strings"

	"golang.org/x/term"

	"mailprobe/internal/bounded"
)

// ErrNobody says that there is nobody at a terminal to answer a question.
var ErrNobody = errors.New("there is no terminal to ask at")

// Confirm asks a question at the terminal itself and reports whether the
// answer is yes. Anything but y or yes is no. The error is ErrNobody, or ctx's.
func (o Options) Confirm(ctx context.Context, question string) (bool, error) {
	if o.NoPrompt {
		return false, ErrNobody
	}
	tty, err := o.openTTY()
	if err != nil {
		return false, ErrNobody
	}
	if !term.IsTerminal(int(tty.Fd())) {
		tty.Close()
		return false, ErrNobody
	}
	var screen io.Writer = tty
	if runtime.GOOS == "windows" && o.Stderr != nil { // there, input and output are two files
		screen = o.Stderr
	}
	fmt.Fprint(screen, question+" [y/N] ")
	answer, err := bounded.Call(ctx, 0, func() (string, error) {
		return bufio.NewReader(io.LimitReader(tty, maxContent)).ReadString('\n')
	})
	if ended := ctx.Err(); ended != nil && errors.Is(err, ended) {
		fmt.Fprintln(screen) // the read is left behind with its file, as in hidden
		return false, ended
	}
	tty.Close()
	if err != nil { // ^D, or the terminal is gone
		fmt.Fprintln(screen)
		return false, nil
	}
	answer = strings.ToLower(strings.TrimSpace(answer))
	return answer == "y" || answer == "yes", nil
}
