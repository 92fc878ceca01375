package report

import (
	"fmt"
	"io"
	"strings"
	"sync"
	"time"

	"mailprobe/internal/language"
	"mailprobe/internal/safe"
	"mailprobe/internal/settings"
)

// Progress is redrawn no more often than this, and as often as its clock needs
// it; it shows no more endpoints.
const (
	redrawEvery = 80 * time.Millisecond
	clockEvery  = time.Second
	maxRunning  = 10
)

// A Progress shows on a terminal what a run is doing: one line for each
// endpoint that is not finished, rewritten in place. Its methods may be called
// from several goroutines. A nil Progress shows nothing.
type Progress struct {
	mu       sync.Mutex
	w        io.Writer
	l        *language.Language
	width    int
	running  []waiting // in the order in which they started
	finished int
	drawn    int         // lines on the terminal
	timer    *time.Timer // nil: nothing is waiting to be drawn
	clock    *time.Timer // draws again when nothing happens; nil: nothing was drawn yet
	started  time.Time
	ended    bool
}

// waiting is an endpoint and the phase that it is in.
type waiting struct {
	endpoint settings.Endpoint
	phase    string
}

// NewProgress returns the progress of one run on w, which must be a terminal;
// where it is none, use a nil *Progress. Width is in columns; a nil language is
// English.
func NewProgress(w io.Writer, width int, l *language.Language) *Progress {
	return &Progress{w: w, l: l, width: width, started: time.Now()}
}

// Step takes note of a phase of e that has ended.
func (p *Progress) Step(e settings.Endpoint, phase string) {
	if p == nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.ended {
		return
	}
	p.note(e, phase)
	if p.timer == nil {
		p.timer = time.AfterFunc(redrawEvery, p.redraw)
	}
}

// note moves e to the phase behind the one that has ended, or to the finished.
func (p *Progress) note(e settings.Endpoint, ended string) {
	i := p.find(e)
	next := phaseAfter(ended)
	if next != "" {
		p.running[i].phase = next
		return
	}
	p.running = append(p.running[:i], p.running[i+1:]...)
	p.finished++
}

// find returns the index of e among the running, where it is put if it is new.
func (p *Progress) find(e settings.Endpoint) int {
	for i, r := range p.running {
		if r.endpoint == e {
			return i
		}
	}
	p.running = append(p.running, waiting{endpoint: e})
	return len(p.running) - 1
}

func phaseAfter(name string) string {
	for i, ph := range phases[:len(phases)-1] {
		if ph.name == name {
			return phases[i+1].name
		}
	}
	return ""
}

// Finish removes the lines from the terminal. Steps that come later are
// ignored.
func (p *Progress) Finish() {
	if p == nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.ended = true
	for _, timer := range []*time.Timer{p.timer, p.clock} {
		if timer != nil {
			timer.Stop()
		}
	}
	io.WriteString(p.w, p.erase())
}

func (p *Progress) redraw() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.timer = nil
	if p.ended {
		return
	}
	lines := p.lines()
	out := p.erase()
	for _, l := range lines {
		out += safe.Clip(l, p.width-1) + "\n"
	}
	p.drawn = len(lines)
	io.WriteString(p.w, out)
	if p.clock == nil {
		p.clock = time.AfterFunc(clockEvery, p.redraw)
	} else {
		p.clock.Reset(clockEvery)
	}
}

// erase returns what takes the drawn lines off the terminal.
func (p *Progress) erase() string {
	if p.drawn == 0 {
		return ""
	}
	n := p.drawn
	p.drawn = 0
	return fmt.Sprintf("\x1b[%dA\r\x1b[J", n)
}

func (p *Progress) lines() []string {
	var lines []string
	for _, r := range p.running[:min(len(p.running), maxRunning)] {
		lines = append(lines, fmt.Sprintf("%-4s  %s  %s ...", r.endpoint.Protocol.Name(), r.endpoint.Address(), phaseWords(p.l, r.phase)))
	}
	var more []string
	if n := len(p.running) - maxRunning; n > 0 {
		more = append(more, p.l.Say("{n} more running", "n", n))
	}
	if p.finished > 0 {
		more = append(more, p.l.Say("{n} finished", "n", p.finished))
	}
	more = append(more, fmt.Sprintf("%.0f s", time.Since(p.started).Truncate(time.Second).Seconds()))
	return append(lines, strings.Join(more, ", "))
}

// StepLine says that a phase of a dialogue has ended, and whether it was done.
// What the server said is not in it.
func StepLine(l *language.Language, e settings.Endpoint, phase string, done bool, took time.Duration) string {
	how := language.Template("{server}: {phase}: done in {n} s")
	if !done {
		how = "{server}: {phase}: failed after {n} s"
	}
	return l.Say(how, "server", e.Protocol.Name()+" "+safe.Display(e.Address()), "phase", phaseWords(l, phase), "n", decimal(l, took.Seconds(), 2))
}
