package lab

import (
	"encoding/base64"
	"errors"
	"net"
	"strings"
)

// A pop3Session is one client's session, before and after TLS.
type pop3Session struct {
	signIn
	*lines
	encrypted bool
	user      string
	drop      []*letter // as it was at sign-in (RFC 1939 §5)
	gone      map[*letter]bool
}

// clearPOP3 leads the unencrypted part of POP3.
func (s *server) clearPOP3(l *lines) bool {
	p := newPOP3Session(s, l)
	p.write("+OK " + s.banner().pop3 + "\r\n")
	return p.converse(p.command)
}

// securePOP3 leads the encrypted part of POP3.
func (s *server) securePOP3(conn net.Conn, greet bool) {
	p := newPOP3Session(s, newLines(conn))
	p.encrypted = true
	if greet {
		p.write("+OK " + s.banner().pop3 + "\r\n")
	}
	p.converse(p.command)
}

func newPOP3Session(s *server, l *lines) *pop3Session {
	return &pop3Session{
		signIn: signIn{server: s, words: pop3Words},
		lines:  l,
		gone:   make(map[*letter]bool),
	}
}

// pop3Words gives errors whose text is the whole answer.
func pop3Words(v verdict) error {
	switch v {
	case unavailable:
		return errors.New("-ERR [SYS/TEMP] Temporary authentication failure")
	case unknownMechanism:
		return errors.New("-ERR Unsupported authentication mechanism")
	}
	return errors.New("-ERR [AUTH] Authentication failed")
}

// command answers one command that is good in every state, and passes the
// rest on.
func (p *pop3Session) command(line string) next {
	name, args := verb(line)
	switch {
	case name == "CAPA":
		p.capa()
	case name == "QUIT":
		if p.account != nil {
			p.account.remove(p.gone)
		}
		p.write("+OK Bye\r\n")
		return hangUp
	case p.account != nil:
		p.transaction(name, args)
	default:
		return p.authorization(name, args)
	}
	return goOn
}

func (p *pop3Session) capa() {
	p.write("+OK Capability list follows\r\nUIDL\r\nPIPELINING\r\nRESP-CODES\r\nAUTH-RESP-CODE\r\n")
	switch {
	case p.account != nil:
	case p.encrypted:
		if p.server.Fault != OAuthOnly {
			p.write("USER\r\n")
		}
		p.write("SASL " + strings.Join(p.server.mechanisms(), " ") + "\r\n")
	case p.server.offersStartTLS():
		p.write("STLS\r\n")
	}
	p.write(".\r\n")
}

var pop3Upgrade = upgrade{
	ok:       "+OK Begin TLS negotiation\r\n",
	refused:  "-ERR TLS is not available for the moment\r\n",
	unknown:  "-ERR Unknown command\r\n",
	injected: "+OK\r\n",
}

func (p *pop3Session) authorization(name, args string) next {
	signsIn := name == "USER" || name == "PASS" || name == "AUTH" || name == "APOP"
	switch {
	case signsIn && !p.encrypted:
		p.server.clearSignIn()
		p.write("-ERR [AUTH] TLS is required to authenticate\r\n")
	case name == "STLS" && !p.encrypted:
		return p.server.startTLS(p.lines, pop3Upgrade)
	case name == "USER":
		p.user = args
		p.write("+OK\r\n")
	case name == "PASS" && p.user == "":
		p.write("-ERR Send USER first\r\n")
	case name == "PASS":
		p.answer(p.password(p.user, args))
		p.user = ""
	case name == "AUTH":
		p.auth(args)
	default:
		p.write("-ERR Unknown command\r\n")
	}
	return goOn
}

// answer says what came of a sign-in.
func (p *pop3Session) answer(err error) {
	if err != nil {
		p.write(err.Error() + "\r\n")
		return
	}
	p.drop = p.account.letters()
	p.write("+OK Logged in\r\n")
}

// maxCommandPOP3 is the longest AUTH command, with its CRLF (RFC 2449 §4, to
// which RFC 5034 §4 holds the initial response).
const maxCommandPOP3 = 255

// auth leads a SASL exchange (RFC 5034 §4).
func (p *pop3Session) auth(args string) {
	if len("AUTH ")+len(args)+len("\r\n") > maxCommandPOP3 {
		p.write("-ERR Line too long\r\n")
		return
	}
	name, initial := verb(args)
	mechanism, err := p.sasl(name)
	if err != nil {
		p.answer(err)
		return
	}
	var response []byte
	if initial != "" {
		if response, err = saslDecode(initial); err != nil {
			p.write("-ERR Malformed base64\r\n")
			return
		}
	}
	for {
		challenge, done, err := mechanism.Next(response)
		if err != nil || done {
			p.answer(err)
			return
		}
		p.write("+ " + base64.StdEncoding.EncodeToString(challenge) + "\r\n")
		p.flush()
		line, ok := p.read()
		if !ok {
			return
		}
		if response, err = saslDecode(line); line == "*" || err != nil {
			p.write("-ERR Authentication cancelled\r\n")
			return
		}
	}
}

// saslDecode returns a response, which is never nil: "=" is an empty one.
func saslDecode(text string) ([]byte, error) {
	if text == "=" {
		return []byte{}, nil
	}
	return base64.StdEncoding.DecodeString(text)
}
