package realserver

import (
	"bufio"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"slices"
	"strings"
	"testing"
)

// markerUser is who the markers sign in as; no account has that name.
const markerUser = "marker"

// Log returns the server's own log. Dovecot's is complete up to now;
// Postfix's last lines may be missing.
func (s *Server) Log(t testing.TB) string {
	t.Helper()
	if s.dovecot == s {
		if err := s.mark(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	text, err := os.ReadFile(s.logFile)
	if err != nil && !errors.Is(err, fs.ErrNotExist) { // nothing was logged yet
		t.Fatal(err)
	}
	return string(text)
}

// FailedLogins returns how many sign-ins as user the server has refused since
// it started; an empty user counts them all. Those at a Postfix count at its
// Dovecot, which judges them, and the other way round.
func (s *Server) FailedLogins(t testing.TB, user string) int {
	t.Helper()
	n := 0
	for line := range strings.Lines(s.dovecot.Log(t)) {
		_, reply, failed := strings.Cut(line, "client passdb out: FAIL\t")
		fields := strings.Split(strings.TrimSpace(reply), "\t")
		switch {
		case !failed || slices.Contains(fields, "user="+markerUser):
		case user == "" || slices.Contains(fields, "user="+user):
			n++
		}
	}
	return n
}

// mark makes the log complete: it fails one sign-in under a name that was not
// used before and waits for its line. All lines about sign-ins come from one
// process in their order.
func (s *Server) mark(ctx context.Context) error {
	s.markers.Lock()
	defer s.markers.Unlock()
	s.marker++
	name := fmt.Sprintf("marker%d", s.marker)
	conn, err := (&net.Dialer{}).DialContext(ctx, "unix", s.socket("auth-open"))
	if err != nil {
		return err
	}
	defer conn.Close()
	// Dovecot's authentication protocol: version, process id, one request.
	response := base64.StdEncoding.EncodeToString([]byte("\x00" + markerUser + "\x00x"))
	_, err = fmt.Fprintf(conn, "VERSION\t1\t1\nCPID\t%d\nAUTH\t1\tPLAIN\tservice=%s\tresp=%s\n", os.Getpid(), name, response)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, startLimit)
	defer cancel()
	return s.process.await(ctx, func() bool { return s.logHas("service=" + name + "\t") })
}

func (s *Server) logHas(text string) bool {
	file, err := os.Open(s.logFile)
	if err != nil {
		return false
	}
	defer file.Close()
	for lines := bufio.NewScanner(file); lines.Scan(); {
		if strings.Contains(lines.Text(), text) {
			return true
		}
	}
	return false
}
