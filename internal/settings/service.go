package settings

import "slices"

// A Service is a name below a domain at which DNS lists servers.
type Service struct {
	Name     string // "_imaps._tcp"
	Protocol Protocol
	Security Security
}

var services = []Service{
	{"_imaps._tcp", IMAP, TLS},
	{"_imap._tcp", IMAP, StartTLS},
	{"_pop3s._tcp", POP3, TLS},
	{"_pop3._tcp", POP3, StartTLS},
	{"_submissions._tcp", SMTP, TLS},
	{"_submission._tcp", SMTP, StartTLS},
}

// Services returns the names of RFC 6186 §3 and RFC 8314 §5.1, TLS at once
// before STARTTLS. There is none for a service without encryption.
func Services() []Service { return slices.Clone(services) }
