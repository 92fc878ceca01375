package report

import (
	"bytes"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"mailprobe/internal/probe"
	"mailprobe/internal/settings"
)

func progressEndpoint(port uint16) settings.Endpoint {
	return settings.Endpoint{Protocol: settings.IMAP, Host: "imap.example.com", Port: port, Security: settings.TLS}
}

func TestProgress(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var b bytes.Buffer
		p := NewProgress(&b, 80, nil)
		step := func(port uint16, phase string) {
			p.Step(progressEndpoint(port), phase)
		}
		expect := func(what, want string) {
			t.Helper()
			time.Sleep(redrawEvery) // of the bubble's clock
			synctest.Wait()
			p.mu.Lock() // its clock may go at any time
			defer p.mu.Unlock()
			if got := b.String(); got != want {
				t.Errorf("%s\n got %q\nwant %q", what, got, want)
			}
			b.Reset()
		}
		step(993, probe.Resolve)
		step(143, probe.Resolve)
		step(143, probe.Connect)
		expect("drawn once for three steps", "IMAP  imap.example.com:993  connect ...\nIMAP  imap.example.com:143  start encryption ...\n0 s\n")
		expect("without steps", "")
		time.Sleep(clockEvery) // of the bubble's clock
		expect("the clock goes on", "\x1b[3A\r\x1b[JIMAP  imap.example.com:993  connect ...\nIMAP  imap.example.com:143  start encryption ...\n1 s\n")
		step(993, probe.Quit)
		expect("one is finished", "\x1b[3A\r\x1b[JIMAP  imap.example.com:143  start encryption ...\n1 finished, 1 s\n")
		step(143, probe.Access)
		expect("the last phase", "\x1b[2A\r\x1b[JIMAP  imap.example.com:143  say goodbye ...\n1 finished, 1 s\n")
		step(143, probe.Capabilities)
		p.Finish()
		step(143, probe.Quit)
		expect("cleared", "\x1b[2A\r\x1b[J")
		p.Finish()
		expect("cleared twice", "")
	})
}

func TestProgressStaysSmall(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var b bytes.Buffer
		p := NewProgress(&b, 20, nil)
		var wg sync.WaitGroup
		for port := range uint16(40) {
			wg.Go(func() { p.Step(progressEndpoint(port+1), probe.Resolve) })
		}
		wg.Wait()
		time.Sleep(redrawEvery)
		synctest.Wait()
		p.Finish()
		lines := strings.Split(b.String(), "\n")
		if got, want := len(lines), maxRunning+2; got != want {
			t.Errorf("lines\n got %d\nwant %d", got, want)
		}
		for _, l := range lines[:len(lines)-1] {
			if len([]rune(l)) >= 20 {
				t.Errorf("%q would wrap", l)
			}
		}
	})
}

func TestNoProgress(t *testing.T) {
	var p *Progress
	p.Step(progressEndpoint(993), probe.Resolve)
	p.Finish()
}
