package main

import (
	"strings"
	"testing"

	"mailprobe/internal/oauth/idptest"
)

func TestUsernameForms(t *testing.T) {
	for _, row := range []struct {
		name    string
		args    []string
		refused int
		stderr  string
	}{
		{"not asked for", nil, 1, ""},
		{"asked for", []string{"--try-username-forms"}, 2, "that is a second failed sign-in\n"},
		{"with a name by hand", []string{"--try-username-forms", "--username", "x"}, 0, "leave --username out"},
	} {
		t.Run(row.name, func(t *testing.T) {
			c := newCommand(t, idptest.Options{})
			b := newBox(t, "a-token-of-the-lab")
			wrong := write(t, "token", []byte("another-token"))
			_, _, stderr := c.run(append(append([]string{"office365", "--user", loginUser, "--token-file", wrong}, row.args...), b.flags...)...)
			if got := b.Total().SignIns(); got != row.refused || !strings.Contains(stderr, row.stderr) {
				t.Errorf("got  %d sign-ins, %q\nwant %d, %q", got, stderr, row.refused, row.stderr)
			}
		})
	}
}
