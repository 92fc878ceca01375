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
