package verify

import (
	"context"
	"slices"

	"mailprobe/internal/probe"
	"mailprobe/internal/settings"
)

// maxAlso is how many servers one run looks at as well.
const maxAlso = 16

// lookAlso begins to look at what the plan wants as well, beside the dialogues.
// What it returns waits for the end of it.
func (p Plan) lookAlso(ctx context.Context) func() []Endpoint {
	wanted := slices.DeleteFunc(slices.Clone(p.Also), func(e settings.Endpoint) bool { return !p.mayContact(e) })
	if len(wanted) == 0 {
		return func() []Endpoint { return nil }
	}
	wanted = wanted[:min(len(wanted), maxAlso)]
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
