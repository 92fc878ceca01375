package main

import (
	"errors"
	"fmt"
	"math"
	"net/netip"
	"strconv"
	"strings"
	"time"

	"mailprobe/internal/safe"
	"mailprobe/internal/settings"
)

// checkEHLO takes a host name or an address in brackets (RFC 5321 §4.1.3).
func checkEHLO(name string) error {
	if name == "" {
		return nil
	}
	inside, bracketed := strings.CutPrefix(name, "[")
	if bracketed {
		inside = strings.TrimPrefix(strings.TrimSuffix(inside, "]"), "IPv6:")
		if _, err := netip.ParseAddr(inside); err == nil && strings.HasSuffix(name, "]") {
			return nil
		}
	} else if host, err := settings.Host(name); err == nil && !strings.ContainsAny(host, ":") {
		return nil
	}
	return fmt.Errorf("--ehlo %s: write a host name such as host.example.com, or an address in brackets such as [192.0.2.1]", safe.Display(name))
}

// A timeSpan is the value of a flag that says how long: 90s, 1m30s, or a bare
// number of seconds. It is more than zero.
type timeSpan struct{ *time.Duration }

func (t timeSpan) Set(text string) error {
	d, err := time.ParseDuration(text)
	if seconds, bare := strconv.ParseFloat(text, 64); bare == nil && !(math.Abs(seconds) > math.MaxInt32) {
		d, err = time.Duration(seconds*float64(time.Second)), nil
	}
	switch {
	case err != nil:
		return errors.New("no time; write it like 90s or 1m30s, or as a number of seconds")
	case d <= 0:
		return errors.New("it must be more than zero, for example 90s")
	}
	*t.Duration = d
	return nil
}

// String is empty for zero: then the usage text names no default.
func (t timeSpan) String() string {
	if t.Duration == nil || *t.Duration == 0 {
		return ""
	}
	return t.Duration.String()
}

// Type is the word for the value in the usage text.
func (timeSpan) Type() string { return "TIME" }
