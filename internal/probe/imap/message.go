package imap

import (
	"context"
	"time"

	"github.com/emersion/go-imap/v2"

	"mailprobe/internal/probe"
	"mailprobe/internal/settings"
)

// maxFound bounds the messages that are looked at more closely; one is meant.
const maxFound = 10

// lookForTest waits until the run's test message is sent, then looks for it
// in the INBOX and deletes it. What goes wrong stands in the Result; the
// mailbox was opened, so the phase is no failure.
func (s *session) lookForTest(ctx context.Context) {
	m := s.Options().Message
	if m == nil || m.Reader != settings.IMAP || !m.ClaimLook() {
		return
	}
	m.ReaderReady()
	if !s.AwaitSent(ctx) {
		return
	}
	d := &probe.Delivery{Subject: m.Subject()}
	s.Result.Message = d
	uid, err := s.await(ctx, m)
	switch {
	case err != nil:
		d.Reason = "not seen: " + s.Scrub(err.Error())
		return
	case uid == 0:
		d.Reason = "not seen within " + m.Wait.String()
		return
	}
	d.Seen, d.Took = true, time.Since(m.SentAt())
	if err := s.remove(ctx, imap.UIDSetNum(uid)); err != nil {
		d.Reason = "not deleted: " + s.Scrub(err.Error())
		return
	}
	d.Deleted = true
}

// await looks for the message until it is there or the time is up; 0: it is
// not. The mailbox is opened for writing, which access did not do.
func (s *session) await(ctx context.Context, m *probe.TestMessage) (imap.UID, error) {
	client := s.lib.client
	_, err := s.collect(ctx, "SELECT", func() error {
		_, err := client.Select("INBOX", nil).Wait()
		return err
	})
	for err == nil {
		var uid imap.UID
		uid, err = s.search(ctx, m.Subject())
		if err != nil || uid != 0 || time.Since(m.SentAt()) > m.Wait {
			return uid, err
		}
		if !s.Sleep(ctx, m.Poll) {
			return 0, ctx.Err()
		}
	}
	return 0, err
}

// search returns the message with a subject; 0: there is none. What the
// server finds is held against the messages themselves: one is going to be
// deleted.
func (s *session) search(ctx context.Context, subject string) (imap.UID, error) {
	client := s.lib.client
	if _, err := s.collect(ctx, "NOOP", func() error { return client.Noop().Wait() }); err != nil {
		return 0, err
	}
	criteria := imap.SearchCriteria{Header: []imap.SearchCriteriaHeaderField{{Key: "Subject", Value: subject}}}
	answer, err := s.collect(ctx, "UID SEARCH", func() error {
		_, err := client.UIDSearch(&criteria, nil).Wait()
		return err
	})
	if err != nil {
		return 0, err
	}
	found := answer.found()
	for _, n := range found[max(0, len(found)-maxFound):] {
		header, err := s.collect(ctx, "UID FETCH", func() error {
			return client.Fetch(imap.UIDSetNum(imap.UID(n)), subjectOnly()).Close()
		})
		if err != nil || header.shows(n, "Subject: "+subject) {
			return imap.UID(n), err
		}
	}
	return 0, nil
}

// subjectOnly asks for the subject without marking the message as read.
func subjectOnly() *imap.FetchOptions {
	return &imap.FetchOptions{UID: true, BodySection: []*imap.FetchItemBodySection{
		{Specifier: imap.PartSpecifierHeader, HeaderFields: []string{"Subject"}, Peek: true},
	}}
}

// remove deletes one message and no other: by UID EXPUNGE (RFC 4315 §2.1), or
// by EXPUNGE if nothing else is marked as deleted.
func (s *session) remove(ctx context.Context, uid imap.UIDSet) error {
	client := s.lib.client
	caps, err := s.collect(ctx, "CAPABILITY", func() error {
		_, err := client.Capability().Wait()
		return err
	})
	if err != nil {
		return err
	}
	plus := caps.announces("UIDPLUS") || caps.announces("IMAP4rev2")
	if !plus {
		if err := s.nothingMarked(ctx); err != nil {
			return err
		}
	}
	_, err = s.collect(ctx, "UID STORE", func() error {
		return client.Store(uid, &imap.StoreFlags{Op: imap.StoreFlagsAdd, Silent: true, Flags: []imap.Flag{imap.FlagDeleted}}, nil).Close()
	})
	if err != nil {
		return err
	}
	_, err = s.collect(ctx, "EXPUNGE", func() error {
		if plus {
			return client.UIDExpunge(uid).Close()
		}
		return client.Expunge().Close()
	})
	return err
}

// nothingMarked says by its error that EXPUNGE would take more than the one
// message.
func (s *session) nothingMarked(ctx context.Context) error {
	answer, err := s.collect(ctx, "UID SEARCH DELETED", func() error {
		_, err := s.lib.client.UIDSearch(&imap.SearchCriteria{Flag: []imap.Flag{imap.FlagDeleted}}, nil).Wait()
		return err
	})
	if err == nil && len(answer.found()) > 0 {
		return probe.Skip("other messages are marked as deleted, and would go with it")
	}
	return err
}

// collect runs one command of the library and returns the untagged data of
// its answer; a refusal is an error.
func (s *session) collect(ctx context.Context, command string, run func() error) (*collector, error) {
	c := &collector{literal: -1}
	s.lib.collectInto(c)
	reply, err := s.ask(ctx, run)
	s.lib.collectInto(nil)
	switch {
	case err != nil:
		return nil, err
	case reply == nil:
		return nil, &probe.ProtocolError{Fault: probe.ClosedEarly, Detail: command + " was not answered"}
	case !reply.Positive():
		return nil, &probe.ReplyError{Command: command, Reply: *reply}
	}
	return c, nil
}

// collectInto lets c keep untagged data from now on; nil: nobody.
func (l *library) collectInto(c *collector) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.collector = c
}
