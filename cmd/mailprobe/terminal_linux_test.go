package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"mailprobe/internal/lab"
	"mailprobe/internal/settings"
)

// terminal opens a pseudo-terminal: the end where the user sits, and the one
// that a command writes to. Reading from the user's end gives up with the
// test's patience.
func terminal(t *testing.T) (user, command *os.File) {
	t.Helper()
	fd, err := unix.Open("/dev/ptmx", unix.O_RDWR|unix.O_NOCTTY|unix.O_CLOEXEC|unix.O_NONBLOCK, 0)
	if err != nil {
		t.Skipf("NO TERMINAL TESTED: there is no pseudo-terminal here: %v", err)
	}
	user = os.NewFile(uintptr(fd), "terminal")
	t.Cleanup(func() { user.Close() })
	if err := unix.IoctlSetPointerInt(fd, unix.TIOCSPTLCK, 0); err != nil {
		t.Fatal(err)
	}
	n, err := unix.IoctlGetInt(fd, unix.TIOCGPTN)
	if err != nil {
		t.Fatal(err)
	}
	command, err = os.OpenFile(fmt.Sprintf("/dev/pts/%d", n), os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { command.Close() })
	if err := user.SetReadDeadline(time.Now().Add(30 * time.Second)); err != nil {
		t.Fatal(err)
	}
	return user, command
}

// readUntil reads what the terminal shows until it has shown all marks.
func readUntil(t *testing.T, user *os.File, marks ...string) {
	t.Helper()
	var shown strings.Builder
	buf := make([]byte, 1)
	missing := func(mark string) bool { return !strings.Contains(shown.String(), mark) }
	for slices.ContainsFunc(marks, missing) {
		if _, err := user.Read(buf); err != nil {
			t.Fatalf("%q never came in %q: %v", marks, shown.String(), err)
		}
		shown.Write(buf)
	}
}

// silentIMAP is a lab of Gmail whose IMAP server never says a word, and the
// arguments that verify it.
func silentIMAP(t *testing.T) []string {
	t.Helper()
	endpoint := func(p settings.Protocol, host string, port uint16) settings.Endpoint {
		return settings.Endpoint{Protocol: p, Host: host, Port: port, Security: settings.TLS}
	}
	l, err := lab.Start(t.Context(), lab.Options{Servers: []lab.Server{
		{Endpoint: endpoint(settings.IMAP, "imap.gmail.com", 993), Fault: lab.Silent},
		{Endpoint: endpoint(settings.POP3, "pop.gmail.com", 995)},
		{Endpoint: endpoint(settings.SMTP, "smtp.gmail.com", 465)},
	}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	return append([]string{"gmail"}, l.Flags(write(t, "ca.pem", l.CAPEM()))...)
}

// An interrupt ends the run at once, with a report of what is known.
func TestInterrupt(t *testing.T) {
	t.Parallel()
	user, stderr := terminal(t)
	c := exec.Command("mailprobe", silentIMAP(t)...)
	var stdout bytes.Buffer
	c.Stdout, c.Stderr = &stdout, stderr
	start(t, c)
	readUntil(t, user, "2 finished")
	interrupted := time.Now()
	interrupt(t, c)
	err := c.Wait()
	if took := time.Since(interrupted); took > 20*time.Second {
		t.Errorf("ended %v after the interrupt, want at once", took)
	}
	if got, want := c.ProcessState.ExitCode(), exitInterrupted; got != want {
		t.Errorf("exit status (%v):\n got %d\nwant %d", err, got, want)
	}
	for _, want := range []string{"stopped before its end", "POP3  pop.gmail.com:995   SSL/TLS   works", "IMAP  imap.gmail.com:993  SSL/TLS   unknown"} {
		if !strings.Contains(stdout.String(), want) {
			t.Errorf("the report does not say %q:\n%s", want, stdout.String())
		}
	}
}

// What goes on at every target is shown while none of them has an end.
func TestProgressOfTargets(t *testing.T) {
	t.Parallel()
	var servers []lab.Server
	var args []string
	for _, host := range []string{"imap.one.example", "imap.two.example"} {
		e := settings.Endpoint{Protocol: settings.IMAP, Host: host, Port: 993, Security: settings.TLS}
		servers, args = append(servers, lab.Server{Endpoint: e, Fault: lab.Silent}), append(args, e.String())
	}
	l, err := lab.Start(t.Context(), lab.Options{Servers: servers})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	user, stderr := terminal(t)
	c := exec.Command("mailprobe", append(args, append(l.Flags(write(t, "ca.pem", l.CAPEM())), "--timeout", "5m", "--phase-timeout", "5m")...)...)
	c.Stderr = stderr
	start(t, c)
	readUntil(t, user, "imap.one.example:993", "imap.two.example:993")
	interrupt(t, c)
	if err := c.Wait(); c.ProcessState.ExitCode() != exitInterrupted {
		t.Errorf("exit status (%v):\n got %d\nwant %d", err, c.ProcessState.ExitCode(), exitInterrupted)
	}
}

// An interrupt while a server is waited for says nothing of the server, blames
// nobody, and leaves whole reports.
func TestInterruptedPhase(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		name, phase string
		shown       string // while it lasts
		endpoint    settings.Endpoint
		signal      os.Signal
		status      int
	}{
		{"greeting", "greeting", "greeting", settings.Endpoint{Protocol: settings.POP3, Host: "pop.example.test", Port: 110, Security: settings.StartTLS}, os.Interrupt, exitInterrupted},
		{"handshake", "tls", "start encryption", settings.Endpoint{Protocol: settings.IMAP, Host: "imap.example.test", Port: 993, Security: settings.TLS}, os.Interrupt, exitInterrupted},
		{"terminated", "greeting", "greeting", settings.Endpoint{Protocol: settings.SMTP, Host: "smtp.example.test", Port: 587, Security: settings.StartTLS}, syscall.SIGTERM, exitTerminated},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			l, err := lab.Start(t.Context(), lab.Options{Servers: []lab.Server{{Endpoint: row.endpoint, Fault: lab.Silent}}})
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { l.Close() })
			file := write(t, "report.json", nil)
			user, stderr := terminal(t)
			c := exec.Command("mailprobe", append([]string{row.endpoint.String(), "-o", "text", "-o", "json=" + file}, l.Flags(write(t, "ca.pem", l.CAPEM()))...)...)
			var stdout bytes.Buffer
			c.Stdout, c.Stderr = &stdout, stderr
			start(t, c)
			readUntil(t, user, row.shown)
			if err := c.Process.Signal(row.signal); err != nil {
				t.Fatal(err)
			}
			err = c.Wait()
			if got := c.ProcessState.ExitCode(); got != row.status {
				t.Errorf("exit status (%v):\n got %d\nwant %d", err, got, row.status)
			}
			text := stdout.String()
			if !strings.Contains(text, "UNKNOWN: ") || !strings.Contains(text, "The run was interrupted") || strings.Contains(text, "provider") {
				t.Errorf("the server is judged:\n%s", text)
			}
			wantInterrupted(t, file, row.phase)
		})
	}
}

// wantInterrupted reads the JSON report of a run that was interrupted in a
// phase of its one endpoint.
func wantInterrupted(t *testing.T, file, phase string) {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var r timedReport
	if err := json.Unmarshal(data, &r); err != nil || !r.Interrupted || r.Verdict != "unknown" || len(r.Endpoints) != 1 {
		t.Fatalf("got  %v %s\nwant an interrupted report", err, data)
	}
	e := r.Endpoints[0]
	if f := e.Findings; len(f) != 1 || f[0].Code != "tool.interrupted" || f[0].Blame != "tool" || !strings.Contains(f[0].Message, "(in the phase "+phase+")") {
		t.Errorf("got  %+v\nwant tool.interrupted in the phase %s alone", f, phase)
	}
	if len(e.Phases) != 9 {
		t.Errorf("got  %d phases\nwant 9", len(e.Phases))
	}
}

// Nothing is known yet while the password is fetched.
func TestInterruptPasswordCommand(t *testing.T) {
	t.Parallel()
	user, stderr := terminal(t)
	args := append(silentIMAP(t), "--user", "me@gmail.com", "--password-command", "echo fetching >&2; exec sleep 60")
	c := exec.Command("mailprobe", args...)
	var stdout bytes.Buffer
	c.Stdout, c.Stderr = &stdout, stderr
	start(t, c)
	readUntil(t, user, "fetching")
	interrupt(t, c)
	err := c.Wait()
	if got, want := c.ProcessState.ExitCode(), exitInterrupted; got != want {
		t.Errorf("exit status (%v):\n got %d\nwant %d", err, got, want)
	}
	if stdout.Len() > 0 {
		t.Errorf("there is something on stdout:\n%s", stdout.String())
	}
	readUntil(t, user, "mailprobe: interrupted")
}

// Where the report of an interrupted run cannot be got rid of, a second
// interrupt ends the process.
func TestSecondInterrupt(t *testing.T) {
	t.Parallel()
	user, stderr := terminal(t)
	c := exec.Command("mailprobe", silentIMAP(t)...)
	c.Stdout, c.Stderr = fullPipe(t), stderr
	start(t, c)
	readUntil(t, user, "2 finished")
	interrupt(t, c)
	// The progress is taken off the terminal before the report is written.
	readUntil(t, user, "\x1b[J")
	ended := make(chan error, 1)
	go func() { ended <- c.Wait() }()
	again := time.NewTicker(20 * time.Millisecond)
	defer again.Stop()
	for tries := 0; tries < 100; tries++ {
		interrupt(t, c)
		select {
		case <-ended:
			if status := c.ProcessState.Sys().(syscall.WaitStatus); status.Signal() != syscall.SIGINT {
				t.Errorf("ended by %v, want by the signal", c.ProcessState)
			}
			return
		case <-again.C:
		}
	}
	t.Error("interrupts do not end a command that cannot write its report")
}

func start(t *testing.T, c *exec.Cmd) {
	t.Helper()
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if c.ProcessState == nil {
			c.Process.Kill()
			c.Wait()
		}
	})
}

func interrupt(t *testing.T, c *exec.Cmd) {
	t.Helper()
	if err := c.Process.Signal(os.Interrupt); err != nil && !errors.Is(err, os.ErrProcessDone) {
		t.Fatal(err)
	}
}

// fullPipe returns a pipe that nobody reads and that takes no byte more.
func fullPipe(t *testing.T) *os.File {
	t.Helper()
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { r.Close(); w.Close() })
	if err := w.SetWriteDeadline(time.Now().Add(100 * time.Millisecond)); err != nil {
		t.Fatal(err)
	}
	for err == nil {
		_, err = w.Write(make([]byte, 1<<10))
	}
	return w
}

// Colour is for terminals, and neither for those who do not want it.
func TestColor(t *testing.T) {
	t.Parallel()
	rows := []struct {
		name string
		env  string
		term string
		args []string
		want bool
	}{
		{"terminal", "NO_COLOR=", "xterm", nil, true},
		{"NO_COLOR", "NO_COLOR=1", "xterm", nil, false},
		{"--no-color", "NO_COLOR=", "xterm", []string{"--no-color"}, false},
		{"terminal without colour", "NO_COLOR=", "dumb", nil, false},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			user, stdout := terminal(t)
			c := exec.Command("mailprobe", append([]string{"demo", "gmail"}, row.args...)...)
			c.Env = append(os.Environ(), row.env, "TERM="+row.term)
			c.Stdout = stdout
			if err := c.Run(); err != nil {
				t.Fatal(err)
			}
			fmt.Fprintln(stdout, "the end")
			got := strings.Contains(readAll(t, user), "\x1b[")
			if got != row.want {
				t.Errorf("coloured:\n got %t\nwant %t", got, row.want)
			}
		})
	}
}

// readAll reads what was written to the terminal before "the end".
func readAll(t *testing.T, user *os.File) string {
	t.Helper()
	var shown strings.Builder
	buf := make([]byte, 4096)
	for !strings.Contains(shown.String(), "the end") {
		n, err := user.Read(buf)
		if err != nil {
			t.Fatalf("after %q: %v", shown.String(), err)
		}
		shown.Write(buf[:n])
	}
	return shown.String()
}
