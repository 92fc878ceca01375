package source

import (
	"errors"
	"fmt"
	"os"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/zalando/go-keyring"
)

func TestCommand(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("the commands are for sh")
	}
	t.Setenv(PasswordVariable, "SEKRIT")
	t.Setenv(TokenVariable, "SEKRIT")
	for _, row := range []struct{ name, command, want string }{
		{"one line", `printf 'p w\n'`, "p w"},
		{"no line break", `printf ' p"w '`, ` p"w `},
		{"first line only", `printf 'one\ntwo\n'`, "one"},
		{"CRLF", `printf 'one\r\n'`, "one"},
		{"no secret in its environment", `echo "got:$MAILPROBE_PASSWORD$MAILPROBE_TOKEN"`, "got:"},
		{"the rest of the environment", `test -n "$PATH" && echo yes`, "yes"},
		{"no standard input", `cat; echo end`, "end"},
	} {
		t.Run(row.name, func(t *testing.T) {
			c, where, err := Find(t.Context(), alone(Options{PasswordCommand: row.command}), testUser, testHost)
			if err != nil {
				t.Fatal(err)
			}
			if got := shown(t, c); got != row.want || where != "--password-command" {
				t.Errorf("got  %q from %s\nwant %q", got, where, row.want)
			}
		})
	}
	c, _, err := Find(t.Context(), alone(Options{TokenCommand: `printf '\n ya29.t \n\n'`}), testUser, testHost)
	if err != nil || shown(t, c) != "ya29.t" {
		t.Errorf("token command: got %v, %v", c, err)
	}
}

func TestCommandFails(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("the commands are for sh")
	}
	for _, row := range []struct{ name, command, says, stderr string }{
		{"status", "echo SEKRIT; exit 3", "exit status 3", ""},
		{"stderr is shown", "echo locked >&2; exit 1", "exit status 1", "locked\n"},
		{"nothing", "true", "it is empty", ""},
		{"not there", "no-such-command-SEKRIT 2>/dev/null", "exit status 127", ""},
		{"too much", "while :; do echo SEKRITSEKRITSEKRITSEKRITSEKRIT; done", "more than 64 KiB", ""},
		{"too slow", "sleep 30", "did not end within", ""},
		{"too slow, in a child", "sleep 30 | cat", "did not end within", ""},
		{"killed", "kill -9 $$", "signal: killed", ""},
	} {
		t.Run(row.name, func(t *testing.T) {
			var said strings.Builder
			o := alone(Options{PasswordCommand: row.command, Stderr: &said})
			if strings.HasPrefix(row.name, "too slow") {
				o.timeouts.command = 50 * time.Millisecond
			}
			_, _, err := Find(t.Context(), o, testUser, testHost)
			if err == nil || !strings.Contains(err.Error(), row.says) || strings.Contains(err.Error(), "SEKRIT") {
				t.Errorf("got  %v\nwant %q in it and no secret", err, row.says)
			}
			if said.String() != row.stderr {
				t.Errorf("stderr: got %q\nwant %q", said.String(), row.stderr)
			}
		})
	}
}

func TestPipe(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("needs /proc/self/fd")
	}
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	defer w.Close()
	name := fmt.Sprintf("/proc/self/fd/%d", r.Fd())
	o := alone(Options{PasswordFile: name, timeouts: timeouts{file: 50 * time.Millisecond}})
	if _, _, err := Find(t.Context(), o, testUser, testHost); err == nil || !strings.Contains(err.Error(), "within 50ms") {
		t.Errorf("a pipe that nobody writes to: got %v", err)
	}
}

func TestProcessSubstitution(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("needs /proc/self/fd")
	}
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	fmt.Fprintln(w, "from a pipe")
	w.Close()
	o := alone(Options{PasswordFile: fmt.Sprintf("/proc/self/fd/%d", r.Fd())})
	c, _, err := Find(t.Context(), o, testUser, testHost)
	if err != nil {
		t.Fatal(err)
	}
	if got := shown(t, c); got != "from a pipe" {
		t.Errorf("got %q", got)
	}
}

func TestKeyringFails(t *testing.T) {
	for _, row := range []struct {
		name string
		ask  func(string, string) (string, error)
		says string
		is   error
	}{
		{"no entry", func(string, string) (string, error) { return "", keyring.ErrNotFound }, "no entry in the keyring", errNoEntry},
		{"no keyring", func(string, string) (string, error) { return "", keyring.ErrUnsupportedPlatform }, "no keyring", nil},
		{"no bus", func(string, string) (string, error) { return "", errors.New("exec: dbus-launch") }, "cannot be reached", nil},
		{"empty", func(string, string) (string, error) { return "", nil }, "it is empty", nil},
		{"locked", func(string, string) (string, error) { select {} }, "did not answer within 20ms", nil},
	} {
		t.Run(row.name, func(t *testing.T) {
			o := alone(Options{Keyring: true, keyringOf: row.ask, timeouts: timeouts{keyring: 20 * time.Millisecond}})
			_, _, err := Find(t.Context(), o, testUser, testHost)
			if err == nil || !strings.Contains(err.Error(), row.says) || row.is != nil && !errors.Is(err, row.is) {
				t.Errorf("got  %v\nwant %q in it", err, row.says)
			}
		})
	}
}
