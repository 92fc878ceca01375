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
	fd := int(tty.Fd())
	before, err := term.GetState(fd)
	if err != nil {
		tty.Close()
		return "", errNobody
	}
	var screen io.Writer = tty
	if runtime.GOOS == "windows" && o.Stderr != nil { // there, input and output are two files
		screen = o.Stderr
	}
	fmt.Fprintf(screen, "Password for \"%s\" at %s: ", safe.Display(a.user), safe.Display(a.host()))
	return o.hidden(ctx, hiddenRead{tty, fd, before, screen})
}

type hiddenRead struct {
	tty    *os.File
	fd     int
	before *term.State
	screen io.Writer
}

// hidden reads a line without echo. If ctx ends first, it restores the
// terminal and leaves the read behind, with the file open: the number of a
// closed file could be given to another, from which the read would go on.
func (o Options) hidden(ctx context.Context, h hiddenRead) (string, error) {
	line, err := bounded.Call(ctx, 0, func() ([]byte, error) { return term.ReadPassword(h.fd) })
	if ended := ctx.Err(); ended != nil && errors.Is(err, ended) {
		term.Restore(h.fd, h.before)
		fmt.Fprintln(h.screen)
		return "", ended
	}
	fmt.Fprintln(h.screen)
	h.tty.Close()
	if err == nil && len(line) == 0 {
		return "", errors.New("nothing was typed")
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
