package lab

import (
	"fmt"
	"io"
	"log"
	"net"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapserver"
	"github.com/emersion/go-imap/v2/imapserver/imapmemserver"
	"github.com/emersion/go-sasl"
)

// imapID is how the lab answers ID (RFC 2971).
const imapID = `* ID ("name" "mailprobe lab")`

// An imapService is the library's server, one for all endpoints of a lab.
type imapService struct {
	*handoff
	server *imapserver.Server
}

func newIMAPService() *imapService {
	server := imapserver.New(&imapserver.Options{
		NewSession: func(c *imapserver.Conn) (imapserver.Session, *imapserver.GreetingData, error) {
			return newIMAPSession(c.NetConn().(*imapConn)), nil, nil
		},
		Caps:         imap.CapSet{imap.CapIMAP4rev1: {}, imap.CapNamespace: {}, imap.CapUIDPlus: {}, imap.CapMove: {}},
		Logger:       log.New(io.Discard, "", 0),
		InsecureAuth: true, // only encrypted connections are handed over
	})
	return &imapService{newHandoff(), server}
}

// serve returns when the handoff is closed.
func (s *imapService) serve() { s.server.Serve(s.handoff) }

// secureIMAP hands an encrypted connection to the library.
func (s *server) secureIMAP(conn net.Conn, greet bool) {
	c := &imapConn{tap: newTap(conn, s), greet: greet, asked: make(map[string]bool)}
	c.in.edit, c.out.edit = c.command, c.response
	if s.lab.imap.offer(c) {
		<-c.closed
	}
}

// An imapConn adds to the library's server what it lacks: the greeting of the
// provider, the ID command, and capabilities.
type imapConn struct {
	*tap
	greet   bool // the first response is the greeting
	greeted bool

	mu         sync.Mutex      // IDLE responds from a goroutine of its own
	asked      map[string]bool // tags of ID commands that are not answered yet
	identified bool
}

var idCommand = regexp.MustCompile(`(?i)^(\S+) ID (NIL|\(.*\))\r\n$`)

// command turns ID into NOOP, for which the library has an answer.
func (c *imapConn) command(line string) string {
	m := idCommand.FindStringSubmatch(line)
	c.mu.Lock()
	defer c.mu.Unlock()
	if m == nil || len(c.asked) > 10 {
		return line
	}
	c.asked[m[1]], c.identified = true, true
	return m[1] + " NOOP\r\n"
}

func (c *imapConn) response(line string) string {
	if !c.greeted {
		c.greeted = true
		return c.greeting(line)
	}
	if line == "+ =\r\n" { // the library's empty challenge; RFC 9051 §6.2.2 has it empty
		return "+ \r\n"
	}
	if tag, ok := c.answersID(line); ok {
		return fmt.Sprintf("%s\r\n%s OK ID completed\r\n", imapID, tag)
	}
	before, caps, after, ok := cutCapabilities(line)
	if !ok {
		return line
	}
	return before + c.capabilities(caps) + after
}

// answersID reports whether line ends an ID command, and its tag.
func (c *imapConn) answersID(line string) (string, bool) {
	tag, ok := strings.CutSuffix(line, " OK NOOP completed\r\n")
	c.mu.Lock()
	defer c.mu.Unlock()
	ok = ok && c.asked[tag]
	if ok {
		delete(c.asked, tag)
	}
	return tag, ok
}

func (c *imapConn) hasIdentified() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.identified
}

func (c *imapConn) greeting(line string) string {
	_, caps, _, ok := cutCapabilities(line)
	switch {
	case !c.greet:
		return ""
	case !ok:
		return line
	}
	return "* OK " + c.server.banner().imapGreeting(c.capabilities(caps)) + "\r\n"
}

// cutCapabilities finds the list of capabilities in a response.
func cutCapabilities(line string) (before, caps, after string, ok bool) {
	const untagged, code = "* CAPABILITY ", "[CAPABILITY "
	if caps, ok := strings.CutPrefix(line, untagged); ok {
		return untagged, strings.TrimSuffix(caps, "\r\n"), "\r\n", true
	}
	before, rest, ok := strings.Cut(line, code)
	if !ok || strings.Count(before, " ") != 2 {
		return "", "", "", false
	}
	caps, after, ok = strings.Cut(rest, "]")
	return before + code, caps, "]" + after, ok
}

func (c *imapConn) capabilities(list string) string {
	caps := strings.Fields(list)
	for _, name := range []string{"ID", "NAMESPACE"} {
		if !slices.Contains(caps, name) {
			caps = append(caps, name)
		}
	}
	signedIn := !strings.Contains(list, "AUTH=")
	if c.server.Fault == OAuthOnly && !signedIn {
		caps = append(caps, "LOGINDISABLED")
	}
	return strings.Join(caps, " ")
}

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
