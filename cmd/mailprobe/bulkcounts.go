package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"time"

	"golang.org/x/time/rate"

	"mailprobe/internal/bulk"
	"mailprobe/internal/safe"
)

// bulkStatus is the exit status over all results, or says what ended the run.
func bulkStatus(ctx, limited context.Context, c *bulk.Count, err error) error {
	switch {
	case err != nil:
		return &statusError{exitUnknown, err}
	case ctx.Err() != nil:
		return &statusError{status: exitInterrupted}
	case limited.Err() != nil:
		return &statusError{exitUnknown, fmt.Errorf("the time for the whole run was over before all was verified; go on with --resume")}
	case c.AllNameless():
		return &statusError{exitUnknown, errors.New("no name of the list has an address, so this computer's DNS server is more likely at fault than the whole list; " +
			"see whether 'mailprobe gmail' works from here, then repeat it")}
	case c.Fails.Load() > 0:
		return &statusError{status: exitFails}
	case c.Unknown.Load() > 0 || c.Left.Load() > 0:
		return &statusError{status: exitUnknown}
	case c.Targets.Load()+c.Elsewhere.Load() == 0:
		return errors.New("the list names no target")
	}
	return nil
}

// openList opens the list that the arguments name.
func (a *app) openList(args []string) (io.ReadCloser, error) {
	switch {
	case len(args) > 1:
		return nil, errors.New("write it like this: mailprobe bulk FILE, with one file, or - for the standard input")
	case len(args) == 0 || args[0] == "-":
		if _, terminal := terminalWidth(a.stdin); terminal && len(args) == 0 {
			return nil, errors.New("name the list: mailprobe bulk FILE, or - for the standard input")
		}
		return io.NopCloser(a.stdin), nil
	}
	file, err := os.Open(args[0])
	if err != nil {
		return nil, fmt.Errorf("cannot read the list %s: %w", safe.Display(args[0]), errors.Unwrap(err))
	}
	if info, err := file.Stat(); err == nil && info.IsDir() {
		file.Close()
		return nil, fmt.Errorf("%s is a folder; a list is a file, and a line of it may name the folder", safe.Display(args[0]))
	} else if err == nil {
		return &listFile{File: file, size: info.Size()}, nil
	}
	return file, nil
}

// bulkSummary says what became of a list.
func bulkSummary(c *bulk.Count, took time.Duration) string {
	var more []string
	for _, part := range []struct {
		n    int64
		text string
	}{
		{c.Unread.Load(), "name nothing that can be verified"},
		{c.Held.Load(), "verified before"},
		{c.Elsewhere.Load(), "in other shards"},
		{c.Left.Load(), "begun and not finished"},
	} {
		if part.n > 0 {
			more = append(more, fmt.Sprintf("%d %s", part.n, part.text))
		}
	}
	text := fmt.Sprintf("mailprobe: %d targets: %d work, %d fail, %d unknown", c.Targets.Load(), c.Works.Load(), c.Fails.Load(), c.Unknown.Load())
	if len(more) > 0 {
		text += "; " + strings.Join(more, ", ")
	}
	per := float64(c.Dialled.Load()) / max(took.Seconds(), 0.001)
	return text + fmt.Sprintf("; %d endpoints dialled, %d of them for several targets, in %s (%.0f/s)", c.Dialled.Load(), c.Shared.Load(), took.Round(time.Second/10), per)
}

// A count is a flag that takes a number from 1 on; 0: not given.
type count int

func (c *count) Type() string { return "N" }

func (c *count) String() string {
	if *c == 0 {
		return ""
	}
	return strconv.Itoa(int(*c))
}

func (c *count) Set(text string) error {
	n, err := strconv.ParseUint(text, 10, 20)
	if err != nil || n == 0 {
		return errors.New("write a number from 1 to 1048575")
	}
	*c = count(n)
	return nil
}

// A rateFlag is how many in a second, written as 50/s, 600/m or 50.
type rateFlag struct {
	text  string
	limit rate.Limit
}

func (r *rateFlag) Type() string { return "N/s" }

func (r *rateFlag) String() string { return r.text }

func (r *rateFlag) Set(text string) error {
	number, unit, _ := strings.Cut(text, "/")
	per := map[string]float64{"": 1, "s": 1, "m": 60, "h": 3600}[unit]
	n, err := strconv.ParseFloat(number, 64)
	if err != nil || per == 0 || !(n > 0 && n <= 1e6) {
		return errors.New("write it like 50/s, or 600/m")
	}
	r.text, r.limit = text, rate.Limit(n/per)
	return nil
}
