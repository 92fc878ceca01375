package realserver_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-sasl"

	"mailprobe/internal/lab/realserver"
	"mailprobe/internal/settings"
)

// abandon names the environment variable that makes this program start a
// Dovecot and end without closing it.
const abandon = "REALSERVER_ABANDON"

// servers are shared by the tests that change nothing in them.
var servers realserver.Shared

func TestMain(m *testing.M) {
	if os.Getenv(abandon) != "" {
		abandonDovecot()
	}
	code := m.Run()
	if err := servers.Close(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	os.Exit(code)
}

func abandonDovecot() {
	s, err := realserver.StartDovecot(context.Background(), realserver.DovecotOptions{})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Println(s.Endpoint(settings.IMAP, settings.TLS).Address(), s.Dir())
	os.Exit(0)
}

// A test that panics or is killed runs no cleanup.
func TestAbandonedServerEnds(t *testing.T) {
	servers.Dovecot(t) // skips where there is none
	cmd := exec.CommandContext(t.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), abandon+"=1")
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	address, dir, _ := strings.Cut(strings.TrimSpace(string(out)), " ")
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for !gone(address, dir) {
		select {
		case <-tick.C:
		case <-ctx.Done():
			t.Fatalf("%s still answers or %s still exists", address, dir)
		}
	}
}

func TestCloseLeavesNothing(t *testing.T) {
	dovecot, err := realserver.StartDovecot(t.Context(), realserver.DovecotOptions{})
	if errors.Is(err, realserver.ErrUnavailable) {
		servers.Dovecot(t)
	}
	if err != nil {
		t.Fatal(err)
	}
	if err := dovecot.Close(); err != nil {
		t.Error(err)
	}
	if e := dovecot.Endpoint(settings.IMAP, settings.TLS); !gone(e.Address(), dovecot.Dir()) {
		t.Errorf("%s still answers or %s still exists", e, dovecot.Dir())
	}
}

func gone(address, dir string) bool {
	conn, err := net.Dial("tcp", address)
	if err == nil {
		conn.Close()
	}
	_, missing := os.Stat(dir)
	return err != nil && errors.Is(missing, fs.ErrNotExist)
}

func TestDelayFailures(t *testing.T) {
	s := realserver.Dovecot(t, realserver.DovecotOptions{DelayFailures: true})
	began := time.Now()
	if ok, reply := dial(t, s, s.Endpoint(settings.IMAP, settings.TLS)).signIn(sasl.NewPlainClient("", "alice@example.org", "wrong")); ok {
		t.Errorf("accepted a wrong password: %s", reply)
	}
	if got, want := time.Since(began), time.Second; got < want {
		t.Errorf("refused after:\n got %s\nwant %s or more", got, want)
	}
}

func TestBrokenConfiguration(t *testing.T) {
	servers.Dovecot(t) // skips where there is none
	_, err := realserver.StartDovecot(t.Context(), realserver.DovecotOptions{Extra: "no_such_setting = 1"})
	if err == nil || !strings.Contains(err.Error(), "no_such_setting") {
		t.Errorf("error:\n got %v\nwant the server's own words", err)
	}
	if errors.Is(err, realserver.ErrUnavailable) {
		t.Error("a broken configuration counts as a missing server")
	}
}
