package realserver

import (
	"bytes"
	"embed"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"net/netip"
	"os"
	"os/exec"
	"text/template"
)

// root holds the servers' folders. TMPDIR is not asked: it may be closed to
// the servers' users, or too long for the path of a Unix socket (108 bytes).
const root = "/tmp"

// makeDir makes a folder that every user may traverse.
func makeDir() (string, error) {
	dir, err := os.MkdirTemp(root, "mailprobe-")
	if err != nil {
		return "", err
	}
	return dir, os.Chmod(dir, 0o755)
}

// newAddress returns a random loopback address. With an address for each
// pair of servers nothing else can take a port between its release by
// freePorts and the server's start.
func newAddress() netip.Addr {
	octet := func() byte { return byte(1 + rand.IntN(254)) }
	return netip.AddrFrom4([4]byte{127, octet(), octet(), octet()})
}

// freePorts returns n free ports of an address.
func freePorts(address netip.Addr, n int) ([]uint16, error) {
	var ports []uint16
	for range n {
		l, err := net.Listen("tcp", netip.AddrPortFrom(address, 0).String())
		if err != nil {
			return nil, err
		}
		defer l.Close()
		ports = append(ports, l.Addr().(*net.TCPAddr).AddrPort().Port())
	}
	return ports, nil
}

// program finds a server's program, also where an ordinary user's PATH does
// not look.
func program(name string) (string, error) {
	path, err := exec.LookPath(name)
	if errors.Is(err, exec.ErrNotFound) {
		path, err = exec.LookPath("/usr/sbin/" + name)
	}
	if err != nil {
		return "", missing(name)
	}
	return path, nil
}

// missing is the error for something that one of Debian's packages has.
func missing(what string) error {
	return fmt.Errorf("%w: %s is not installed; the packages are dovecot-imapd, dovecot-pop3d, "+
		"dovecot-submissiond, dovecot-lmtpd, postfix and openssl", ErrUnavailable, what)
}

//go:embed config
var configFiles embed.FS

// render fills one configuration file with values.
func render(name string, values any) ([]byte, error) {
	t, err := template.ParseFS(configFiles, "config/"+name)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	err = t.Option("missingkey=error").Execute(&b, values)
	return b.Bytes(), err
}
