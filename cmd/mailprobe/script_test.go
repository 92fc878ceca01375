package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"mailprobe/internal/auth/source"
)

// TestMain makes the command out of the test program itself, so that scripts
// and tests can start it as a process, and ends the servers that tests share.
func TestMain(m *testing.M) {
	testscript.Main(allTests{m}, map[string]func(){"mailprobe": main, worldCommand: worldMain})
}

type allTests struct{ m *testing.M }

// Run keeps the secrets and habits of whoever runs the tests out of them.
func (s allTests) Run() int {
	home, err := os.MkdirTemp("", "mailprobe-test-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	for _, name := range []string{source.PasswordVariable, source.TokenVariable, "NETRC", "NO_COLOR", "COLUMNS", "LC_ALL", "LC_MESSAGES", "LANG"} {
		os.Unsetenv(name)
	}
	flag.Set("test.parallel", "8") // more than processors: nearly all the time is a wait for servers
	endAtOnce()
	os.Setenv("HOME", home)
	os.Setenv("XDG_STATE_HOME", home)
	code := s.m.Run()
	if err := errors.Join(servers.Close(), os.RemoveAll(home)); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return max(code, 1)
	}
	return code
}

// endAtOnce spares the commands that are started a wait: built with the race
// detector a program stays for a second before it ends, in case that something
// is seen late. Of a thousand commands this is a quarter of an hour.
func endAtOnce() {
	const options = "GORACE"
	if os.Getenv(options) == "" {
		os.Setenv(options, "atexit_sleep_ms=10")
	}
}

// The scripts' own account; @signin stands for the flags that use it.
const (
	scriptUser     = "me@example.test"
	scriptPassword = `correct "horse" \ 10%`
)

// TestScript runs the command as a user does. Beside testscript's own words
// the scripts know those of scriptwords_test.go.
func TestScript(t *testing.T) {
	t.Parallel()
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Cmds:                scriptWords(),
		Setup: func(env *testscript.Env) error {
			env.Values[boxKey{}] = &scriptBox{}
			return os.WriteFile(filepath.Join(env.WorkDir, "password"), []byte(scriptPassword+"\n"), 0o600)
		},
	})
}
