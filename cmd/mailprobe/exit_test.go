package main

import (
	"strings"
	"testing"

	"mailprobe/internal/oauth/idptest"
)

// Whatever an error quotes, it gives no orders to a terminal or a build service,
// and what was made harmless before is not changed again.
func TestErrorsAreHarmless(t *testing.T) {
	for _, row := range []struct{ in, want string }{
		{"plain", "plain"},
		{"The provider said: ##vso[task.setvariable]x", `The provider said: #\#vso[task.setvariable]x`},
		{"::error::boo", "::error::boo"},
		{"one\n::error::two", "one\n" + `:\:error::two`},
		{"\x1b[2J\u202ex", `\x1b[2J\u202ex`},
		{`#\#vso[ \x1b DOMAIN\user C:\new`, `#\#vso[ \x1b DOMAIN\user C:\new`},
	} {
		if got := harmless(row.in); got != row.want {
			t.Errorf("%q\n got %q\nwant %q", row.in, got, row.want)
		}
	}
}

// What the user has typed comes back in usage errors.
func TestUsageErrorsAreHarmless(t *testing.T) {
	c := newCommand(t, idptest.Options{})
	for _, args := range [][]string{
		{"##vso[task.complete]x"}, {"::error::x"}, {"gmail", "--timeout", "##vso[x"}, {"gmail", "--\x1b[2Jx"}, {"gmail", "-o", "##[group]x"},
		{"explain", "--protocol", "##vso[x", "y"}, {"login", "##vso[x"}, {"gmail", "--resolve", "##vso[x"}, {"gmail", "--cacert", "##vso[\x1b"},
	} {
		_, _, stderr := c.run(args...)
		if stderr == "" || strings.Contains(stderr, "##") || strings.Contains(stderr, "\x1b") || strings.HasPrefix(stderr, "::") || strings.Contains(stderr, "\n::") {
			t.Errorf("%q\n got %q", args, stderr)
		}
	}
}

// What an OAuth2 server says of a refusal is quoted.
func TestRefusalsAreHarmless(t *testing.T) {
	c := newCommand(t, idptest.Options{AuthError: "##vso[task.complete]", Description: "x ##vso[task.setvariable]y\x1b[2J"})
	_, _, stderr := c.run("login", "gmail", "--user", loginUser, "--client-id", loginClient, "--browser")
	if !strings.Contains(stderr, `#\#vso[task.setvariable]y`) || strings.Contains(stderr, "##") || strings.Contains(stderr, "\x1b") {
		t.Errorf("got %q", stderr)
	}
}
