package verify

import (
	"sync"

	"mailprobe/internal/probe"
	"mailprobe/internal/settings"
)

// A parting tells the endpoints of a run that wait for the test message when
// nobody is left who could do the other part.
type parting struct {
	message *probe.TestMessage // nil: there is none
	mu      sync.Mutex
	left    map[settings.Protocol]int
}

func newParting(p Plan) *parting {
	left := map[settings.Protocol]int{}
	for _, s := range p.Endpoints {
		left[s.Protocol]++
	}
	m := p.Options.Message
	if m != nil && left[settings.SMTP] == 0 {
		m.NoSender()
	}
	if m != nil && left[m.Reader] == 0 {
		m.NoReader()
	}
	return &parting{message: m, left: left}
}

// finished says that a probe of a protocol has come to its end.
func (p *parting) finished(protocol settings.Protocol) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.left[protocol]--
	if p.message == nil || p.left[protocol] > 0 {
		return
	}
	switch protocol {
	case settings.SMTP:
		p.message.NoSender()
	case p.message.Reader:
		p.message.NoReader()
	}
}
