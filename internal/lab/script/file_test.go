package script

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func writeDialogues(t *testing.T, text string) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "pop3-x.txt")
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

func TestRead(t *testing.T) {
	got, err := Read(writeDialogues(t, "# About.\n\n[one]\nsteps: ok -\nTLS\nS: +OK\n\n[two [2]]\nprotocol: smtp\nsecurity: starttls\nsteps: FAILED; 421\nverdict: unknown\nfinding: net.rate_limited\nauth: LOGIN\npassword: OK\ntoken: t\nS: 421 [later]\n"))
	want := []Dialogue{
		{Name: "one", Protocol: "pop3", Security: "tls", Steps: "ok -", Verdict: "works", Password: Password, Script: "TLS\nS: +OK"},
		{Name: "two [2]", Protocol: "smtp", Security: "starttls", Steps: "FAILED; 421", Verdict: "unknown", Finding: "net.rate_limited",
			Auth: "LOGIN", Password: "OK", Token: "t", Script: "S: 421 [later]"},
	}
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("got  %+v, %v\nwant %+v", got, err, want)
	}
}

func TestReadRefuses(t *testing.T) {
	for name, text := range map[string]string{
		"the name does not end": "[one\nTLS\n",
		"it is there already":   "[one]\nTLS\n\n[one]\nTLS\n",
		`"stepz:" is none`:      "[one]\nstepz: ok\nTLS\n",
	} {
		if _, err := Read(writeDialogues(t, text)); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("got  %v\nwant an error that says: %s", err, name)
		}
	}
	if _, err := Read("no such file"); err == nil {
		t.Error("got  no error\nwant one about the file")
	}
}
