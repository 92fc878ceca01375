package main

import (
	"errors"
	"math"
	"strconv"
	"time"
)

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
func (timeSpan) Type() string { return "duration" }
