package lab

import (
	"encoding/base64"
	"io"
	"log"
	"net"
	"strings"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
)

const maxRecipients = 16

// An smtpService is the library's server, one for all endpoints of a lab.
type smtpService struct {
	*handoff
	server *smtp.Server
}

func newSMTPService() *smtpService {
	server := smtp.NewServer(smtp.BackendFunc(func(c *smtp.Conn) (smtp.Session, error) {
		return newSMTPSession(c.Conn().(*tap).server), nil
	}))
	server.MaxLineLength = maxLine
	server.MaxMessageBytes = maxMessage
	server.ReadTimeout, server.WriteTimeout = idleTime, idleTime
	server.AllowInsecureAuth = true // only encrypted connections are handed over
	server.ErrorLog = log.New(io.Discard, "", 0)
	return &smtpService{newHandoff(), server}
}

// serve returns when the handoff is closed.
func (s *smtpService) serve() { s.server.Serve(s.handoff) }

// secureSMTP hands an encrypted connection to the library.
func (s *server) secureSMTP(conn net.Conn, greet bool) {
	t := newTap(conn, s)
	first := true
	t.out.edit = func(line string) string {
		switch {
		case first && greet:
			line = "220 " + s.banner().smtp + "\r\n"
		case first:
			line = ""
		case strings.HasPrefix(line, "250-Hello "):
			line = "250-" + s.Endpoint.Host + "\r\n"
		}
		first = false
		return line
	}
	if s.lab.smtp.offer(t) {
		<-t.closed
	}
}

// An smtpSession is one client's session.
type smtpSession struct {
	signIn
	from string
	to   []*account
}

func newSMTPSession(s *server) *smtpSession {
	return &smtpSession{signIn: signIn{server: s, words: smtpWords}}
}

func smtpWords(v verdict) error {
	switch v {
	case unavailable:
		return &smtp.SMTPError{Code: 454, EnhancedCode: smtp.EnhancedCode{4, 7, 0}, Message: "Temporary authentication failure"}
	case disabled:
		return &smtp.SMTPError{Code: 535, EnhancedCode: smtp.EnhancedCode{5, 7, 139},
			Message: "Authentication unsuccessful, SmtpClientAuthentication is disabled for the Tenant. Visit https://aka.ms/smtp_auth_disabled for more information."}
	case unknownMechanism:
		return smtp.ErrAuthUnknownMechanism
	}
	return smtp.ErrAuthFailed
}

func (s *smtpSession) AuthMechanisms() []string { return s.server.mechanisms() }

func (s *smtpSession) Auth(mechanism string) (sasl.Server, error) {
	inner, err := s.sasl(mechanism)
	return &strictSMTP{Server: inner, before: len("AUTH  \r\n") + len(mechanism)}, err
}

// maxAuthLine is the longest line that may begin an exchange, with its CRLF
// (RFC 4954 §4, RFC 5321 §4.5.3.1.4).
const maxAuthLine = 512

// A strictSMTP refuses an initial response that makes the AUTH line too long,
// as Dovecot does. The library has no such limit.
type strictSMTP struct {
	sasl.Server
	before int // octets of the AUTH line beside the initial response
	begun  bool
}

func (s *strictSMTP) Next(response []byte) ([]byte, bool, error) {
	line := s.before + base64.StdEncoding.EncodedLen(len(response))
	if !s.begun && line > maxAuthLine {
		return nil, true, &smtp.SMTPError{Code: 500, EnhancedCode: smtp.EnhancedCode{5, 5, 6}, Message: "Line too long"}
	}
	s.begun = true
	return s.Server.Next(response)
}

func (s *smtpSession) Reset() { s.from, s.to = "", nil }

func (s *smtpSession) Logout() error { return nil }

func (s *smtpSession) Mail(from string, _ *smtp.MailOptions) error {
	if s.account == nil {
		return &smtp.SMTPError{Code: 530, EnhancedCode: smtp.EnhancedCode{5, 7, 0}, Message: "Authentication required"}
	}
	s.from = from
	return nil
}

// Rcpt takes mail for the lab's own accounts only: nothing leaves the box. It is
// here that Postfix refuses a sender.
func (s *smtpSession) Rcpt(to string, _ *smtp.RcptOptions) error {
	if s.server.Fault == SenderRefused {
		return &smtp.SMTPError{Code: 553, EnhancedCode: smtp.EnhancedCode{5, 7, 1}, Message: "<" + s.from + ">: Sender address rejected: not owned by user " + s.account.Address}
	}
	a := s.server.lab.byAddress(to)
	if a == nil {
		return &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "No such mailbox here"}
	}
	if len(s.to) >= maxRecipients {
		return &smtp.SMTPError{Code: 452, EnhancedCode: smtp.EnhancedCode{4, 5, 3}, Message: "Too many recipients"}
	}
	s.to = append(s.to, a)
	return nil
}

func (s *smtpSession) Data(r io.Reader) error {
	text, err := io.ReadAll(io.LimitReader(r, maxMessage))
	if err != nil {
		return err
	}
	for _, a := range s.to {
		if !a.deliver(string(text)) {
			return &smtp.SMTPError{Code: 452, EnhancedCode: smtp.EnhancedCode{4, 2, 2}, Message: "The mailbox is full"}
		}
	}
	return nil
}
