package report

import (
	"github.com/fatih/color"

	"mailprobe/internal/verify"
)

// An ink is the set of colours of one writer. Text is padded before it is
// coloured, so that columns stay straight.
type ink struct{ plain, good, bad, warn, dim, strong *color.Color }

func newInk(on bool) ink {
	i := ink{
		plain:  color.New(),
		good:   color.New(color.FgGreen),
		bad:    color.New(color.FgRed, color.Bold),
		warn:   color.New(color.FgYellow),
		dim:    color.New(color.Faint),
		strong: color.New(color.Bold),
	}
	i.plain.DisableColor()
	for _, c := range []*color.Color{i.good, i.bad, i.warn, i.dim, i.strong} {
		if on {
			c.EnableColor()
		} else {
			c.DisableColor()
		}
	}
	return i
}

func (i ink) verdict(v verify.Verdict) *color.Color {
	switch v {
	case verify.Works:
		return i.good
	case verify.Fails:
		return i.bad
	default:
		return i.warn
	}
}
