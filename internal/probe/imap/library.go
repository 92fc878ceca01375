package imap

import (
	"context"
	"errors"
	"strings"
	"sync"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"

	"mailprobe/internal/lazyregexp"
	"mailprobe/internal/probe"
)

// A library is the client library on our connection, with a watch on what
// the server really said.
type library struct {
	client *imapclient.Client
	tap    *probe.Tap

	mu    sync.Mutex
	tag   string       // of the command that is under way
	reply *probe.Reply // the tagged answer to it; nil: none came, or a consent behind a BYE
	bye   *probe.Reply // an untagged BYE
	twice bool         // the first command has left twice: its second answer is nobody's
	count bool         // the server said how many messages there are
	onNo  func()       // called when a tagged refusal or BYE arrives

	collector *collector // keeps untagged data; nil: nobody does
}

// openLibrary hands the connection, signed in, to the client library. The
// greeting that it is shown carries the capabilities, so that it does not ask
// again.
func (s *session) openLibrary() *library {
	l := &library{}
	l.tap = s.Handoff(probe.Handoff{
		Replay:   "* PREAUTH [CAPABILITY " + strings.Join(s.Result.Capabilities, " ") + "] ready\r\n",
		Sent:     l.sent,
		Received: l.received,
	})
	l.client = imapclient.New(l.tap, nil)
	return l
}

// received looks at each line and says what the library reads instead. Its
// parser does not end on some lines and gives up on others, and all that
// matters here is the tagged answer; so untagged data is kept from it.
func (l *library) received(line string) (string, error) {
	first, word, text := split(line)
	l.mu.Lock()
	defer l.mu.Unlock()
	switch {
	case first == "*" && word == "BYE" && !l.collector.within():
		r := probe.NewReply(word, text)
		l.bye = &r
		l.refused()
		return "", nil
	case l.collector.take(line), first == "*":
		l.count = l.count || l.reply == nil && exists.MatchString(line)
		return "", nil
	case l.twice && tagged(line) && first == firstTag && (l.tag != firstTag || l.reply != nil):
		return "", nil
	case !tagged(line) || first != l.tag || l.reply != nil:
		return "", &probe.ProtocolError{Fault: probe.Malformed, Detail: line}
	}
	if r := probe.NewReply(word, text); l.bye == nil || !r.Positive() { // a consent behind BYE opens nothing (RFC 9051 §7.1.5)
		l.reply = &r
	}
	if word != "OK" {
		l.refused()
	}
	return first + " " + word + " " + asIfNew, nil
}

// exists is how a server says how many messages a mailbox holds (RFC 9051
// §7.4.1).
var exists = lazyregexp.New(`(?i)^\* +\d{1,10} +EXISTS *$`)

// counted reports whether the last answer said how many messages there are.
func (l *library) counted() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.count
}

// refused bounds the wait for what cannot change the answer any more.
func (l *library) refused() {
	if l.onNo != nil {
		l.onNo()
	}
}

// asIfNew is the text of each tagged answer that the library reads. Without a
// list of capabilities it might ask for one.
const asIfNew = "[CAPABILITY IMAP4rev1] done"

// firstTag is that of the library's first command.
const firstTag = "T1"

// command finds the tag of a command that the library writes.
var command = lazyregexp.New(`^(T\d+) [A-Z]`)

// sent notes which answer is waited for.
func (l *library) sent(data []byte, _ string) ([]byte, error) {
	if m := command.Get().FindSubmatch(data); m != nil {
		l.mu.Lock()
		l.tag, l.reply = string(m[1]), nil
		l.mu.Unlock()
	}
	return data, nil
}

var errGaveUp = errors.New("the IMAP library gave up")

// lingering is how long the library may take to notice a refusal.
const lingering = 500 * time.Millisecond

// call runs one command of the library and returns the server's own answer to
// it; nil if none came. The library's error only says whether all went well.
func (s *session) call(ctx context.Context, run func() error) (*probe.Reply, error) {
	l := s.lib
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	l.mu.Lock()
	l.reply, l.bye, l.count = nil, nil, false
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
	return reply, l.cause(err)
}

// cause prefers what this side found wrong, and then what the connection
// reported, to the library's words.
func (l *library) cause(err error) error {
	var refusal *imap.Error
	var fault *probe.ProtocolError
	failed := l.tap.Failed()
	switch {
	case err == nil, errors.As(err, &refusal):
		return nil
	case errors.As(err, &fault) && failed == nil:
		return err
	case failed != nil:
		return failed
	}
	return &probe.ProtocolError{Fault: probe.Malformed, Detail: l.tap.Last(), Err: errGaveUp}
}
