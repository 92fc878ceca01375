package probe

import (
	"context"
	"crypto/rand"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"mailprobe/internal/settings"
)

const (
	defaultWait = time.Minute
	defaultPoll = time.Second
	// patience is how long one endpoint waits for the other's part of the
	// test: long enough for the other's sign-in.
	patience = 2 * time.Minute
)

// A TestMessage is the one message that a run sends from the account to
// itself. The endpoints of the run share it: one SMTP endpoint sends it when
// a mailbox is ready to be looked into, and one IMAP or POP3 endpoint looks
// for it and deletes it. Its methods may be used by several goroutines.
type TestMessage struct {
	Reader settings.Protocol // IMAP or POP3: where it is looked for
	Wait   time.Duration     // how long it is looked for
	Poll   time.Duration     // between two looks

	address, token string
	reader, sender *latch
	sends, looks   atomic.Bool // somebody does it

	mu     sync.Mutex
	sentAt time.Time // zero: not sent
}

// NewTestMessage returns a message from address to itself, to be looked for
// by a protocol. A zero wait means a minute.
func NewTestMessage(address string, reader settings.Protocol, wait time.Duration) *TestMessage {
	if wait <= 0 {
		wait = defaultWait
	}
	return &TestMessage{
		Reader: reader, Wait: wait, Poll: min(defaultPoll, wait/4),
		address: address, token: rand.Text(), reader: newLatch(), sender: newLatch(),
	}
}

// Address returns the sender and only recipient.
func (m *TestMessage) Address() string { return m.address }

// Subject returns the subject, which no other message has.
func (m *TestMessage) Subject() string { return "mailprobe test message " + m.token }

// Text returns the message (RFC 5322) with CRLF line ends. It says that a
// program wrote it, so that no other program answers (RFC 3834 §5).
func (m *TestMessage) Text(now time.Time) string {
	_, domain, _ := strings.Cut(m.address, "@")
	return strings.Join([]string{
		"Date: " + now.Format(time.RFC1123Z),
		"From: <" + m.address + ">",
		"To: <" + m.address + ">",
		"Message-ID: <" + m.token + "@" + domain + ">",
		"Subject: " + m.Subject(),
		"Auto-Submitted: auto-generated",
		"MIME-Version: 1.0",
		"Content-Type: text/plain; charset=us-ascii",
		"",
		"mailprobe sent this message to test that mail leaves and arrives.",
		"It deletes it again; if it is still here, delete it.",
		"",
	}, "\r\n")
}

// ClaimSend reports whether the caller is the one that may send: true once.
func (m *TestMessage) ClaimSend() bool { return m.sends.CompareAndSwap(false, true) }

// ClaimLook reports whether the caller is the one that looks for the message
// and deletes it: true once.
func (m *TestMessage) ClaimLook() bool { return m.looks.CompareAndSwap(false, true) }

// ReaderReady says that a mailbox can be looked into.
func (m *TestMessage) ReaderReady() { m.reader.open(true) }

// NoReader says that nobody will look for the message any more, unless
// somebody is ready.
func (m *TestMessage) NoReader() { m.reader.open(false) }

// Sent says that a server took the message, or may have.
func (m *TestMessage) Sent(at time.Time) {
	m.mu.Lock()
	m.sentAt = at
	m.mu.Unlock()
	m.sender.open(true)
}

// NoSender says that nobody will send the message any more.
func (m *TestMessage) NoSender() { m.sender.open(false) }

// SentAt returns when the message was sent; the zero time: not yet.
func (m *TestMessage) SentAt() time.Time {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.sentAt
}

// AwaitReader waits until a mailbox can be looked into. It reports false if
// that will not be.
func (s *Session) AwaitReader(ctx context.Context) bool {
	return s.await(ctx, s.opt.Message.reader)
}

// AwaitSent waits until the message is sent. It reports false if that will
// not be.
func (s *Session) AwaitSent(ctx context.Context) bool {
	return s.await(ctx, s.opt.Message.sender)
}

// await waits for another endpoint. That is not this server's doing, so it
// does not count as the phase's time, and the phase's clock starts after it.
func (s *Session) await(ctx context.Context, l *latch) bool {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	defer s.pause(patience)()
	select {
	case <-l.done:
		return l.good.Load()
	case <-ctx.Done():
		return false
	}
}

// Sleep lets time pass that is not this server's, as await does. It reports
// false if ctx ends.
func (s *Session) Sleep(ctx context.Context, d time.Duration) bool {
	defer s.pause(d)()
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// pause keeps the connection open while nothing is asked of the server. What
// it returns ends the pause.
func (s *Session) pause(limit time.Duration) func() {
	started := s.now()
	if s.guard != nil {
		s.guard.begin(time.Now().Add(limit + s.opt.Timeouts.of(s.phase)))
	}
	return func() {
		s.waited += s.now().Sub(started)
		s.begin(s.phase)
	}
}

// WouldSignIn reports whether this endpoint will ask for its turn to sign in.
func (s *Session) WouldSignIn() bool {
	_, err := s.plan()
	return err == nil
}

// A latch is opened once, for good or for nothing.
type latch struct {
	once sync.Once
	done chan struct{} // closed when it is opened
	good atomic.Bool
}

func newLatch() *latch { return &latch{done: make(chan struct{})} }

func (l *latch) open(good bool) {
	l.once.Do(func() {
		l.good.Store(good)
		close(l.done)
	})
}

// A Delivery is what one endpoint saw of the test message of its run: the one
// that sent it, and the one that looked for it.
type Delivery struct {
	Subject string        // by which the message can be told
	Sent    bool          // this server took it; with Seen: it was sent elsewhere
	Seen    bool          // it was found in this mailbox
	Deleted bool          // and deleted there
	Took    time.Duration // until the server took it, or from then until it was seen; zero: neither
	Command string        // the command that was refused, or not answered as it must be; empty: none
	Maybe   bool          // with Command: whether the server took it is not known
	Reply   *Reply        // the server's answer to it, or to the message; nil: none came
	Reason  string        // why not sent, not seen or not deleted; empty: nothing went wrong
}
