package main

import (
	"runtime/debug"
	"slices"
	"time"

	"github.com/spf13/pflag"

	"mailprobe/internal/settings"
	"mailprobe/internal/verify"
)

// lookFlags say how far a run looks beyond the documented settings.
type lookFlags struct {
	allAddresses   bool
	noAlternatives bool
	noControl      bool
}

func (f *lookFlags) register(set *pflag.FlagSet) {
	set.BoolVar(&f.allAddresses, "all-addresses", false, "repeat the dialogue, without signing in, at every address of each server")
	set.BoolVar(&f.noAlternatives, "no-alternatives", false, "do not look for settings that work where documented ones fail")
	set.BoolVar(&f.noControl, "no-control", false, "connect to no other server for comparison where nothing answers")
}

func (f *lookFlags) apply(p *verify.Plan) {
	p.AllAddresses, p.NoAlternatives, p.NoControl = f.allAddresses, f.noAlternatives, f.noControl
	p.Built = built()
}

// controls are the documented servers of the other providers, for comparison.
func (a *app) controls(than *settings.Settings) []settings.Endpoint {
	var all []settings.Endpoint
	for _, s := range a.providers.All() {
		for _, e := range s.Endpoints {
			if e.Role == settings.Documented && (than == nil || s.ID != than.ID) {
				all = append(all, e.Endpoint)
			}
		}
	}
	return all
}

// recognise tells whose server it is, by its host name or its greeting. Where
// several providers greet alike, the one with the fewest mail domains of its
// own is meant: a server under another name is an organisation's.
func (a *app) recognise(host, greeting string) *settings.Settings {
	found := a.providers.ByHost(host)
	if len(found) == 0 {
		found = a.providers.ByGreeting(greeting)
	}
	if len(found) == 0 {
		return nil
	}
	return slices.MinFunc(found, func(x, y *settings.Settings) int { return len(x.Domains) - len(y.Domains) })
}

// builtOn is set by packagers: -ldflags "-X main.builtOn=2026-11-23T00:00:00Z".
var builtOn string

// built returns when this program was built, as far as it knows: the date of
// its source, which is earlier. Zero: not known.
func built() time.Time {
	if t, err := time.Parse(time.RFC3339, builtOn); err == nil {
		return t
	}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return time.Time{}
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.time" {
			t, _ := time.Parse(time.RFC3339, s.Value)
			return t
		}
	}
	return time.Time{}
}
