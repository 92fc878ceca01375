package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/pflag"

	"mailprobe/internal/auth"
	"mailprobe/internal/document"
	"mailprobe/internal/probe"
	"mailprobe/internal/report"
	"mailprobe/internal/settings"
)

// runFlags are the flags of every command that verifies.
type runFlags struct {
	user, username string
	auth           string
	checkMechs     bool
	tryForms       bool
	secrets        secretFlags
	oauth          oauthFlags
	grant          grantFlags
	certificate    certificateFlags
	send           sendFlags

	netFlags
	only         []string
	ehlo         string
	phaseTimeout time.Duration
	tls          tlsFlags
	look         lookFlags
	published    publishedFlags
	results      resultFlags

	output         []string
	ofFiles        bool // the targets may be files of settings
	json           bool
	baseline       baselineFlags
	suite          *document.Suite // that is run; nil: there is none
	transcript     bool
	strict         bool
	noColor        bool
	plain          bool
	quiet, verbose bool
}

func (f *runFlags) register(set *pflag.FlagSet) {
	set.StringVarP(&f.user, "user", "u", "", "sign in as this `ADDRESS`, such as me@example.com")
	set.StringVar(&f.username, "username", "", "the user `NAME` to send, where it is not the one that the provider documents")
	set.StringSliceVar(&f.only, "only", nil, "verify these `PROTOCOLS` only: imap, pop3, smtp")
	set.StringVar(&f.auth, "auth", "auto", "`MECHANISM` to sign in by: auto, none, or a name such as PLAIN; LOGIN-COMMAND, USER and APOP are the commands of IMAP and POP3, LOGIN is what the server has of both")
	set.BoolVar(&f.checkMechs, "check-mechanisms", false, "start each announced sign-in method and cancel it, without any password")
	f.netFlags.register(set)
	set.StringVar(&f.ehlo, "ehlo", "", "the `NAME` to give to SMTP servers, such as host.example.com (default: this computer's address in brackets)")
	f.registerTimeout(set, 90*time.Second, "limit for the whole run, all targets together, such as 90s; a bare number is seconds")
	set.Var(timeSpan{&f.phaseTimeout}, "phase-timeout", "limit for each phase (default 45s, 15s to look up and 8s to connect; at most two thirds of what is left of --timeout)")
	formats := report.Formats()
	if f.ofFiles {
		formats = report.FileFormats()
	}
	f.registerOutput(set, strings.Join(formats, ", ")+"; run also"+besideThese(report.SuiteFormats(), report.Formats()))
	set.BoolVar(&f.tryForms, "try-username-forms", false, "after a refused sign-in try the other form of the user name once: whole address or part before @ (a second failed sign-in if the password is wrong)")
	f.send.register(set)
	f.secrets.register(set)
	f.tls.register(set)
	f.look.register(set)
	f.published.register(set)
	set.BoolVar(&f.published.compare, "compare", false, "show side by side what each source of a domain's settings says, and whether it works")
	set.StringVar(&f.published.since, "only-changed", "", "verify only files of settings that are not as in this `COMMIT`, by Git; for pull requests")
	set.BoolVar(&f.published.redundant, "redundant", false, "name the files of settings whose domains publish the same themselves; no mail server is dialled")
	f.results.register(set)
	set.StringVar(&f.published.expect, "expect", "", "the `PROVIDER` to which all that the domain publishes should point; what points elsewhere is an error")
	f.oauth.register(set)
	f.grant.register(set)
	set.StringVar(&f.certificate.file, "cert", "", "the client certificate to show, a PEM `FILE`; without another secret it signs in by EXTERNAL")
	set.StringVar(&f.certificate.key, "key", "", "the private key of --cert, a PEM `FILE`")
}

// besideThese lists those of all names that are not among some, each behind a
// blank.
func besideThese(all, some []string) (list string) {
	for _, name := range all {
		if !slices.Contains(some, name) {
			list += " " + name
		}
	}
	return list
}

// registerOutput registers the flags that say what is written, in formats that
// are listed.
func (f *runFlags) registerOutput(set *pflag.FlagSet, formats string) {
	set.StringArrayVarP(&f.output, "output", "o", nil, "`FORMAT[=FILE]` write this format ("+formats+"); may be repeated")
	set.BoolVar(&f.json, "json", false, "the same as -o json")
	f.baseline.register(set)
	set.BoolVar(&f.transcript, "transcript", false, "show the whole dialogue, without secrets")
	set.BoolVar(&f.strict, "strict", false, "let warnings fail the run")
	set.BoolVar(&f.noColor, "no-color", false, "no colour (also by the variable NO_COLOR)")
	set.BoolVar(&f.plain, "plain", false, "whole sentences in order, without columns, as screen readers want them")
	set.BoolVarP(&f.quiet, "quiet", "q", false, "the answer only, on one line")
	set.BoolVarP(&f.verbose, "verbose", "v", false, "phases, capabilities and certificates as well")
}

// check finds contradictions before anything is dialled.
func (f *runFlags) check() error {
	if f.quiet && f.verbose {
		return errors.New("-q says less and -v says more; take one of them")
	}
	if err := f.netFlags.check(); err != nil {
		return err
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
	if err := f.grant.check(); err != nil {
		return err
	}
	return f.checkMechanism()
}

// noSignIn reports whether the user wants no sign-in.
func (f *runFlags) noSignIn() bool { return strings.EqualFold(f.auth, "none") }

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
	way, err := f.way()
	if err != nil {
		return o, err
	}
	o.Family, o.Overrides = way.Family, way.Overrides
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
