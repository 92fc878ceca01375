//go:build !unix

package source

import (
	"io"

	"golang.org/x/term"
)

// hush asks the question. The echo is the read's own business here.
func (h hiddenRead) hush() (restore func(), err error) {
	before, err := term.GetState(int(h.tty.Fd()))
	if err != nil {
		return nil, err
	}
	_, err = io.WriteString(h.screen, h.question)
	return func() { term.Restore(int(h.tty.Fd()), before) }, err
}

func (h hiddenRead) line() ([]byte, error) { return term.ReadPassword(int(h.tty.Fd())) }
