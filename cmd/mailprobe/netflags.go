package main

import (
	"crypto/x509"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/spf13/pflag"

	"mailprobe/internal/dnsclient"
	"mailprobe/internal/oauth"
	"mailprobe/internal/probe"
	"mailprobe/internal/target"
)

// netFlags are the flags of every command that dials: the way to the servers,
// whom to trust there, and how long.
type netFlags struct {
	set *pflag.FlagSet // where they are registered

	resolve, connectTo []string
	ipv4, ipv6         bool
	dnsServer          string
	cacert             string
	addCacert          []string
	timeout            time.Duration // 0: no limit
	ends               time.Time     // when the whole run is over; see begin
}

func (f *netFlags) register(set *pflag.FlagSet) {
	f.set = set
	set.StringArrayVar(&f.resolve, "resolve", nil, "`HOST:PORT:ADDR[,ADDR]` use these addresses for the host, as curl does")
	set.StringArrayVar(&f.connectTo, "connect-to", nil, "`HOST:PORT:HOST2:PORT2` connect there instead, as curl does")
	set.StringVar(&f.cacert, "cacert", "", "trust the authorities in this PEM `FILE` instead of the system's")
	set.StringArrayVar(&f.addCacert, "add-cacert", nil, "trust the authorities in this PEM `FILE` as well as the system's")
	set.BoolVarP(&f.ipv4, "ipv4", "4", false, "use IPv4 only")
	set.BoolVarP(&f.ipv6, "ipv6", "6", false, "use IPv6 only")
	set.StringVar(&f.dnsServer, "dns-server", "", "`HOST[:PORT]` of the DNS server to ask why a name has no address, and for MX records")
}

// registerTimeout registers --timeout; standard is its default, 0 none.
func (f *netFlags) registerTimeout(set *pflag.FlagSet, standard time.Duration, usage string) {
	f.timeout = standard
	set.Var(timeSpan{&f.timeout}, "timeout", usage)
}

// check finds contradictions before anything is dialled.
func (f *netFlags) check() error {
	if err := checkEmpty(f.set); err != nil {
		return err
	}
	if f.ipv4 && f.ipv6 {
		return errors.New("-4 and -6 exclude each other; leave out both to test both")
	}
	return nil
}

// checkEmpty refuses a value that is given and empty: it was meant to be one,
// such as that of a variable that is not set.
func checkEmpty(set *pflag.FlagSet) (err error) {
	set.Visit(func(given *pflag.Flag) {
		empty := given.Value.Type() == "string" && given.Value.String() == ""
		if list, ok := given.Value.(pflag.SliceValue); ok {
			empty = len(list.GetSlice()) == 0 || slices.Contains(list.GetSlice(), "")
		}
		if err == nil && empty {
			err = fmt.Errorf("--%s is empty; give it a value, or leave it out", given.Name)
		}
	})
	return err
}

// way turns the flags into where connections go.
func (f *netFlags) way() (w probe.Way, err error) {
	switch {
	case f.ipv4:
		w.Family = probe.IPv4Only
	case f.ipv6:
		w.Family = probe.IPv6Only
	}
	for _, text := range f.resolve {
		rule, err := probe.ParseResolve(text)
		if err != nil {
			return w, err
		}
		w.Overrides.Resolve = append(w.Overrides.Resolve, rule)
	}
	for _, text := range f.connectTo {
		rule, err := probe.ParseConnectTo(text)
		if err != nil {
			return w, err
		}
		w.Overrides.ConnectTo = append(w.Overrides.ConnectTo, rule)
	}
	return w, nil
}

// roots returns the authorities to trust; nil: the operating system's.
func (f *netFlags) roots() (*x509.CertPool, error) {
	if f.cacert == "" && len(f.addCacert) == 0 {
		return nil, nil
	}
	pool := x509.NewCertPool()
	if f.cacert != "" {
		if err := addAuthorities(pool, "--cacert", f.cacert); err != nil {
			return nil, err
		}
	} else if system, err := x509.SystemCertPool(); err == nil {
		pool = system
	}
	for _, file := range f.addCacert {
		if err := addAuthorities(pool, "--add-cacert", file); err != nil {
			return nil, err
		}
	}
	return pool, nil
}

// dns returns the client that asks a DNS server directly; nil: this system
// names no server, and less can be said.
func (f *netFlags) dns() (*dnsclient.Client, error) {
	c, err := dnsclient.New(dnsclient.Options{Server: f.dnsServer})
	var none *dnsclient.NoServerError
	if errors.As(err, &none) {
		return nil, nil
	}
	return c, err
}

// transport returns the way of sign-ins by OAuth2.
func (f *netFlags) transport(a *app) (http.RoundTripper, error) {
	if a.transport != nil {
		return a.transport, nil
	}
	way, err := f.way()
	if err != nil {
		return nil, err
	}
	roots, err := f.roots()
	return oauth.NewTransport(way.DialContext, roots), err
}

// resolver understands what a user types.
func (f *netFlags) resolver(a *app) (target.Resolver, error) {
	r := target.Resolver{Catalogue: a.providers}
	dns, err := f.dns()
	if dns != nil {
		r.MX = dns
	}
	return r, err
}
