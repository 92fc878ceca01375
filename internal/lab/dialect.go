package lab

import (
	"net"

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
