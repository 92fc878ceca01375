package imap

import (
	"context"
	"errors"
	"regexp"
	"strings"
	"sync"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"

	"mailprobe/internal/probe"
)

// A library is the client library on our connection, with a watch on what
// the server really said.
type library struct {
	client *imapclient.Client
	tap    *probe.Tap

	mu    sync.Mutex
	reply *probe.Reply // the last tagged answer
	bye   *probe.Reply // an untagged BYE
	onNo  func()       // called once when a tagged refusal arrives
}

// openLibrary hands the connection to the client library. The greeting that
// it is shown carries the capabilities, so that it does not ask again.
func (s *session) openLibrary() *library {
	l := &library{}
	l.tap = s.Handoff(probe.Handoff{
		Replay:   "* OK [CAPABILITY " + strings.Join(s.Result.Capabilities, " ") + "] ready\r\n",
		Sent:     l.sent,
		Received: l.received,
		Shown:    shown,
	})
	l.client = imapclient.New(l.tap, nil)
	return l
}

// endless matches the lines on which the library's parser never ends.
var endless = regexp.MustCompile(`(?i)^\* *(CAPABILITY|ENABLED)\b.*\(|\[CAPABILITY\b[^\]]*\(`)

// hugeLiteral matches the announcement of a literal of a megabyte or more.
var hugeLiteral = regexp.MustCompile(`\{\d{7,}\+?\}$`)

// received looks at each line before the library does.
func (l *library) received(line string) error {
	if endless.MatchString(line) || hugeLiteral.MatchString(line) {
		return &probe.ProtocolError{Fault: probe.Malformed, Detail: line[:min(len(line), 200)]}
	}
	first, rest, _ := strings.Cut(line, " ")
	status, text, _ := strings.Cut(rest, " ")
	l.mu.Lock()
	defer l.mu.Unlock()
	switch {
	case first == "*" && strings.EqualFold(status, "BYE"):
		r := probe.NewReply("BYE", text)
		l.bye = &r
	case tagged(line):
		r := probe.NewReply(strings.ToUpper(status), text)
		l.reply = &r
		if r.Status != "OK" && l.onNo != nil {
			l.onNo()
		}
	}
	return nil
}

// sent cures what the library writes wrongly: an empty SASL response in the
// middle of an exchange is an empty line, not "=" (RFC 9051 §6.2.2).
func (l *library) sent(data []byte, _ string) ([]byte, error) {
	if string(data) == "=\r\n" {
		return []byte("\r\n"), nil
	}
	return data, nil
}

// harmless are the commands of the library that hold no secret.
var harmless = regexp.MustCompile(`^\S+ (CAPABILITY|NOOP|LOGOUT)$`)

// shown is what the transcript shows of a line that is sent while signing in.
func shown(line string) (string, bool) {
	words := strings.SplitN(line, " ", 4)
	switch {
	case harmless.MatchString(line):
		return line, false
	case len(words) >= 3 && strings.EqualFold(words[1], "AUTHENTICATE"):
		if len(words) == 3 {
			return line, false
		}
		return strings.Join(words[:3], " ") + " [redacted]", true
	case len(words) >= 2 && strings.EqualFold(words[1], "LOGIN"):
		return words[0] + " LOGIN [redacted]", true
	}
	return "[redacted]", line != ""
}

// lingering is how long the library may take to notice a refusal.
const lingering = 500 * time.Millisecond

// call runs one command of the library and returns the server's own answer to
// it; nil if none came. The library's error only says whether all went well.
func (s *session) call(ctx context.Context, run func() error) (*probe.Reply, error) {
	l := s.lib
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	l.mu.Lock()
	l.reply, l.bye = nil, nil
	l.onNo = func() { time.AfterFunc(lingering, cancel) }
	l.mu.Unlock()
	err := s.Do(ctx, run)
	l.mu.Lock()
	defer l.mu.Unlock()
	l.onNo = nil
	reply := l.reply
	if reply == nil {
		reply = l.bye
	}
	return scrubbed(s, reply), l.cause(err)
}

// cause prefers what the connection itself reported to the library's words.
func (l *library) cause(err error) error {
	var refusal *imap.Error
	if err == nil || errors.As(err, &refusal) {
		return nil
	}
	if failed := l.tap.Failed(); failed != nil {
		return failed
	}
	return &probe.ProtocolError{Fault: probe.Malformed, Detail: l.tap.Last(), Err: errors.New("the IMAP library gave up")}
}

func scrubbed(s *session, r *probe.Reply) *probe.Reply {
	if r == nil {
		return nil
	}
	c := *r
	c.Text = s.Scrub(c.Text)
	return &c
}
