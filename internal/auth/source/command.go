package source

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strings"
	"time"
)

var errTooMuch = fmt.Errorf("the command printed more than %d KiB", maxContent>>10)

// command runs a command of the user and takes what it prints. What it says
// on its standard error is shown as it comes; its output never is.
func (o Options) command(line string) func(context.Context, account) (string, error) {
	return func(ctx context.Context, _ account) (string, error) {
		limit := orElse(o.timeouts.command, time.Minute)
		timed, cancel := context.WithTimeout(ctx, limit)
		defer cancel()

		out := output{over: cancel}
		cmd := shell(timed, line)
		cmd.Stdout, cmd.Stderr = &out, o.Stderr
		cmd.Env = withoutSecrets(os.Environ(), o.PasswordEnv, o.TokenEnv)
		endTogether(cmd)
		cmd.WaitDelay = time.Second // what was left running may keep the pipe open
		err := cmd.Run()
		switch {
		case ctx.Err() != nil:
			return "", ctx.Err()
		case out.full:
			return "", errTooMuch
		case timed.Err() != nil:
			return "", fmt.Errorf("the command did not end within %s", limit)
		case err != nil:
			return "", ended(err)
		}
		return out.buf.String(), nil
	}
}

func shell(ctx context.Context, line string) *exec.Cmd {
	if runtime.GOOS == "windows" {
		return exec.CommandContext(ctx, "cmd", "/C", line)
	}
	return exec.CommandContext(ctx, "sh", "-c", line)
}

// ended says how a command failed, without its text or output: both may hold
// the secret.
func ended(err error) error {
	var exit *exec.ExitError
	switch {
	case errors.As(err, &exit):
		return fmt.Errorf("the command failed (%s); its output is not shown, run it by hand to see it", exit.ProcessState)
	case errors.Is(err, exec.ErrWaitDelay):
		return errors.New("the command ended but left something running that holds its output open")
	}
	return fmt.Errorf("the command cannot be run: %w", err)
}

var secretVariables = []string{PasswordVariable, TokenVariable, ClientSecretVariable, RefreshTokenVariable}

// withoutSecrets returns environ without the variables that hold a secret, and
// without those that are named: the command needs none, and would hand it on.
func withoutSecrets(environ []string, secrets ...string) []string {
	secrets = append(secrets, secretVariables...)
	kept := make([]string, 0, len(environ))
	for _, pair := range environ {
		name, _, _ := strings.Cut(pair, "=")
		if !slices.ContainsFunc(secrets, func(secret string) bool { return strings.EqualFold(name, secret) }) {
			kept = append(kept, pair)
		}
	}
	return kept
}

// An output refuses what goes over maxContent, and tells so once. It does not
// embed its buffer, by whose ReadFrom io.Copy would go round Write.
type output struct {
	buf  bytes.Buffer
	full bool
	over func()
}

func (o *output) Write(p []byte) (int, error) {
	if o.buf.Len()+len(p) > maxContent {
		o.full = true
		o.over()
		return 0, errTooMuch
	}
	return o.buf.Write(p)
}
