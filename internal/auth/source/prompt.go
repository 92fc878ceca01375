package source

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"

	"golang.org/x/term"

	"mailprobe/internal/auth"
	"mailprobe/internal/bounded"
	"mailprobe/internal/safe"
)

// prompt asks for a password at the terminal, where nothing else is given.
func (o Options) prompt() secretSource {
	return secretSource{name: "the terminal", kind: auth.Password, read: o.ask}
}

// ask reads a password from the terminal itself, not from the standard
// input, which may be a pipe. There is nobody to ask without a terminal, or
// without a user to ask for.
func (o Options) ask(ctx context.Context, a account) (string, error) {
	if o.NoPrompt || a.user == "" {
		return "", errNobody
	}
	tty, err := o.openTTY()
	if err != nil {
		return "", errNobody
	}
	if !term.IsTerminal(int(tty.Fd())) {
		tty.Close()
		return "", errNobody
	}
	var screen io.Writer = tty
	if runtime.GOOS == "windows" && o.Stderr != nil { // there, input and output are two files
		screen = o.Stderr
	}
	line, err := hiddenRead{tty, screen, o.question(a)}.do(ctx)
	if o.Offered && (errors.Is(err, errNothing) || errors.Is(err, errEnded)) {
		return "", errNobody
	}
	return line, err
}

func (o Options) question(a account) string {
	hint := ""
	if o.Offered {
		hint = " (nothing: do not sign in)"
	}
	return fmt.Sprintf("Password for \"%s\" at %s%s: ", safe.Display(a.user), safe.Display(a.host()), hint)
}

var (
	errNothing = errors.New("nothing was typed") // an empty line
	errEnded   = errors.New("the input ended before the password did")
)

// A hiddenRead reads one line at a terminal that does not show it.
type hiddenRead struct {
	tty      *os.File
	screen   io.Writer
	question string
}

// do asks and reads. If ctx ends first, it restores the terminal and leaves the
// read behind, with the file open: the number of a closed file could be given
// to another, from which the read would go on.
func (h hiddenRead) do(ctx context.Context) (string, error) {
	restore, err := h.hush()
	if err != nil {
		h.tty.Close()
		return "", err
	}
	line, err := bounded.Call(ctx, 0, h.line)
	restore()
	fmt.Fprintln(h.screen)
	if ended := ctx.Err(); ended != nil && errors.Is(err, ended) {
		return "", ended
	}
	h.tty.Close()
	switch {
	case errors.Is(err, io.EOF):
		return "", errEnded
	case err == nil && len(line) == 0:
		return "", errNothing
	}
	return string(line), err
}

func (o Options) openTTY() (*os.File, error) {
	switch {
	case o.tty != nil:
		return o.tty()
	case runtime.GOOS == "windows":
		return os.OpenFile("CONIN$", os.O_RDWR, 0)
	}
	return os.OpenFile("/dev/tty", os.O_RDWR, 0)
}
