//go:build unix

package source

import (
	"fmt"
	"io"
	"os"
	"os/signal"
	"sync"

	"golang.org/x/sys/unix"
)

// hush asks the question and switches the echo off until restore is called.
// While the program is stopped by ^Z the terminal is the shell's, as it was
// before; when it goes on, it is hushed again and the question repeated.
func (h hiddenRead) hush() (restore func(), err error) {
	fd := int(h.tty.Fd())
	before, err := unix.IoctlGetTermios(fd, getModes)
	if err != nil {
		return nil, err
	}
	quiet := *before
	quiet.Lflag &^= unix.ECHO
	quiet.Lflag |= unix.ICANON | unix.ISIG
	quiet.Iflag |= unix.ICRNL
	ask := func() error {
		if err := unix.IoctlSetTermios(fd, setModes, &quiet); err != nil {
			return err
		}
		_, err := io.WriteString(h.screen, h.question)
		return err
	}
	stopped := h.watchStops(func() { unix.IoctlSetTermios(fd, setModes, before) }, ask)
	if err := ask(); err != nil {
		stopped()
		return nil, err
	}
	return func() {
		stopped()
		unix.IoctlSetTermios(fd, setModes, before)
	}, nil
}

// watchStops calls leave before the program is stopped by the terminal, and ask
// when it goes on, until end is called.
func (h hiddenRead) watchStops(leave func(), ask func() error) (end func()) {
	signals := make(chan os.Signal, 4)
	signal.Notify(signals, unix.SIGCONT)
	if !signal.Ignored(unix.SIGTSTP) {
		signal.Notify(signals, unix.SIGTSTP)
	}
	done := make(chan struct{})
	var watch sync.WaitGroup
	watch.Go(func() {
		for {
			select {
			case s := <-signals:
				if s == unix.SIGCONT {
					ask()
					continue
				}
				leave()
				fmt.Fprintln(h.screen)
				unix.Kill(unix.Getpid(), unix.SIGSTOP)
			case <-done:
				return
			}
		}
	})
	return func() {
		signal.Stop(signals)
		close(done)
		watch.Wait()
	}
}

// line reads up to the end of a line. A line that the input ends in the middle
// of (^D) is none: half a password is a wrong one.
func (h hiddenRead) line() ([]byte, error) {
	var line []byte
	var one [1]byte
	for {
		n, err := h.tty.Read(one[:])
		switch {
		case n == 0 && err == nil:
			continue
		case err != nil:
			return nil, err
		case one[0] == '\n':
			return line, nil
		case len(line) < maxContent:
			line = append(line, one[0])
		}
	}
}
