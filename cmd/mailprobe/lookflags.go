package main

import (
	"github.com/spf13/pflag"

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
}
