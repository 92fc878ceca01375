package source

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// terminal opens a pseudo-terminal: the end where the user sits, and the name
// of the other.
func terminal(t *testing.T) (user *os.File, name string) {
	t.Helper()
	user, err := os.OpenFile("/dev/ptmx", os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Skipf("NO TERMINAL TESTED: there is no pseudo-terminal here: %v", err)
	}
	t.Cleanup(func() { user.Close() })
	if err := unix.IoctlSetPointerInt(int(user.Fd()), unix.TIOCSPTLCK, 0); err != nil {
		t.Fatal(err)
	}
	n, err := unix.IoctlGetInt(int(user.Fd()), unix.TIOCGPTN)
	if err != nil {
		t.Fatal(err)
	}
	return user, fmt.Sprintf("/dev/pts/%d", n)
}

func opener(name string) func() (*os.File, error) {
	return func() (*os.File, error) { return os.OpenFile(name, os.O_RDWR|unix.O_NOCTTY, 0) }
}

// readUntil reads what the terminal shows up to a mark.
func readUntil(t *testing.T, user *os.File, mark string) string {
	t.Helper()
	var shown strings.Builder
	buf := make([]byte, 1)
	for !strings.Contains(shown.String(), mark) {
		if _, err := user.Read(buf); err != nil {
			t.Errorf("after %q: %v", shown.String(), err)
			return shown.String()
		}
		shown.Write(buf)
	}
	return shown.String()
}

// echoes reports whether the terminal echoes; where that cannot be read, want.
func echoes(t *testing.T, f *os.File, want bool) bool {
	t.Helper()
	state, err := unix.IoctlGetTermios(int(f.Fd()), unix.TCGETS)
	if err != nil {
		t.Error(err)
		return want
	}
	return state.Lflag&unix.ECHO != 0
}

// awaitEcho waits until the echo of the terminal is as wanted.
func awaitEcho(t *testing.T, f *os.File, want bool) {
	t.Helper()
	for echoes(t, f, want) != want {
		runtime.Gosched()
		if t.Context().Err() != nil {
			t.Error("the echo never changes")
			return
		}
	}
}

func TestPrompt(t *testing.T) {
	for _, typed := range []string{"simple", ` p"w\ äß€ %x#' end `} {
		user, name := terminal(t)
		o := alone(Options{tty: opener(name), Stdin: strings.NewReader("not this")})
		shownAfter := make(chan string)
		go func() {
			readUntil(t, user, testHost+": ")
			awaitEcho(t, user, false)
			fmt.Fprintln(user, typed)
			shownAfter <- readUntil(t, user, "\n")
		}()
		c, where, err := Find(t.Context(), o, testUser, testHost)
		if err != nil {
			t.Fatal(err)
		}
		if got := shown(t, c); got != typed || where != "the terminal" {
			t.Errorf("got  %q from %s\nwant %q", got, where, typed)
		}
		if echo := <-shownAfter; strings.TrimSpace(echo) != "" {
			t.Errorf("the terminal shows %q", echo)
		}
		if !echoes(t, user, false) {
			t.Error("the echo stays off")
		}
	}
}

func TestPromptIsLeftAsItWas(t *testing.T) {
	user, name := terminal(t)
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		readUntil(t, user, testHost+": ")
		awaitEcho(t, user, false)
		cancel()
	}()
	_, _, err := Find(ctx, alone(Options{tty: opener(name)}), testUser, testHost)
	if !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want %v", err, context.Canceled)
	}
	if got := readUntil(t, user, "\n"); strings.TrimSpace(got) != "" {
		t.Errorf("the terminal shows %q, want the end of the line alone", got)
	}
	if !echoes(t, user, false) {
		t.Error("the echo stays off")
	}
}

func TestPromptWithoutAnswer(t *testing.T) {
	user, name := terminal(t)
	go func() {
		readUntil(t, user, testHost+": ")
		awaitEcho(t, user, false)
		fmt.Fprint(user, "\n")
	}()
	_, _, err := Find(t.Context(), alone(Options{tty: opener(name)}), testUser, testHost)
	if err == nil || !strings.Contains(err.Error(), "nothing was typed") {
		t.Errorf("got %v, want an error that nothing was typed", err)
	}
}

func TestNoTerminal(t *testing.T) {
	notOne := func() (*os.File, error) { return os.Open(os.DevNull) }
	c, _, err := Find(t.Context(), alone(Options{tty: notOne}), testUser, testHost)
	var none *NoneError
	if c != nil || !errors.As(err, &none) {
		t.Errorf("got %v, %v, want nothing", c, err)
	}
}

func TestStdinIsATerminal(t *testing.T) {
	_, name := terminal(t)
	tty, err := opener(name)()
	if err != nil {
		t.Fatal(err)
	}
	defer tty.Close()
	_, _, err = Find(t.Context(), alone(Options{PasswordFile: "-", Stdin: tty}), testUser, testHost)
	if err == nil || !strings.Contains(err.Error(), "would show the secret") {
		t.Errorf("got %v", err)
	}
}

// ^D on a line of one's own, and in the middle of one: nothing is sent.
func TestPromptIsEnded(t *testing.T) {
	for _, typed := range []string{"\x04", "half\x04\x04"} {
		user, name := terminal(t)
		go func() {
			readUntil(t, user, testHost+": ")
			awaitEcho(t, user, false)
			fmt.Fprint(user, typed)
		}()
		c, _, err := Find(t.Context(), alone(Options{tty: opener(name)}), testUser, testHost)
		if c != nil || err == nil || !strings.Contains(err.Error(), "the input ended") {
			t.Errorf("%q: got %v, %v, want an error that the input ended", typed, c, err)
		}
		if !echoes(t, user, true) {
			t.Error("the echo stays off")
		}
	}
}

// stoppedVariable names the terminal of a process that TestPromptThatIsStopped
// starts, and where it writes what it has read.
const stoppedVariable = "MAILPROBE_TEST_STOPPED"

// ^Z gives the terminal back as it was. When the program goes on, it asks again
// and shows nothing of the answer.
func TestPromptThatIsStopped(t *testing.T) {
	if out := os.Getenv(stoppedVariable); out != "" {
		c, _, err := Find(t.Context(), alone(Options{tty: opener("/dev/tty")}), testUser, testHost)
		if c == nil || err != nil {
			t.Fatal(c, err)
		}
		os.WriteFile(out, []byte(shown(t, c)), 0o600)
		return
	}
	user, name := terminal(t)
	tty, err := opener(name)()
	if err != nil {
		t.Fatal(err)
	}
	out := filepath.Join(t.TempDir(), "read")
	c := exec.Command(os.Args[0], "-test.run=^TestPromptThatIsStopped$")
	c.Env = append(os.Environ(), stoppedVariable+"="+out)
	c.Stdin = tty
	c.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true, Ctty: 0}
	err = c.Start()
	tty.Close() // so that a read ends when the process does
	if err != nil {
		t.Fatal(err)
	}
	defer time.AfterFunc(30*time.Second, func() { c.Process.Kill() }).Stop()
	defer c.Process.Kill()
	for range 2 {
		readUntil(t, user, testHost+": ")
		awaitEcho(t, user, false)
		fmt.Fprint(user, "\x1a")
		var status unix.WaitStatus
		if _, err := unix.Wait4(c.Process.Pid, &status, unix.WUNTRACED, nil); err != nil || !status.Stopped() {
			t.Fatalf("it does not stop: %v, %v", err, status)
		}
		if !echoes(t, user, true) {
			t.Error("the shell is left without an echo")
		}
		if err := c.Process.Signal(unix.SIGCONT); err != nil {
			t.Fatal(err)
		}
	}
	readUntil(t, user, testHost+": ")
	awaitEcho(t, user, false)
	fmt.Fprintln(user, "correct horse")
	if got := readUntil(t, user, "\n"); strings.TrimSpace(got) != "" {
		t.Errorf("the terminal shows %q", got)
	}
	if err := c.Wait(); err != nil {
		t.Error(err)
	}
	if got, err := os.ReadFile(out); string(got) != "correct horse" {
		t.Errorf("got %q, %v", got, err)
	}
}
