package verify

import (
	"mailprobe/internal/probe"
	"mailprobe/internal/probe/imap"
	"mailprobe/internal/probe/pop3"
	"mailprobe/internal/probe/smtp"
	"mailprobe/internal/settings"
)

// speaking is the one place where a protocol's name leads to its code. No
// server is contacted in a protocol that is not listed.
func speaking(e settings.Endpoint, opt probe.Options) *probe.Dialogue {
	switch e.Protocol {
	case settings.IMAP:
		return imap.New(e, opt)
	case settings.POP3:
		return pop3.New(e, opt)
	case settings.SMTP:
		return smtp.New(e, opt)
	}
	return probe.Unspoken(e, opt)
}
