package probe_test

import (
	"sync"
	"testing"
	"time"

	"mailprobe/internal/lab"
	"mailprobe/internal/probe"
	"mailprobe/internal/settings"
)

// TestTestMessageIsOne: of several servers to send by one sends the message,
// and of several mailboxes one looks for it. The others have nothing to do
// with it, and ask what they ask of every account.
func TestTestMessageIsOne(t *testing.T) {
	for _, reader := range []settings.Protocol{settings.IMAP, settings.POP3} {
		t.Run(string(reader), func(t *testing.T) {
			t.Parallel()
			endpoints := []settings.Endpoint{at(settings.SMTP, settings.TLS), at(settings.SMTP, settings.StartTLS), at(reader, settings.TLS), at(reader, settings.StartTLS)}
			l := startLab(t, lab.Servers(endpoints...)...)
			opt := withPassword()
			opt.Message = probe.NewTestMessage(user, reader, 10*time.Second)
			results := make([]*probe.Result, len(endpoints))
			var wait sync.WaitGroup
			for i, e := range endpoints {
				wait.Go(func() { results[i] = probeLab(t, l, e, opt) })
			}
			wait.Wait()
			sent, deleted := 0, 0
			for _, r := range results {
				if d := r.Message; d != nil && d.Sent {
					sent++
				} else if d != nil && d.Deleted {
					deleted++
				} else if d != nil || r.FailedStep() != nil || r.Endpoint.Protocol == settings.SMTP && r.Sender != user {
					t.Errorf("%v\ngot  %+v, %s\nwant it to have nothing to do with the message\n%s", r.Endpoint, d, summary(r), transcript(r))
				}
			}
			if sent != 1 || deleted != 1 {
				t.Errorf("got  %d sent, %d deleted\nwant one each", sent, deleted)
			}
		})
	}
}
