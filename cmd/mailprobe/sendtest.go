package main

import (
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/spf13/pflag"

	"mailprobe/internal/probe"
	"mailprobe/internal/settings"
	"mailprobe/internal/verify"
)

// sendFlags ask for a test message.
type sendFlags struct {
	ask  bool
	wait time.Duration
}

func (f *sendFlags) register(set *pflag.FlagSet) {
	set.BoolVar(&f.ask, "send-test", false, "after signing in send one message to the account itself, wait for it, and delete it again (a copy among the sent mail may stay)")
	f.wait = time.Minute
	set.Var(timeSpan{&f.wait}, "send-test-wait", "how long to wait for that message")
}

// testMessage gives a plan its test message, if one is asked for.
func (f *runFlags) testMessage(p *verify.Plan, who signIn) error {
	offers := func(protocol settings.Protocol) bool {
		return slices.ContainsFunc(p.Endpoints, func(s settings.Setting) bool { return s.Protocol == protocol })
	}
	reader := settings.IMAP
	if !offers(reader) {
		reader = settings.POP3
	}
	switch {
	case !f.send.ask:
		return nil
	case !strings.Contains(who.Address, "@") || p.Options.Credential == nil || f.noSignIn():
		return errors.New("--send-test signs in; add --user ADDRESS and a password or token, such as --password-command")
	case !offers(settings.SMTP) || !offers(reader):
		return errors.New("--send-test needs a server to send by, SMTP, and one to look for the message, IMAP or POP3; name both, such as submission://HOST imaps://HOST")
	}
	p.Options.Message = probe.NewTestMessage(who.Address, reader, f.send.wait)
	return nil
}
