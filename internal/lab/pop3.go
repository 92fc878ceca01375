package lab

import (
	"encoding/base64"
	"errors"
	"fmt"
	"net"
	"strconv"
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
	return p.run() == pop3TLS
}

// securePOP3 leads the encrypted part of POP3.
func (s *server) securePOP3(conn net.Conn, greet bool) {
	p := newPOP3Session(s, newLines(conn))
	p.encrypted = true
	if greet {
		p.write("+OK " + s.banner().pop3 + "\r\n")
	}
	p.run()
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

// A pop3End says how a part of a session ended.
type pop3End int

const (
	pop3On  pop3End = iota // it goes on
	pop3Bye                // it is over
	pop3TLS                // TLS comes next
)

func (p *pop3Session) run() pop3End {
	for {
		line, ok := p.read()
		if !ok {
			return pop3Bye
		}
		end := p.command(line)
		if end != pop3On {
			p.flush()
			return end
		}
	}
}

// command answers one command that is good in every state, and passes the
// rest on.
func (p *pop3Session) command(line string) pop3End {
	name, args := verb(line)
	switch {
	case name == "CAPA":
		p.capa()
	case name == "QUIT":
		if p.account != nil {
			p.account.remove(p.gone)
		}
		p.write("+OK Bye\r\n")
		return pop3Bye
	case p.account != nil:
		p.transaction(name, args)
	default:
		return p.authorization(name, args)
	}
	return pop3On
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

func (p *pop3Session) authorization(name, args string) pop3End {
	signsIn := name == "USER" || name == "PASS" || name == "AUTH" || name == "APOP"
	switch {
	case signsIn && !p.encrypted:
		p.server.clearSignIn()
		p.write("-ERR [AUTH] TLS is required to authenticate\r\n")
	case name == "STLS" && !p.encrypted:
		if p.server.startTLS(p.lines, pop3Upgrade) {
			return pop3TLS
		}
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
	return pop3On
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

// auth leads a SASL exchange (RFC 5034 §4).
func (p *pop3Session) auth(args string) {
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

func (p *pop3Session) transaction(name, args string) {
	if p.server.Fault == NotConnected && name != "NOOP" {
		p.write("-ERR [SYS/PERM] Your account is not enabled for POP access.\r\n")
		return
	}
	switch name {
	case "NOOP":
		p.write("+OK\r\n")
	case "STAT":
		count, size := p.stat()
		p.write(fmt.Sprintf("+OK %d %d\r\n", count, size))
	case "LIST":
		p.list(args, func(m *letter) int { return len(m.text) })
	case "UIDL":
		p.list(args, func(m *letter) int { return m.id })
	case "RETR":
		p.one(args, p.retrieve)
	case "DELE":
		p.one(args, func(m *letter) {
			p.gone[m] = true
			p.write("+OK Deleted\r\n")
		})
	case "RSET":
		clear(p.gone)
		p.write("+OK\r\n")
	default:
		p.write("-ERR Unknown command\r\n")
	}
}

func (p *pop3Session) stat() (count, size int) {
	for _, m := range p.drop {
		if !p.gone[m] {
			count++
			size += len(m.text)
		}
	}
	return count, size
}

// list answers LIST and UIDL, for one letter or for all.
func (p *pop3Session) list(args string, of func(*letter) int) {
	if args != "" {
		p.one(args, func(m *letter) { p.write(fmt.Sprintf("+OK %s %d\r\n", args, of(m))) })
		return
	}
	p.write("+OK\r\n")
	for i, m := range p.drop {
		if !p.gone[m] {
			p.write(fmt.Sprintf("%d %d\r\n", i+1, of(m)))
		}
	}
	p.write(".\r\n")
}

// one calls f for the letter with number args.
func (p *pop3Session) one(args string, f func(*letter)) {
	n, err := strconv.Atoi(args)
	if err != nil || n < 1 || n > len(p.drop) || p.gone[p.drop[n-1]] {
		p.write("-ERR No such message\r\n")
		return
	}
	f(p.drop[n-1])
}

// retrieve sends a letter, byte-stuffed (RFC 1939 §3).
func (p *pop3Session) retrieve(m *letter) {
	p.write(fmt.Sprintf("+OK %d octets\r\n", len(m.text)))
	for line := range strings.Lines(m.text) {
		if strings.HasPrefix(line, ".") {
			line = "." + line
		}
		p.write(line)
	}
	if !strings.HasSuffix(m.text, "\n") {
		p.write("\r\n")
	}
	p.write(".\r\n")
}
