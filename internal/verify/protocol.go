package verify

import (
	"context"
	"fmt"
	"net"

	"mailprobe/internal/probe"
	"mailprobe/internal/probe/imap"
	"mailprobe/internal/probe/pop3"
	"mailprobe/internal/probe/smtp"
	"mailprobe/internal/settings"
)

// A speaker is what a run can do in one protocol.
type speaker struct {
	probe func(context.Context, settings.Endpoint, probe.Options) *probe.Result     // the whole dialogue
	check func(context.Context, settings.Endpoint, probe.Options) *probe.Result     // of one mechanism
	open  func(context.Context, settings.Endpoint, probe.Options) (net.Conn, error) // to where TLS begins
}

// speaking is the one place where a protocol's name leads to its code. No
// server is contacted in a protocol that is not listed.
func speaking(p settings.Protocol) speaker {
	switch p {
	case settings.IMAP:
		return speaker{imap.Probe, imap.CheckMechanism, imap.Open}
	case settings.POP3:
		return speaker{pop3.Probe, pop3.CheckMechanism, pop3.Open}
	case settings.SMTP:
		return speaker{smtp.Probe, smtp.CheckMechanism, smtp.Open}
	}
	return speaker{refuse, refuse, func(_ context.Context, e settings.Endpoint, _ probe.Options) (net.Conn, error) {
		return nil, notSpoken(e)
	}}
}

// refuse stands for a dialogue in a protocol that nobody here speaks: its
// greeting fails, and nothing is looked up.
func refuse(ctx context.Context, e settings.Endpoint, opt probe.Options) *probe.Result {
	return probe.NewSession(e, opt).Run(ctx, []probe.Phase{
		{Name: probe.Greeting, Run: func(context.Context) error { return notSpoken(e) }},
	})
}

func notSpoken(e settings.Endpoint) error {
	return &probe.ProtocolError{Fault: probe.InternalDefect, Detail: fmt.Sprintf("unknown protocol %q", e.Protocol)}
}
