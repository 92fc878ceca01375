package main

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/pflag"

	"mailprobe/internal/tlscheck"
	"mailprobe/internal/verify"
)

// tlsFlags say how thoroughly TLS is looked at.
type tlsFlags struct {
	expiry days
	noAIA  bool
	scan   bool
}

func (f *tlsFlags) register(set *pflag.FlagSet) {
	set.Var(&f.expiry, "expiry-warning", "warn of a certificate that ends within this `TIME`, such as 14d (default: by its lifetime)")
	set.BoolVar(&f.noAIA, "no-aia", false, "never fetch a missing intermediate certificate in order to explain the fault")
	set.BoolVar(&f.scan, "tls-scan", false, "list the TLS versions, cipher suites and groups that each server accepts")
}

// apply sets what a handshake is checked against.
func (f *tlsFlags) apply(c *tlscheck.Config) {
	c.ExpiryWarning = time.Duration(f.expiry)
	c.Mozilla = tlscheck.MozillaRoots()
	c.Verifier = new(tlscheck.Verifier)
	if !f.noAIA {
		c.AIA = tlscheck.Fetcher{}
	}
}

// days is a flag that takes whole days, such as 14d, or a duration.
type days time.Duration

func (d *days) Type() string { return "time" }

func (d *days) String() string {
	if *d == 0 {
		return ""
	}
	return time.Duration(*d).String()
}

// words is how one says it: whole days as days.
func (d *days) words() string {
	if v := time.Duration(*d); v%(24*time.Hour) != 0 {
		return v.String()
	}
	return fmt.Sprintf("%dd", time.Duration(*d)/(24*time.Hour))
}

func (d *days) Set(text string) error {
	if number, ok := strings.CutSuffix(text, "d"); ok {
		n, err := strconv.ParseUint(number, 10, 16)
		if err != nil {
			return fmt.Errorf("%q is no number of days; write it like 14d", text)
		}
		*d = days(time.Duration(n) * 24 * time.Hour)
		return nil
	}
	v, err := time.ParseDuration(text)
	if err != nil || v < 0 {
		return fmt.Errorf("%q is no time; write it like 14d or 36h", text)
	}
	*d = days(v)
	return nil
}

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
