package lab

import (
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
	to []*account
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

func (s *smtpSession) Auth(mechanism string) (sasl.Server, error) { return s.sasl(mechanism) }

func (s *smtpSession) Reset() { s.to = nil }

func (s *smtpSession) Logout() error { return nil }

func (s *smtpSession) Mail(string, *smtp.MailOptions) error {
	if s.account == nil {
		return &smtp.SMTPError{Code: 530, EnhancedCode: smtp.EnhancedCode{5, 7, 0}, Message: "Authentication required"}
	}
	return nil
}

// Rcpt takes mail for the lab's own accounts only: nothing leaves the box.
func (s *smtpSession) Rcpt(to string, _ *smtp.RcptOptions) error {
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
