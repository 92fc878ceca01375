// Package lab is mail providers in a box: IMAP, POP3 and SMTP submission
// servers in this process, on loopback, that impersonate real hosts under
// their real names with certificates of a throw-away authority. Each server
// can have one fault, which really happens on the wire.
package lab

import (
	"context"
	"crypto/x509"
	"fmt"
	"sync"
	"time"

	"mailprobe/internal/lab/pki"
	"mailprobe/internal/settings"
)

// maxConns bounds the connections that are open at once, in the whole lab.
const maxConns = 256

// Options say what stands in the box.
type Options struct {
	Servers  []Server
	Accounts []Account
	CA       *pki.CA       // who signs the certificates; nil: a new one
	Slow     time.Duration // how late SlowGreeting greets; zero: 5 s

	// Delay returns how late a server greets, and how late it answers a
	// sign-in; it is asked each time. nil: at once.
	Delay func(settings.Endpoint) time.Duration
}

// A Server is one endpoint to impersonate.
type Server struct {
	Endpoint settings.Endpoint
	Fault    Fault
	Username settings.Template // the form of user name that is accepted; empty: the address, its local part, and both parts with . or % between
}

// Servers returns working servers for endpoints. Where two endpoints share a
// host and port, the first counts.
func Servers(endpoints ...settings.Endpoint) []Server {
	var list []Server
	seen := make(map[string]bool)
	for _, e := range endpoints {
		if !seen[e.Address()] {
			seen[e.Address()] = true
			list = append(list, Server{Endpoint: e})
		}
	}
	return list
}

// A Lab is a running box. Its methods are safe for concurrent use.
type Lab struct {
	servers []*server
	accounts
	ca    *pki.CA
	slow  time.Duration
	delay func(settings.Endpoint) time.Duration
	imap  *imapService
	smtp  *smtpService
	ctx   context.Context // ends with Close
	stop  context.CancelFunc
	tasks sync.WaitGroup
	conns connSet
	once  sync.Once

	triedMu sync.Mutex
	tried   []settings.Endpoint // where sign-ins were tried
}

// Start makes the certificates, listens on a port of 127.0.0.1 for each
// server, and serves until ctx ends or Close is called. The error names the
// server that cannot be had: a fault that does not fit its endpoint, a host
// and port that occur twice.
func Start(ctx context.Context, o Options) (*Lab, error) {
	if o.CA == nil {
		ca, err := pki.NewCA("mailprobe lab")
		if err != nil {
			return nil, err
		}
		o.CA = ca
	}
	l := &Lab{ca: o.CA, slow: o.Slow, delay: o.Delay, accounts: newAccounts(o.Accounts)}
	if l.slow == 0 {
		l.slow = 5 * time.Second
	}
	l.ctx, l.stop = context.WithCancel(ctx)
	l.imap, l.smtp = newIMAPService(), newSMTPService()
	l.tasks.Go(l.imap.serve)
	l.tasks.Go(l.smtp.serve)
	if err := l.open(o.Servers); err != nil {
		l.Close()
		return nil, err
	}
	context.AfterFunc(l.ctx, func() { l.once.Do(l.end) })
	return l, nil
}

func (l *Lab) open(list []Server) error {
	leaves := newLeaves(l.ca)
	seen := make(map[string]bool)
	for _, config := range list {
		address := config.Endpoint.Address()
		if seen[address] {
			return fmt.Errorf("%s is there twice", address)
		}
		seen[address] = true
		if !config.Fault.Fits(config.Endpoint) {
			return fmt.Errorf("fault %q does not fit %s", config.Fault, config.Endpoint)
		}
		s := &server{Server: config, lab: l}
		if err := s.listen(leaves); err != nil {
			return fmt.Errorf("%s: %w", config.Endpoint, err)
		}
		l.servers = append(l.servers, s)
		if s.listener != nil {
			l.tasks.Go(s.accept)
		}
	}
	return nil
}

// Close stops listening, closes every connection and returns when all has
// ended. It may be called more than once.
func (l *Lab) Close() error {
	l.stop()
	l.once.Do(l.end)
	l.tasks.Wait()
	return nil
}

// end lets go of everything that a goroutine of the lab may be waiting for.
func (l *Lab) end() {
	for _, s := range l.servers {
		s.close()
	}
	l.conns.closeAll()
	l.imap.Close()
	l.smtp.Close()
}

// CAPool returns the pool that vouches for the lab and for nothing else.
func (l *Lab) CAPool() *x509.CertPool { return l.ca.Pool() }

// CAPEM returns the lab's authority as a file for --cacert.
func (l *Lab) CAPEM() []byte { return l.ca.PEM() }
