package pop3

import (
	"context"
	"net"
	"strings"
	"sync"

	"github.com/knadh/go-pop3"

	"mailprobe/internal/lazyregexp"
	"mailprobe/internal/probe"
)

// access asks for the state of the maildrop by the client library: Gmail and
// others accept a sign-in and refuse here.
func (s *session) access(ctx context.Context) error {
	behind, err := s.FirstAnswer()
	if err != nil {
		return err
	}
	err = s.state(ctx)
	if behind {
		err = s.AskAgain(err, func() error { return s.state(ctx) })
	}
	if err != nil {
		return err
	}
	s.askAgain()
	s.lookForTest()
	return nil
}

// state asks for the state of the maildrop.
func (s *session) state(ctx context.Context) error {
	s.InStep(false)
	var w watch
	tap := s.Handoff(probe.Handoff{Replay: "+OK ready\r\n", Received: w.received})
	err := s.Do(ctx, func() error { return stat(tap) })
	reply := s.Scrubbed(w.answer())
	s.Result.AccessReply = reply
	switch {
	case tap.Failed() != nil:
		return tap.Failed()
	case reply == nil && probe.FaultOf(err) != "":
		return err
	case reply == nil:
		return &probe.ProtocolError{Fault: probe.ClosedEarly, Detail: "STAT was not answered"}
	}
	s.InStep(true)
	switch {
	case !reply.Positive():
		return &probe.ReplyError{Command: "STAT", Reply: *reply}
	case err != nil || !drop.MatchString(reply.Text):
		return &probe.ProtocolError{Fault: probe.Malformed, Detail: reply.Text}
	}
	return nil
}

// drop is the answer to STAT (RFC 1939 §5): how many messages there are, and
// how many octets. The library takes signs, and no look at the second number
// where the first is 0.
var drop = lazyregexp.New(`^\+OK\s+\d{1,9}\s+\d{1,18}(\s|$)`)

// askAgain asks for the capabilities once more where UIDL was not among them:
// what is announced may change with the sign-in (RFC 2449 §5). The mailbox was
// opened, so what goes wrong here only leaves the question open.
func (s *session) askAgain() {
	if s.noCAPA || has(s.Result.Capabilities, "UIDL") {
		return
	}
	if reply, err := s.command("CAPA"); err != nil || !reply.Positive() {
		return
	}
	found := []string{}
	err := s.readLines(func(line string) {
		if words := strings.Fields(line); len(words) > 0 {
			found = append(found, strings.Join(words, " "))
		}
	})
	if err == nil {
		s.Result.SignedInCaps = found
	}
}

// stat lets the library send STAT over conn.
func stat(conn net.Conn) error {
	c, err := pop3.New(pop3.Opt{Dialer: given{conn}}).NewConn()
	if err != nil {
		return err
	}
	_, _, err = c.Stat()
	return err
}

// given is a dialer that returns a connection that is there already.
type given struct{ conn net.Conn }

func (g given) Dial(string, string) (net.Conn, error) { return g.conn, nil }

// A watch keeps what the server really answers: to the library even an empty
// line is consent, and one in lower case or with tabs is none.
type watch struct {
	mu    sync.Mutex
	reply *probe.Reply
}

func (w *watch) received(line string) (string, error) {
	reply, ok := parse(line)
	if !ok {
		return "", &probe.ProtocolError{Fault: probe.Malformed, Detail: line}
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.reply = &reply
	return strings.Join(strings.Fields(reply.Text), " "), nil
}

func (w *watch) answer() *probe.Reply {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.reply
}
