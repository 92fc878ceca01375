package main

import (
	"bufio"
	"fmt"
	"io"
	"os/exec"
	"runtime"
	"time"

	"mailprobe/internal/safe"
)

// A loginPrompt shows the user where to go. What the provider sends is
// escaped.
type loginPrompt struct{ w io.Writer }

func (p loginPrompt) ShowDevice(url, code string, expires time.Time) {
	fmt.Fprintf(p.w, "Open %s on any device and type this code:\n\n  %s\n\nThe code is good until %s. Waiting...\n",
		safe.Display(url), safe.Display(code), expires.Format(time.TimeOnly))
}

func (p loginPrompt) ShowURL(url string) {
	fmt.Fprintf(p.w, "Open this page in a browser and sign in:\n\n  %s\n\nWaiting for the browser... "+
		"(If it is on another computer, it ends on a page that cannot be opened: paste the address of that page here.)\n", safe.Display(url))
}

// ignored says what is wrong with what was pasted, and what is waited for.
func (p loginPrompt) ignored(why string) {
	fmt.Fprintf(p.w, "%s. Wanted is the whole address of the page on which the browser ends, with code= in it: copy it from the address bar. Where the page shows an error, mailprobe explain knows its text. Still waiting...\n", why)
}

// browserHere reports whether this computer has a browser that the user sees.
func browserHere(getenv func(string) string) bool {
	switch {
	case getenv("SSH_CONNECTION") != "" || getenv("SSH_TTY") != "":
		return false
	case runtime.GOOS == "windows" || runtime.GOOS == "darwin":
		return true
	}
	return getenv("DISPLAY") != "" || getenv("WAYLAND_DISPLAY") != ""
}

// pastedAddresses are the lines that the user types meanwhile.
func (a *app) pastedAddresses() <-chan string {
	lines := make(chan string)
	if a.stdin == nil {
		return nil
	}
	go func() { // it ends with the process: a read of the terminal cannot be broken off
		in := bufio.NewScanner(io.LimitReader(a.stdin, maxPasted))
		for in.Scan() {
			lines <- in.Text()
		}
	}()
	return lines
}

// maxPasted bounds what is read of pasted addresses, in bytes.
const maxPasted = 64 << 10

// startBrowser starts the system's browser and does not wait for it.
func startBrowser(url string) error {
	name, args := browserCommand(runtime.GOOS)
	c := exec.Command(name, append(args, url)...)
	if err := c.Start(); err != nil {
		return err
	}
	return c.Process.Release()
}

// browserCommand is what opens a URL on an operating system. No shell is
// between, which would read the URL in its own way.
func browserCommand(goos string) (name string, args []string) {
	switch goos {
	case "darwin":
		return "open", nil
	case "windows":
		return "rundll32", []string{"url.dll,FileProtocolHandler"}
	}
	return "xdg-open", nil
}
