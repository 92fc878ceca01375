package probe

import (
	"bytes"
	"strings"
)

// speakers tells protocols by their first bytes. All but TLS records are
// lines.
var speakers = []struct {
	prefix   string
	protocol string
}{
	{"* OK", "imap"}, {"* BYE", "imap"}, {"* PREAUTH", "imap"},
	{"+OK", "pop3"}, {"-ERR", "pop3"},
	{"220", "smtp"}, {"421", "smtp"}, {"554", "smtp"}, {"521", "smtp"}, {"450", "smtp"}, {"451", "smtp"}, {"550", "smtp"},
	{"HTTP/", "http"}, {"<!DOCTYPE", "http"}, {"<html", "http"},
	{"SSH-", "ssh"},
}

// Recognise names the protocol that speaks with these first bytes: "imap",
// "pop3", "smtp", "http", "ssh", or "" if it is none of them. FTP greets like
// SMTP; it is told apart where it names itself.
func Recognise(first []byte) string {
	line := strings.ToUpper(firstLine(first))
	for _, s := range speakers {
		if !strings.HasPrefix(line, strings.ToUpper(s.prefix)) {
			continue
		}
		if s.protocol == "smtp" && strings.Contains(line, "FTP") && !strings.Contains(line, "SMTP") {
			return "ftp"
		}
		return s.protocol
	}
	return ""
}

func firstLine(p []byte) string {
	line, _, _ := bytes.Cut(p, []byte("\n"))
	return strings.TrimRight(string(line), "\r")
}

// isText reports whether the first byte may begin a line of text.
func isText(first []byte) bool {
	return len(first) > 0 && first[0] >= ' ' && first[0] < 0x7f
}

// looksLikeTLS reports whether the first bytes begin a TLS record: an alert
// or a handshake message (RFC 8446 §5.1).
func looksLikeTLS(first []byte) bool {
	return len(first) >= 2 && (first[0] == 0x15 || first[0] == 0x16) && first[1] == 0x03
}

// NotThisProtocol says that a greeting is not of the endpoint's protocol, and
// whose it is.
func (s *Session) NotThisProtocol(greeting string) error {
	speaks := Recognise([]byte(greeting))
	if speaks == "" || speaks == string(s.Endpoint().Protocol) {
		return &ProtocolError{Fault: Malformed, Detail: greeting}
	}
	return &ProtocolError{Fault: WrongProtocol, Speaks: speaks, Detail: greeting}
}
