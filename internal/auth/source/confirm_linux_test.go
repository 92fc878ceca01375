package source

import (
	"context"
	"errors"
	"os"
	"testing"
)

func TestConfirm(t *testing.T) {
	for typed, want := range map[string]bool{"y\n": true, " Yes\n": true, "\n": false, "n\n": false, "yellow\n": false, "\x04": false} {
		user, name := terminal(t)
		go func() {
			readUntil(t, user, "Go on? [y/N] ")
			if _, err := user.WriteString(typed); err != nil {
				t.Error(err)
			}
		}()
		got, err := alone(Options{tty: opener(name)}).Confirm(t.Context(), "Go on?")
		if got != want || err != nil {
			t.Errorf("%q\ngot  %v, %v\nwant %v", typed, got, err, want)
		}
	}
}

func TestConfirmWithNobody(t *testing.T) {
	_, name := terminal(t)
	notOne := func() (*os.File, error) { return os.Open(os.DevNull) }
	for why, o := range map[string]Options{
		"no terminal": {}, "something else": {tty: notOne}, "not to be asked": {tty: opener(name), NoPrompt: true},
	} {
		if got, err := alone(o).Confirm(t.Context(), "Go on?"); got || !errors.Is(err, ErrNobody) {
			t.Errorf("%s\ngot  %v, %v\nwant %v", why, got, err, ErrNobody)
		}
	}
}

func TestConfirmInterrupted(t *testing.T) {
	user, name := terminal(t)
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		readUntil(t, user, "[y/N] ")
		cancel()
	}()
	if got, err := alone(Options{tty: opener(name)}).Confirm(ctx, "Go on?"); got || !errors.Is(err, context.Canceled) {
		t.Errorf("got  %v, %v\nwant %v", got, err, context.Canceled)
	}
}
