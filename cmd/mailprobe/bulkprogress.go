package main

import (
	"fmt"
	"io"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"mailprobe/internal/bulk"
	"mailprobe/internal/safe"
)

// bulkEvery is how often the progress of a list is drawn.
const bulkEvery = 500 * time.Millisecond

// watchBulk shows how far a list is, where a person watches, until what it
// returns is called.
func (a *app) watchBulk(f *bulkFlags, c *bulk.Count, in io.Reader) (stop func()) {
	width, terminal := terminalWidth(a.stderr)
	if !terminal || f.quiet {
		return func() {}
	}
	over, started := make(chan struct{}), time.Now()
	var drawn sync.WaitGroup
	drawn.Go(func() {
		tick := time.NewTicker(bulkEvery)
		defer tick.Stop()
		for {
			select {
			case <-over:
				io.WriteString(a.stderr, "\r\x1b[K")
				return
			case <-tick.C:
				line := bulkProgress(c, share(in), time.Since(started))
				io.WriteString(a.stderr, "\r\x1b[K"+safe.Clip(line, width-1))
			}
		}
	})
	return func() { close(over); drawn.Wait() }
}

// share is how much of a list was read, from 0 to 1; 0: it has no length.
func share(in io.Reader) float64 {
	l, ok := in.(*listFile)
	if !ok || l.size <= 0 {
		return 0
	}
	return min(1, float64(l.read.Load())/float64(l.size))
}

// A listFile is a list of a known length.
type listFile struct {
	*os.File
	size int64
	read atomic.Int64
}

func (l *listFile) Read(p []byte) (int, error) {
	n, err := l.File.Read(p)
	l.read.Add(int64(n))
	return n, err
}

// bulkProgress says how far a list is: what is done, how fast, and where the
// length of the list is known how long it will take. read is the share of the
// list that was read.
func bulkProgress(c *bulk.Count, read float64, took time.Duration) string {
	done, targets := c.Done.Load(), c.Targets.Load()-c.Held.Load()
	perSecond := float64(done) / max(took.Seconds(), 0.001)
	line := fmt.Sprintf("%d done, %d running, %.1f/s; %d work, %d fail, %d unknown", done, c.Running.Load(), perSecond, c.Works.Load(), c.Fails.Load(), c.Unknown.Load())
	if read <= 0 || perSecond == 0 {
		return line
	}
	left := float64(targets)/read - float64(done)
	return line + fmt.Sprintf("; about %s left", (time.Duration(left/perSecond)*time.Second).Round(time.Second))
}
