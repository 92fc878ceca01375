package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"mailprobe/internal/oauth/idptest"
)

// tokenFile writes an access token with claims to a file.
func tokenFile(t *testing.T, claims map[string]any) (name, token string) {
	t.Helper()
	token = idptest.JWT([]byte("key"), claims)
	name = filepath.Join(t.TempDir(), "token")
	if err := os.WriteFile(name, []byte(token), 0o600); err != nil {
		t.Fatal(err)
	}
	return name, token
}

// TestTokenIsExplained holds a run against what it says of a token that is
// bound to fail, and an expired one against being sent at all.
func TestTokenIsExplained(t *testing.T) {
	for _, row := range []struct {
		name   string
		claims map[string]any
		want   string
		tries  int
		status int
	}{
		{"expired", map[string]any{"exp": time.Now().Add(-3*time.Minute - 5*time.Second).Unix()}, "expired 3 minutes ago; it was not sent", 0, exitFails},
		{"for Graph", map[string]any{"exp": time.Now().Add(time.Hour).Unix(), "aud": "https://graph.microsoft.com"},
			"This access token is for graph.microsoft.com; IMAP needs one for outlook.office.com.", 3, exitFails},
	} {
		t.Run(row.name, func(t *testing.T) {
			c := newCommand(t, idptest.Options{})
			b := newBox(t, "the-token-that-is-right")
			file, token := tokenFile(t, row.claims)
			status, stdout, stderr := c.run(append([]string{"office365", "--user", loginUser, "--token-file", file, "-v", "--transcript"}, b.flags...)...)
			if words := strings.Join(strings.Fields(strings.ReplaceAll(stdout, "│", " ")), " "); status != row.status || !strings.Contains(words, row.want) {
				t.Errorf("got  %d %s %s\nwant %d %q", status, stdout, stderr, row.status, row.want)
			}
			if got := b.Total().SignIns(); got != row.tries {
				t.Errorf("sign-ins\ngot  %d\nwant %d", got, row.tries)
			}
			if strings.Contains(stdout+stderr, token) || strings.Contains(stdout+stderr, strings.Split(token, ".")[2]) {
				t.Error("got  the token in the output\nwant none of it")
			}
		})
	}
}
