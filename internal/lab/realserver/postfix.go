package realserver

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"mailprobe/internal/settings"
)

// PostfixOptions says how a Postfix differs from the usual one.
type PostfixOptions struct {
	Dovecot  *Server // judges sign-ins, keeps the mail and lends its certificate; must outlive the Postfix
	HostName string  // in the greeting; empty: mail.test
	Extra    string  // lines of main.cf that override the usual ones
}

// StartPostfix starts a Postfix with a port for mail servers, submission with
// STARTTLS and submission with implicit TLS. It needs root. The error is
// ErrUnavailable if it cannot run here. Mail to the accounts' domains goes to
// the Dovecot; all other mail is taken from whoever signed in, and dropped.
func StartPostfix(ctx context.Context, o PostfixOptions) (*Server, error) {
	master, err := findPostfix(ctx)
	if err != nil {
		return nil, err
	}
	s := &Server{}
	if err := s.startPostfix(ctx, master, o); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

// findPostfix returns the path of Postfix's first process.
func findPostfix(ctx context.Context) (string, error) {
	postconf, err := program("postconf")
	if err != nil {
		return "", err
	}
	if os.Geteuid() != 0 {
		return "", fmt.Errorf("%w: Postfix runs as root only", ErrUnavailable)
	}
	daemons, err := exec.CommandContext(ctx, postconf, "-d", "-h", "daemon_directory").Output()
	if err != nil {
		return "", err
	}
	return filepath.Join(strings.TrimSpace(string(daemons)), "master"), nil
}

func (s *Server) startPostfix(ctx context.Context, master string, o PostfixOptions) (err error) {
	d := o.Dovecot
	s.dovecot, s.accounts, s.key, s.authority = d, d.accounts, d.key, d.authority
	if s.dir, err = makeDir(); err != nil {
		return err
	}
	s.logFile = filepath.Join(s.dir, "log")
	// The Dovecot's address: the certificate is the same.
	address := netip.MustParseAddr(d.endpoints[0].Host)
	ports, err := freePorts(address, 3)
	if err != nil {
		return err
	}
	s.endpoints = postfixEndpoints(address, ports)
	if err := s.writePostfix(o, ports); err != nil {
		return err
	}
	if err := makeQueue(s.dir); err != nil {
		return err
	}
	// -d keeps it in the foreground.
	s.process, err = startProcess(exec.Command(master, "-c", filepath.Join(s.dir, "config"), "-d"), s.dir)
	if err != nil {
		return err
	}
	return s.ready(ctx)
}

func postfixEndpoints(address netip.Addr, ports []uint16) []settings.Endpoint {
	var all []settings.Endpoint
	for i, security := range []settings.Security{settings.Plain, settings.StartTLS, settings.TLS} {
		all = append(all, settings.Endpoint{
			Protocol: settings.SMTP, Host: address.String(), Port: ports[i], Security: security})
	}
	return all
}

func (s *Server) writePostfix(o PostfixOptions, ports []uint16) (err error) {
	if o.HostName == "" {
		o.HostName = "mail.test"
	}
	values := map[string]any{
		"Dir": s.dir, "Dovecot": o.Dovecot.dir, "Address": s.endpoints[0].Host, "Ports": ports,
		"HostName": o.HostName, "Accounts": recipients(s.accounts), "Domains": domains(recipients(s.accounts)), "Extra": o.Extra,
	}
	files := map[string][]byte{}
	for _, name := range []string{"main.cf", "master.cf"} {
		if files["config/"+name], err = render(name, values); err != nil {
			return err
		}
	}
	if err := writeAll(s.dir, files); err != nil {
		return err
	}
	// Postfix waits two seconds for a file that was just written to settle.
	settled := time.Now().Add(-time.Minute)
	return os.Chtimes(filepath.Join(s.dir, "config", "main.cf"), settled, settled)
}

// makeQueue makes the folders that Postfix expects, with the owners it
// insists on.
func makeQueue(dir string) error {
	postfix, err := lookUp("postfix")
	if err != nil {
		return err
	}
	if err := ownedDir(filepath.Join(dir, "data"), postfix); err != nil {
		return err
	}
	queue := filepath.Join(dir, "queue")
	if err := os.MkdirAll(filepath.Join(queue, "pid"), 0o755); err != nil {
		return err
	}
	for _, name := range []string{
		"active", "bounce", "corrupt", "defer", "deferred", "flush", "hold", "incoming",
		"maildrop", "private", "public", "saved", "trace",
	} {
		if err := ownedDir(filepath.Join(queue, name), postfix); err != nil {
			return err
		}
	}
	return nil
}
