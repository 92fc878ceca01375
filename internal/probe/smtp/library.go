package smtp

import (
	"context"
	"errors"
	"strings"
	"sync"

	"github.com/emersion/go-smtp"

	"mailprobe/internal/probe"
)

// A library is the client library on our connection, with a watch on what the
// server really said.
type library struct {
	client *smtp.Client
	tap    *probe.Tap

	mu    sync.Mutex
	lines []string // of the reply that is being received, or was last
	whole bool     // the last of them ended a reply
}

// openLibrary hands the connection to the client library. It wants to be
// greeted and to say EHLO. Both were done, so it is told that all went well;
// of the extensions it need not know any.
func (s *session) openLibrary() *library {
	l := &library{}
	l.tap = s.Handoff(probe.Handoff{
		Replay:   "220 ready\r\n",
		Sent:     l.sent,
		Received: l.received,
	})
	l.client = smtp.NewClient(l.tap)
	return l
}

var errGaveUp = errors.New("the SMTP library gave up")

// sent keeps EHLO back, which was said.
func (l *library) sent(data []byte, _ string) ([]byte, error) {
	if strings.HasPrefix(string(data), "EHLO ") {
		l.tap.Replay("250 ready\r\n")
		return nil, nil
	}
	return data, nil
}

// libraryLine is what the library is shown of a line: it gives up on lines of
// 2000 bytes. The whole line is kept for the verdict.
const libraryLine = 1000

// received keeps the lines of one reply together. All must bear one code (RFC
// 5321 §4.2.1); the library would wait for one that does. It does not take a
// code without a text or with a tab behind it.
func (l *library) received(line string) (string, error) {
	code, more, text, ok := split(line)
	if !ok {
		return "", &probe.ProtocolError{Fault: probe.Malformed, Detail: line}
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.whole {
		l.lines = nil
	}
	if len(l.lines) > 0 && !strings.HasPrefix(l.lines[0], code) {
		return "", &probe.ProtocolError{Fault: probe.Malformed, Detail: line}
	}
	l.lines, l.whole = append(l.lines, line), !more
	text = text[:min(len(text), libraryLine)]
	if more {
		return code + "-" + text, nil
	}
	return code + " " + text, nil
}

// reply returns the server's last whole reply, or nil.
func (l *library) reply() *probe.Reply {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.whole || len(l.lines) == 0 {
		return nil
	}
	var texts []string
	var code string
	for _, line := range l.lines {
		c, _, text, _ := split(line)
		code, texts = c, append(texts, text)
	}
	r := joined(code, texts)
	return &r
}

// call runs one command of the library and returns the server's own answer to
// it; nil if none came. The library's error only says whether all went well.
func (s *session) call(ctx context.Context, run func() error) (*probe.Reply, error) {
	l := s.lib
	l.mu.Lock()
	l.lines, l.whole = nil, false
	l.mu.Unlock()
	err := s.Do(ctx, run)
	var refusal *smtp.SMTPError
	if err == nil || errors.As(err, &refusal) {
		return l.reply(), nil
	}
	return nil, l.cause(err)
}

// cause prefers what this side found wrong, and then what the connection
// reported, to the library's words.
func (l *library) cause(err error) error {
	var fault *probe.ProtocolError
	failed := l.tap.Failed()
	switch {
	case errors.As(err, &fault) && failed == nil:
		return err
	case failed != nil:
		return failed
	}
	return &probe.ProtocolError{Fault: probe.Malformed, Detail: err.Error(), Err: errGaveUp}
}
