//go:build unix

package oauth

import (
	"context"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"

	"mailprobe/internal/oauth/idptest"
	"mailprobe/internal/settings"
)

const childVariable = "OAUTH_TEST_CHILD"

// TestChildRenews is what the processes of TestProcessesRenewOnce run.
func TestChildRenews(t *testing.T) {
	dir, url, ok := strings.Cut(os.Getenv(childVariable), "|")
	if !ok {
		t.Skip("runs as the child of another test")
	}
	oauth := &settings.OAuth{TokenURL: url + "/token"}
	c, err := New(Config{
		Provider: &settings.Provider{ID: "idptest", Name: "Test Provider", OAuth: oauth},
		User:     testUser, ClientID: "client-1", Store: NewFiles(dir),
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.Token(context.Background(), settings.IMAP); err != nil {
		t.Fatal(err)
	}
}

func TestProcessesRenewOnce(t *testing.T) {
	s := newIDP(t, idptest.Options{Rotate: true})
	dir := t.TempDir() + "/tokens"
	c := newClient(t, s, func(c *Config) { c.Store = NewFiles(dir) })
	signIn(t, c, 0)
	var wg sync.WaitGroup
	for range 3 {
		wg.Go(func() {
			cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestChildRenews$")
			cmd.Env = append(os.Environ(), childVariable+"="+dir+"|"+s.URL)
			if out, err := cmd.CombinedOutput(); err != nil {
				t.Errorf("%v: %s", err, out)
			}
		})
	}
	wg.Wait()
	if got, want := refreshes(s), 1; got != want {
		t.Errorf("refreshes %d\nwant      %d", got, want)
	}
}
