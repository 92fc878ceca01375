package verify

import (
	"context"

	"mailprobe/internal/probe"
	"mailprobe/internal/settings"
)

// maxAlso is how many servers one run looks at as well.
const maxAlso = 16

// also are the servers that may be looked at as well.
func (p Plan) also() []settings.Setting {
	var all []settings.Setting
	for _, e := range p.Also {
		if len(all) < maxAlso && p.mayContact(e) {
			all = append(all, settings.Setting{Endpoint: e})
		}
	}
	return all
}

// lookAlso begins to look at what the plan wants as well, beside the dialogues.
// What it returns waits for the end of it.
func (p *Plan) lookAlso(ctx context.Context) func() []Endpoint {
	var wanted []settings.Endpoint
	for _, s := range p.also() {
		wanted = append(wanted, s.Endpoint)
	}
	if len(wanted) == 0 {
		return func() []Endpoint { return nil }
	}
	seen := make(chan []*probe.Result, 1)
	opt := p.hurried()
	go func() {
		seen <- probeBesides(ctx, wanted, func(e settings.Endpoint) *probe.Result { return speaking(e, opt).Probe(ctx) })
	}()
	return func() []Endpoint {
		var all []Endpoint
		for _, result := range <-seen {
			all = append(all, p.judge(settings.Setting{Endpoint: result.Endpoint}, result))
		}
		return all
	}
}
