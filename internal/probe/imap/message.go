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
	if m == nil || m.Reader != settings.IMAP {
		return
	}
	m.ReaderReady()
	s.lib.showData()
	if !s.AwaitSent(ctx) {
		return
	}
	d := &probe.Delivery{Subject: m.Subject()}
	s.Result.Message = d
	uids, err := s.await(ctx, m)
	switch {
	case err != nil:
		d.Reason = "not seen: " + err.Error()
		return
	case len(uids) == 0:
		d.Reason = "not seen within " + m.Wait.String()
		return
	}
	d.Seen, d.Took = true, time.Since(m.SentAt())
	if err := s.remove(ctx, uids); err != nil {
		d.Reason = "not deleted: " + err.Error()
		return
	}
	d.Deleted = true
}

// await looks for the message until it is there or the time is up. The
// mailbox is opened for writing, which access did not do.
func (s *session) await(ctx context.Context, m *probe.TestMessage) (imap.UIDSet, error) {
	if err := s.do(ctx, "SELECT INBOX", func() error {
		_, err := s.lib.client.Select("INBOX", nil).Wait()
		return err
	}); err != nil {
		return nil, err
	}
	for {
		uids, err := s.search(ctx, m.Subject())
		if err != nil || len(uids) > 0 || time.Since(m.SentAt()) > m.Wait {
			return uids, err
		}
		if !s.Sleep(ctx, m.Poll) {
			return nil, ctx.Err()
		}
	}
}

// search returns the messages with a subject. What the server finds is held
// against the messages themselves: they are going to be deleted.
func (s *session) search(ctx context.Context, subject string) (imap.UIDSet, error) {
	client := s.lib.client
	if err := s.do(ctx, "NOOP", func() error { return client.Noop().Wait() }); err != nil {
		return nil, err
	}
	var found []imap.UID
	err := s.do(ctx, "UID SEARCH", func() error {
		data, err := client.UIDSearch(&imap.SearchCriteria{Header: []imap.SearchCriteriaHeaderField{{Key: "Subject", Value: subject}}}, nil).Wait()
		if err == nil {
			found = data.AllUIDs()
		}
		return err
	})
	if err != nil || len(found) == 0 {
		return nil, err
	}
	return s.confirm(ctx, found[max(0, len(found)-maxFound):], subject)
}

func (s *session) confirm(ctx context.Context, found []imap.UID, subject string) (imap.UIDSet, error) {
	var ours imap.UIDSet
	err := s.do(ctx, "UID FETCH", func() error {
		messages, err := s.lib.client.Fetch(imap.UIDSetNum(found...), &imap.FetchOptions{UID: true, Envelope: true}).Collect()
		for _, m := range messages {
			if m.UID != 0 && m.Envelope != nil && m.Envelope.Subject == subject {
				ours.AddNum(m.UID)
			}
		}
		return err
	})
	return ours, err
}

// remove deletes these messages and no others: by UID EXPUNGE (RFC 4315 §2.1),
// or by EXPUNGE if nothing else is marked as deleted.
func (s *session) remove(ctx context.Context, uids imap.UIDSet) error {
	client := s.lib.client
	plus, others := false, false
	err := s.do(ctx, "UID SEARCH DELETED", func() error {
		plus = s.lib.announces("UIDPLUS") || has(s.Result.Capabilities, "UIDPLUS")
		data, err := client.UIDSearch(&imap.SearchCriteria{Flag: []imap.Flag{imap.FlagDeleted}}, nil).Wait()
		others = err == nil && len(data.AllUIDs()) > 0
		return err
	})
	switch {
	case err != nil:
		return err
	case others && !plus:
		return probe.Skip("other messages are marked as deleted, and would go with it")
	}
	err = s.do(ctx, "UID STORE", func() error {
		return client.Store(uids, &imap.StoreFlags{Op: imap.StoreFlagsAdd, Silent: true, Flags: []imap.Flag{imap.FlagDeleted}}, nil).Close()
	})
	if err != nil {
		return err
	}
	return s.do(ctx, "EXPUNGE", func() error {
		if plus {
			return client.UIDExpunge(uids).Close()
		}
		return client.Expunge().Close()
	})
}

// do runs one command of the library; a refusal is an error.
func (s *session) do(ctx context.Context, command string, run func() error) error {
	s.InStep(false)
	reply, err := s.call(ctx, run)
	if err != nil {
		return err
	}
	s.InStep(reply != nil && !reply.Ends())
	switch {
	case reply == nil:
		return &probe.ProtocolError{Fault: probe.ClosedEarly, Detail: command + " was not answered"}
	case !reply.Positive():
		return &probe.ReplyError{Command: command, Reply: *reply}
	}
	return nil
}
