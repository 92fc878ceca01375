package realserver

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"mailprobe/internal/settings"
)

// DovecotOptions says how a Dovecot differs from the usual one.
type DovecotOptions struct {
	Accounts   []Account // nil: DefaultAccounts
	Mechanisms []string  // SASL names; nil: defaultMechanisms
	HostNames  []string  // in the certificate, beside the address; nil: mail.test and localhost
	Extra      string    // lines of configuration that override the usual ones

	// Introspection is where Dovecot asks about tokens (RFC 7662), an http URL;
	// empty: it validates those of Server.Token by itself.
	Introspection string

	// DelayFailures makes a failed sign-in slow, and later ones from the same
	// address slower, as Dovecot does if it is not told otherwise.
	DelayFailures bool
}

// dovecotVersion is the one whose configuration is known: 2.4 has another
// language.
const dovecotVersion = "2.3."

// StartDovecot starts a Dovecot with IMAP, POP3, submission and LMTP, as root
// or as an ordinary user. The error is ErrUnavailable if it cannot run here.
func StartDovecot(ctx context.Context, o DovecotOptions) (*Server, error) {
	path, err := findDovecot(ctx)
	if err != nil {
		return nil, err
	}
	s := &Server{}
	if err := s.startDovecot(ctx, path, o.filled()); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

func (o DovecotOptions) filled() DovecotOptions {
	if o.Accounts == nil {
		o.Accounts = DefaultAccounts()
	}
	if o.Mechanisms == nil {
		o.Mechanisms = defaultMechanisms()
	}
	if o.HostNames == nil {
		o.HostNames = []string{"mail.test", "localhost"}
	}
	return o
}

// findDovecot returns the program if it is complete and of a known version.
func findDovecot(ctx context.Context) (string, error) {
	path, err := program("dovecot")
	if err != nil {
		return "", err
	}
	version, err := exec.CommandContext(ctx, path, "--version").Output()
	if err != nil {
		return "", err
	}
	if !strings.HasPrefix(string(version), dovecotVersion) {
		return "", fmt.Errorf("%w: Dovecot is %s, and only %sx has a configuration here",
			ErrUnavailable, strings.TrimSpace(string(version)), dovecotVersion)
	}
	doveconf, err := program("doveconf")
	if err != nil {
		return "", err
	}
	libexec, err := exec.CommandContext(ctx, doveconf, "-d", "-h", "libexec_dir").Output()
	if err != nil {
		return "", err
	}
	for _, part := range []string{"imap", "pop3", "submission", "lmtp"} {
		if _, err := os.Stat(filepath.Join(strings.TrimSpace(string(libexec)), part)); err != nil {
			return "", missing("Dovecot's " + part + " service")
		}
	}
	return path, nil
}

func (s *Server) startDovecot(ctx context.Context, path string, o DovecotOptions) (err error) {
	s.dovecot, s.accounts, s.key = s, o.Accounts, []byte("mailprobe token key, for tests only")
	if s.dir, err = makeDir(); err != nil {
		return err
	}
	s.logFile = filepath.Join(s.dir, "log")
	if s.relay, err = startRelay(s.socket("lmtp")); err != nil {
		return err
	}
	address := newAddress()
	ports, err := freePorts(address, 6)
	if err != nil {
		return err
	}
	s.endpoints = dovecotEndpoints(address, ports)
	if s.authority, err = newAuthority(); err != nil {
		return err
	}
	if err := s.authority.write(s.dir, append(slices.Clone(o.HostNames), address.String()), nil); err != nil {
		return err
	}
	if err := s.writeDovecot(o, ports); err != nil {
		return err
	}
	s.process, err = startProcess(exec.Command(path, "-F", "-c", filepath.Join(s.dir, "dovecot.conf")), s.dir)
	if err != nil {
		return err
	}
	return s.ready(ctx, s.socket("lmtp"), s.socket("auth-open"))
}

// socket returns the path of one of Dovecot's Unix sockets.
func (s *Server) socket(name string) string { return filepath.Join(s.dir, "run", name) }

func dovecotEndpoints(address netip.Addr, ports []uint16) []settings.Endpoint {
	var all []settings.Endpoint
	for i, p := range settings.Protocols() {
		all = append(all,
			settings.Endpoint{Protocol: p, Host: address.String(), Port: ports[2*i], Security: settings.StartTLS},
			settings.Endpoint{Protocol: p, Host: address.String(), Port: ports[2*i+1], Security: settings.TLS},
			settings.Endpoint{Protocol: p, Host: address.String(), Port: ports[2*i], Security: settings.Plain})
	}
	return all
}

// writeDovecot writes the configuration, the accounts and the mail folder.
func (s *Server) writeDovecot(o DovecotOptions, ports []uint16) error {
	owner, err := mailUser()
	if err != nil {
		return err
	}
	values := map[string]any{
		"Dir": s.dir, "Address": s.endpoints[0].Host, "Ports": ports, "RelayPort": s.relay.port,
		"HostName": o.HostNames[0], "Mechanisms": strings.ToLower(strings.Join(o.Mechanisms, " ")),
		"External": slices.Contains(o.Mechanisms, "EXTERNAL"), "DelayFailures": o.DelayFailures, "Extra": o.Extra,
		"Rootless": os.Geteuid() != 0, "MailUser": owner.name, "MailGroup": owner.group, "Issuer": issuer,
		"Introspection": o.Introspection,
	}
	files := map[string][]byte{
		"passwd":       passwordFile(o.Accounts),
		"passwordless": passwordlessFile(o.Accounts),
		keyName:        encodedKey(s.key),
	}
	for _, name := range []string{"dovecot.conf", "oauth2.conf"} {
		if files[name], err = render(name, values); err != nil {
			return err
		}
	}
	if err := writeAll(s.dir, files); err != nil {
		return err
	}
	return ownedDir(filepath.Join(s.dir, "mail"), owner)
}
