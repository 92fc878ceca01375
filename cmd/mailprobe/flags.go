package main

import (
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"time"

	"github.com/spf13/pflag"

	"mailprobe/internal/auth"
	"mailprobe/internal/dnsclient"
	"mailprobe/internal/probe"
	"mailprobe/internal/report"
	"mailprobe/internal/safe"
	"mailprobe/internal/settings"
)

// runFlags are the flags of every command that verifies.
type runFlags struct {
	set *pflag.FlagSet // where they are registered

	user, username string
	auth           string
	checkMechs     bool
	tryForms       bool
	secrets        secretFlags
	oauth          oauthFlags
	certificate    certificateFlags
	send           sendFlags

	only                  []string
	resolve, connectTo    []string
	ipv4, ipv6            bool
	dnsServer             string
	ehlo                  string
	cacert                string
	addCacert             []string
	timeout, phaseTimeout time.Duration
	ends                  time.Time // when the whole run is over; see start
	tls                   tlsFlags
	look                  lookFlags

	output         []string
	json           bool
	transcript     bool
	strict         bool
	noColor        bool
	quiet, verbose bool
}

func (f *runFlags) register(set *pflag.FlagSet) {
	f.set = set
	set.StringVarP(&f.user, "user", "u", "", "sign in as this `ADDRESS`, such as me@example.com")
	set.StringVar(&f.username, "username", "", "the user `NAME` to send, where it is not the one that the provider documents")
	set.StringSliceVar(&f.only, "only", nil, "verify these protocols only: imap, pop3, smtp")
	set.StringVar(&f.auth, "auth", "auto", "`MECHANISM` to sign in by: auto, none, or a name such as PLAIN; LOGIN-COMMAND, USER and APOP are the commands of IMAP and POP3, LOGIN is what the server has of both")
	set.BoolVar(&f.checkMechs, "check-mechanisms", false, "start each announced sign-in method and cancel it, without any password")
	set.StringArrayVar(&f.resolve, "resolve", nil, "`HOST:PORT:ADDR[,ADDR]` use these addresses for the host, as curl does")
	set.StringArrayVar(&f.connectTo, "connect-to", nil, "`HOST:PORT:HOST2:PORT2` connect there instead, as curl does")
	set.StringVar(&f.cacert, "cacert", "", "trust the authorities in this PEM `FILE` instead of the system's")
	set.StringArrayVar(&f.addCacert, "add-cacert", nil, "trust the authorities in this PEM `FILE` as well as the system's")
	set.BoolVarP(&f.ipv4, "ipv4", "4", false, "use IPv4 only")
	set.BoolVarP(&f.ipv6, "ipv6", "6", false, "use IPv6 only")
	set.StringVar(&f.dnsServer, "dns-server", "", "`HOST[:PORT]` of the DNS server to ask why a name has no address, and for MX records")
	set.StringVar(&f.ehlo, "ehlo", "", "the `NAME` to give to SMTP servers, such as host.example.com (default: this computer's address in brackets)")
	f.timeout = 90 * time.Second
	set.Var(timeSpan{&f.timeout}, "timeout", "limit for the whole run, all targets together, such as 90s; a bare number is seconds")
	set.Var(timeSpan{&f.phaseTimeout}, "phase-timeout", "limit for each phase (default 45s, 15s to look up and 8s to connect; at most two thirds of what is left of --timeout)")
	set.StringArrayVarP(&f.output, "output", "o", nil, "`FORMAT[=FILE]` write this format ("+strings.Join(report.Formats(), ", ")+"); may be repeated")
	set.BoolVar(&f.json, "json", false, "the same as -o json")
	set.BoolVar(&f.transcript, "transcript", false, "show the whole dialogue, without secrets")
	set.BoolVar(&f.strict, "strict", false, "let warnings fail the run")
	set.BoolVar(&f.noColor, "no-color", false, "no colour (also by the variable NO_COLOR)")
	set.BoolVarP(&f.quiet, "quiet", "q", false, "the answer only")
	set.BoolVarP(&f.verbose, "verbose", "v", false, "phases, capabilities and certificates as well")
	set.BoolVar(&f.tryForms, "try-username-forms", false, "after a refused sign-in try the other form of the user name once: whole address or part before @ (a second failed sign-in if the password is wrong)")
	f.send.register(set)
	f.secrets.register(set)
	f.tls.register(set)
	f.look.register(set)
	f.oauth.register(set)
	set.StringVar(&f.certificate.file, "cert", "", "the client certificate to show, a PEM `FILE`; without another secret it signs in by EXTERNAL")
	set.StringVar(&f.certificate.key, "key", "", "the private key of --cert, a PEM `FILE`")
}

// check finds contradictions before anything is dialled.
func (f *runFlags) check() error {
	if err := f.checkEmpty(); err != nil {
		return err
	}
	if f.ipv4 && f.ipv6 {
		return errors.New("-4 and -6 exclude each other; leave out both to test both")
	}
	for _, p := range f.only {
		if !slices.Contains(settings.Protocols(), settings.Protocol(p)) {
			return fmt.Errorf("--only %q: no such protocol; there are imap, pop3 and smtp", p)
		}
	}
	if err := f.checkUser(); err != nil {
		return err
	}
	if err := checkEHLO(f.ehlo); err != nil {
		return err
	}
	return f.checkMechanism()
}

// checkEmpty refuses a value that is given and empty: it was meant to be one,
// such as that of a variable that is not set.
func (f *runFlags) checkEmpty() (err error) {
	f.set.Visit(func(given *pflag.Flag) {
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

// noSignIn reports whether the user wants no sign-in.
func (f *runFlags) noSignIn() bool { return strings.EqualFold(f.auth, "none") }

// checkEHLO takes a host name or an address in brackets (RFC 5321 §4.1.3).
func checkEHLO(name string) error {
	if name == "" {
		return nil
	}
	inside, bracketed := strings.CutPrefix(name, "[")
	if bracketed {
		inside = strings.TrimPrefix(strings.TrimSuffix(inside, "]"), "IPv6:")
		if _, err := netip.ParseAddr(inside); err == nil && strings.HasSuffix(name, "]") {
			return nil
		}
	} else if host, err := settings.Host(name); err == nil && !strings.ContainsAny(host, ":") {
		return nil
	}
	return fmt.Errorf("--ehlo %s: write a host name such as host.example.com, or an address in brackets such as [192.0.2.1]", safe.Display(name))
}

func (f *runFlags) checkMechanism() error {
	name, all := auth.MechanismName(f.auth), waysToSignIn()
	if name == "" || name == "NONE" || slices.Contains(all, name) {
		return nil
	}
	return fmt.Errorf("--auth %s: this program does not know that mechanism; it knows auto, none, %s", f.auth, strings.Join(all, ", "))
}

// waysToSignIn returns what can be demanded by --auth beside auto and none.
func waysToSignIn() []string { return append(auth.Mechanisms(), auth.Commands()...) }

// options turns the flags into what the probes understand.
func (f *runFlags) options() (probe.Options, error) {
	o := probe.Options{Mechanism: f.auth, EHLO: f.ehlo, Transcript: f.transcript}
	o.Timeouts.Phase, o.Timeouts.SignIn = f.phaseTimeout, f.phaseTimeout
	switch {
	case f.ipv4:
		o.Family = probe.IPv4Only
	case f.ipv6:
		o.Family = probe.IPv6Only
	}
	if err := f.overrides(&o.Overrides); err != nil {
		return o, err
	}
	dns, err := f.dns()
	if err != nil {
		return o, err
	}
	if dns != nil {
		o.DNS = dns
	}
	f.tls.apply(&o.TLS)
	if o.TLS.ClientCert, err = f.certificate.load("--cert"); err != nil {
		return o, err
	}
	o.TLS.System, err = f.roots()
	return o, err
}

// dns returns the client that asks a DNS server directly; nil: this system
// names no server, and less can be said.
func (f *runFlags) dns() (*dnsclient.Client, error) {
	c, err := dnsclient.New(dnsclient.Options{Server: f.dnsServer})
	var none *dnsclient.NoServerError
	if errors.As(err, &none) {
		return nil, nil
	}
	return c, err
}

func (f *runFlags) overrides(o *probe.Overrides) error {
	for _, text := range f.resolve {
		rule, err := probe.ParseResolve(text)
		if err != nil {
			return err
		}
		o.Resolve = append(o.Resolve, rule)
	}
	for _, text := range f.connectTo {
		rule, err := probe.ParseConnectTo(text)
		if err != nil {
			return err
		}
		o.ConnectTo = append(o.ConnectTo, rule)
	}
	return nil
}
