package lab

import (
	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapserver"
	"github.com/emersion/go-imap/v2/imapserver/imapmemserver"
	"github.com/emersion/go-sasl"
)

// An imapSession is one client's session. The library calls nothing but
// Login, Authenticate and Close before the client has signed in.
type imapSession struct {
	*imapmemserver.UserSession // nil: not signed in
	signIn
	conn *imapConn
}

func newIMAPSession(c *imapConn) *imapSession {
	return &imapSession{conn: c, signIn: signIn{server: c.server, words: imapWords}}
}

func imapWords(v verdict) error {
	e := &imap.Error{Type: imap.StatusResponseTypeNo}
	switch v {
	case unavailable:
		e.Code, e.Text = imap.ResponseCodeUnavailable, "Temporary authentication failure"
	case unknownMechanism:
		e.Text = "Unsupported authentication mechanism"
	default:
		e.Code, e.Text = imap.ResponseCodeAuthenticationFailed, "Authentication failed"
	}
	return e
}

func (s *imapSession) Login(username, password string) error {
	return s.open(s.password(username, password))
}

// open gives the session its mailboxes if signing in went well.
func (s *imapSession) open(err error) error {
	if err == nil {
		s.UserSession = imapmemserver.NewUserSession(s.account.imap)
	}
	return err
}

func (s *imapSession) AuthenticateMechanisms() []string { return s.server.mechanisms() }

func (s *imapSession) Authenticate(mechanism string) (sasl.Server, error) {
	inner, err := s.sasl(mechanism)
	if err != nil {
		return nil, err
	}
	return &imapSASL{s, inner}, nil
}

// An imapSASL opens the session's mailboxes at the end of its exchange.
type imapSASL struct {
	session *imapSession
	sasl.Server
}

func (i *imapSASL) Next(response []byte) ([]byte, bool, error) {
	challenge, done, err := i.Server.Next(response)
	if done && err == nil {
		i.session.open(nil)
	}
	return challenge, done, err
}

// barred returns why the mailbox stays shut, or nil.
func (s *imapSession) barred() error {
	switch {
	case s.server.Fault == NotConnected:
		return &imap.Error{Type: imap.StatusResponseTypeBad, Text: "User is authenticated but not connected."}
	case s.server.Fault == WantsID && !s.conn.hasIdentified():
		return &imap.Error{Type: imap.StatusResponseTypeNo, Text: "SELECT Unsafe Login. Please contact your provider for help"}
	}
	return nil
}

func (s *imapSession) Select(name string, o *imap.SelectOptions) (*imap.SelectData, error) {
	if err := s.barred(); err != nil {
		return nil, err
	}
	return s.UserSession.Select(name, o)
}

func (s *imapSession) Status(name string, o *imap.StatusOptions) (*imap.StatusData, error) {
	if err := s.barred(); err != nil {
		return nil, err
	}
	return s.UserSession.Status(name, o)
}

func (s *imapSession) List(w *imapserver.ListWriter, ref string, patterns []string, o *imap.ListOptions) error {
	if err := s.barred(); err != nil {
		return err
	}
	return s.UserSession.List(w, ref, patterns, o)
}

// AppendLimit is the largest message that is taken, in bytes.
func (s *imapSession) AppendLimit() uint32 { return maxMessage }

func (s *imapSession) Append(name string, r imap.LiteralReader, o *imap.AppendOptions) (*imap.AppendData, error) {
	if err := s.room(r.Size()); err != nil {
		return nil, err
	}
	return s.UserSession.Append(name, r, o)
}

func (s *imapSession) Create(name string, o *imap.CreateOptions) error {
	if err := s.room(0); err != nil {
		return err
	}
	return s.UserSession.Create(name, o)
}

// Copy is refused: copies cost nothing to ask for and have no bound.
func (s *imapSession) Copy(imap.NumSet, string) (*imap.CopyData, error) {
	return nil, &imap.Error{Type: imap.StatusResponseTypeNo, Code: imap.ResponseCodeCannot, Text: "Copying is not offered"}
}

func (s *imapSession) room(size int64) error {
	if err := s.barred(); err != nil {
		return err
	}
	if s.account.charge(size) {
		return nil
	}
	return &imap.Error{Type: imap.StatusResponseTypeNo, Code: imap.ResponseCodeOverQuota, Text: "The mailbox is full"}
}
