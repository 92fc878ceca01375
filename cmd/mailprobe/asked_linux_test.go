package main

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"mailprobe/internal/lab"
	"mailprobe/internal/oauth/idptest"
)

// seated starts the command with a terminal of its own, at which somebody sits.
func seated(t *testing.T, args ...string) (*exec.Cmd, *os.File) {
	t.Helper()
	user, tty := terminal(t)
	c := exec.Command("mailprobe", args...)
	c.Stdin, c.Stdout, c.Stderr = tty, tty, tty
	c.Env = append(os.Environ(), "TERM=xterm", "COLUMNS=100", "NO_COLOR=1")
	c.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true, Ctty: 0}
	start(t, c)
	return c, user
}

// answers waits for a question, types, and returns the exit status once the
// terminal has shown all marks.
func answers(t *testing.T, c *exec.Cmd, user *os.File, question, typed string, marks ...string) int {
	t.Helper()
	readUntil(t, user, question)
	if _, err := io.WriteString(user, typed); err != nil {
		t.Fatal(err)
	}
	readUntil(t, user, marks...)
	go io.Copy(io.Discard, user)
	c.Wait()
	return c.ProcessState.ExitCode()
}

// An address at a terminal is asked for its password; nothing typed signs in
// nowhere, and the settings are verified all the same.
func TestOfferedSignIn(t *testing.T) {
	t.Parallel()
	const password = "abcdefghijklmnop"
	l, err := lab.Start(t.Context(), lab.Options{Servers: lab.Servers(documented(t, "gmail")...), Accounts: []lab.Account{{Address: "me@gmail.com", Password: password}}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	args := append([]string{"me@gmail.com"}, l.Flags(write(t, "ca.pem", l.CAPEM()))...)
	for _, row := range []struct {
		typed, said string
		status      int
	}{
		{"\n", "was not tested", exitWorks},
		{"\x04", "was not tested", exitWorks},
		{password + "\n", "Signing in was accepted", exitWorks},
		{"qqqqqqqqqqqqqqqq\n", "Was it something else?", exitFails},
	} {
		c, user := seated(t, args...)
		if got := answers(t, c, user, "(nothing: do not sign in): ", row.typed, row.said); got != row.status {
			t.Errorf("%q: exit status\n got %d\nwant %d", row.typed, got, row.status)
		}
	}
	c, user := seated(t, append(args, "--no-prompt")...)
	readUntil(t, user, "was not tested")
	go io.Copy(io.Discard, user)
	if err := c.Wait(); err != nil {
		t.Error(err)
	}
}

// An address that has signed in with login is asked for nothing, unless what is
// stored is of no use.
func TestOfferedStoredSignIn(t *testing.T) {
	c := newCommand(t, idptest.Options{User: "me@gmail.com", Token: "ya29.token-of-the-lab"})
	if status, _, stderr := c.run("login", "gmail", "--browser", "--user", "me@gmail.com", "--client-id", "app"); status != exitWorks {
		t.Fatal(stderr)
	}
	dir, err := tokenDir()
	if err != nil {
		t.Fatal(err)
	}
	l, err := lab.Start(t.Context(), lab.Options{Servers: lab.Servers(documented(t, "gmail")...), Accounts: []lab.Account{{Address: "me@gmail.com", Token: "ya29.token-of-the-lab"}}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	args := append([]string{"me@gmail.com"}, l.Flags(write(t, "ca.pem", l.CAPEM()))...)
	for _, name := range []string{"MAILPROBE_PASSWORD", "MAILPROBE_TOKEN"} {
		os.Unsetenv(name) // an empty one asks for a sign-in; newCommand sees to what was there
	}
	run, user := seated(t, args...)
	readUntil(t, user, "with what 'mailprobe login' has stored", "Signing in was accepted")
	go io.Copy(io.Discard, user)
	if err := run.Wait(); err != nil {
		t.Error(err)
	}
	files, err := filepath.Glob(filepath.Join(dir, "*.json"))
	if err != nil || len(files) != 1 {
		t.Fatal(files, err)
	}
	if err := os.WriteFile(files[0], []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	run, user = seated(t, args...)
	if got := answers(t, run, user, "(nothing: do not sign in): ", "\n", "was not tested"); got != exitWorks {
		t.Errorf("exit status\n got %d\nwant %d", got, exitWorks)
	}
}

// mailprobe alone asks what is wrong and does what fits the answer.
func TestAskedWhatIsWrong(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		typed, said string
		status      int
	}{
		{"535 5.7.139 Authentication unsuccessful, basic authentication is disabled\n.\n", "what to do", exitWorks},
		{"cert.expired\n", "expired", exitWorks},
		{"0x800CCC0E\n", "No answer from the server", exitWorks},
		{"Error:\n535 5.7.8 authentication failed\n.\n", "what to do", exitWorks},
		{"explian\n", "did you mean the command 'mailprobe explain'?", exitUsage},
		{"\n", "nothing to verify", exitUsage},
		{"\x04", "nothing to verify", exitUsage},
		{"\x03", "interrupted", exitInterrupted},
		{"535 5.7.8 no\n\x03", "interrupted", exitInterrupted},
	} {
		c, user := seated(t)
		if got := answers(t, c, user, "What is wrong? ", row.typed, row.said); got != row.status {
			t.Errorf("%q: exit status\n got %d\nwant %d", row.typed, got, row.status)
		}
	}
	c, user := seated(t, "explain")
	if got := answers(t, c, user, "Paste what ", "\x03", "interrupted"); got != exitInterrupted {
		t.Errorf("explain, interrupted: exit status\n got %d\nwant %d", got, exitInterrupted)
	}
	l, err := lab.Start(t.Context(), lab.Options{Servers: lab.Servers(documented(t, "gmail")...)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	c, user = seated(t, l.Flags(write(t, "ca.pem", l.CAPEM()))...)
	if got := answers(t, c, user, "What is wrong? ", "gmail\n", "3 of 3"); got != exitWorks {
		t.Errorf("exit status\n got %d\nwant %d", got, exitWorks)
	}
}

// A slip in a command line is answered with what was meant, and a password that
// stands in one is never repeated.
func TestMistyped(t *testing.T) {
	t.Parallel()
	for _, row := range []struct{ args, want string }{
		{"explian x", "did you mean the command 'mailprobe explain'?"},
		{"gmail --pasword-file x", "did you mean --password-file?"},
		{"list --jsno", "did you mean --json?"},
		{"gmail -p hunter2", "asks for it at the terminal, or use --password-file FILE"},
		{"gmail -phunter2", "asks for it at the terminal, or use --password-file FILE"},
		{"gmail --password hunter2", "asks for it at the terminal, or use --password-file FILE"},
		{"gmail --password=hunter2", "asks for it at the terminal, or use --password-file FILE"},
		{"gmail -xhunter2", "unknown shorthand flag: 'x'"},
		{"0x800CCC0E", "'mailprobe explain 0x800CCC0E'"},
		{"list --bogus", "unknown flag: --bogus"},
		{"gmail --for outlook", "it is a flag of 'mailprobe show'"},
	} {
		out, err := exec.Command("mailprobe", strings.Fields(row.args)...).CombinedOutput()
		if fmt.Sprint(err) != "exit status 2" || !strings.Contains(string(out), row.want) || strings.Contains(string(out), "hunter2") {
			t.Errorf("%s: %v\n got %s\nwant %s", row.args, err, out, row.want)
		}
	}
}
