package lab

import (
	"fmt"
	"net"
	"strings"

	"mailprobe/internal/settings"
)

// A dialect is how one protocol is spoken. clear leads the unencrypted part,
// from the greeting to the answer to STARTTLS, and reports whether TLS
// follows. secure leads the encrypted part; greet says whether it begins with
// the greeting.
type dialect struct {
	rejects, tooMany string
	clear            func(*server, *lines) bool
	secure           func(s *server, conn net.Conn, greet bool)
}

var dialects = map[settings.Protocol]dialect{
	settings.IMAP: {
		rejects: "* BYE Service not available\r\n",
		tooMany: "* BYE [LIMIT] Too many connections\r\n",
		clear:   (*server).clearIMAP,
		secure:  (*server).secureIMAP,
	},
	settings.POP3: {
		rejects: "-ERR Service not available\r\n",
		tooMany: "-ERR [SYS/TEMP] Too many connections\r\n",
		clear:   (*server).clearPOP3,
		secure:  (*server).securePOP3,
	},
	settings.SMTP: {
		rejects: "421 4.3.2 Service not available, closing transmission channel\r\n",
		tooMany: "421 4.7.0 Too many connections, try again later\r\n",
		clear:   (*server).clearSMTP,
		secure:  (*server).secureSMTP,
	},
}

// offersStartTLS reports whether the unencrypted part announces and takes
// STARTTLS.
func (s *server) offersStartTLS() bool {
	if s.Endpoint.Security != settings.StartTLS {
		return false
	}
	return s.Fault != StartTLSMissing && s.Fault != StartTLSStripped
}

// An upgrade is what one protocol answers to STARTTLS.
type upgrade struct{ ok, refused, unknown, injected string }

// startTLS answers STARTTLS. The injected text goes out in one write with the
// answer, as somebody on the way does it.
func (s *server) startTLS(l *lines, words upgrade) next {
	switch {
	case !s.offersStartTLS():
		l.write(words.unknown)
		return goOn
	case s.Fault == StartTLSRefused:
		l.write(words.refused)
		return goOn
	case s.Fault == StartTLSInjected:
		l.write(words.ok + words.injected)
	default:
		l.write(words.ok)
	}
	return useTLS
}

func (s *server) clearSignIn() { s.count(func(t *Tally) { t.Cleartext++ }) }

// clearIMAP leads the unencrypted part of IMAP.
func (s *server) clearIMAP(l *lines) bool {
	caps := s.clearCapabilities()
	if s.Fault == Preauth {
		l.write("* PREAUTH [CAPABILITY IMAP4rev1] signed in already\r\n")
	} else {
		l.write("* OK " + s.banner().imapGreeting(caps) + "\r\n")
	}
	return l.converse(func(line string) next {
		tag, rest, _ := strings.Cut(line, " ")
		command, _ := verb(rest)
		switch command {
		case "CAPABILITY":
			l.write(fmt.Sprintf("* CAPABILITY %s\r\n%s OK CAPABILITY completed\r\n", caps, tag))
		case "NOOP":
			l.write(tag + " OK NOOP completed\r\n")
		case "ID":
			l.write(fmt.Sprintf("%s\r\n%s OK ID completed\r\n", imapID, tag))
		case "STARTTLS":
			return s.startTLS(l, imapUpgrade(tag))
		case "LOGIN", "AUTHENTICATE":
			s.clearSignIn()
			l.write(tag + " NO [PRIVACYREQUIRED] TLS is required to authenticate\r\n")
		case "LOGOUT":
			l.write(fmt.Sprintf("* BYE Logging out\r\n%s OK LOGOUT completed\r\n", tag))
			return hangUp
		default:
			l.write(tag + " BAD Unknown command\r\n")
		}
		return goOn
	})
}

func (s *server) clearCapabilities() string {
	caps := "IMAP4rev1 SASL-IR LITERAL- ID NAMESPACE"
	if s.offersStartTLS() {
		caps += " STARTTLS"
	}
	return caps + " LOGINDISABLED"
}

func imapUpgrade(tag string) upgrade {
	return upgrade{
		ok:       tag + " OK Begin TLS negotiation now\r\n",
		refused:  tag + " NO TLS is not available for the moment\r\n",
		unknown:  tag + " BAD Unknown command\r\n",
		injected: "* CAPABILITY IMAP4rev1 AUTH=PLAIN\r\n",
	}
}

var smtpUpgrade = upgrade{
	ok:       "220 2.0.0 Ready to start TLS\r\n",
	refused:  "454 4.7.0 TLS not available due to temporary reason\r\n",
	unknown:  "502 5.5.1 STARTTLS command not implemented\r\n",
	injected: "250-mail.example.net\r\n250 AUTH PLAIN LOGIN\r\n",
}

// clearSMTP leads the unencrypted part of SMTP submission.
func (s *server) clearSMTP(l *lines) bool {
	greeting := s.banner().smtp
	if s.Fault == StartTLSStripped {
		greeting = strings.Repeat("*", len(greeting))
	}
	l.write("220 " + greeting + "\r\n")
	return l.converse(func(line string) next {
		command, _ := verb(line)
		switch command {
		case "EHLO":
			l.write(s.clearEHLO())
		case "HELO":
			l.write("250 " + s.Endpoint.Host + "\r\n")
		case "NOOP", "RSET":
			l.write("250 2.0.0 OK\r\n")
		case "STARTTLS":
			return s.startTLS(l, smtpUpgrade)
		case "QUIT":
			l.write("221 2.0.0 Bye\r\n")
			return hangUp
		case "AUTH":
			s.clearSignIn()
			l.write("538 5.7.11 Encryption required for requested authentication mechanism\r\n")
		case "MAIL", "RCPT", "DATA", "BDAT":
			l.write("530 5.7.0 Must issue a STARTTLS command first\r\n")
		default:
			l.write("500 5.5.2 Command not recognized\r\n")
		}
		return goOn
	})
}

func (s *server) clearEHLO() string {
	offer := ""
	switch {
	case s.Fault == StartTLSStripped:
		offer = "250-XXXXXXXA\r\n"
	case s.offersStartTLS():
		offer = "250-STARTTLS\r\n"
	}
	return "250-" + s.Endpoint.Host + "\r\n250-PIPELINING\r\n250-8BITMIME\r\n250-ENHANCEDSTATUSCODES\r\n" +
		offer + fmt.Sprintf("250 SIZE %d\r\n", maxMessage)
}
