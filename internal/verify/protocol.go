package verify

import (
	"context"
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

// speaking is the one place where a protocol's name leads to its code.
func speaking(p settings.Protocol) speaker {
	switch p {
	case settings.IMAP:
		return speaker{imap.Probe, imap.CheckMechanism, imap.Open}
	case settings.POP3:
		return speaker{pop3.Probe, pop3.CheckMechanism, pop3.Open}
	default:
		return speaker{smtp.Probe, smtp.CheckMechanism, smtp.Open}
	}
}
