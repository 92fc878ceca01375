// Package report puts a finished verify.Report into words: text for people,
// JSON for programs, JUnit for CI systems. It decides nothing and dials
// nothing. All text from outside passes package safe on its way out.
package report

import (
	"fmt"
	"io"
	"strings"

	"mailprobe/internal/verify"
)

// Options say how a report is written. The zero value is plain text, 80
// columns wide.
type Options struct {
	Version string // of mailprobe, for documents; empty: "unknown"
	Width   int    // columns of the text; 0: 80. Less than 60 counts as 60
	Color   bool
	Verbose bool // text: phases, capabilities and certificates as well
	Quiet   bool // text: the answer only

	// Unwrapped leaves the lines of a dialogue whole, for programs that read
	// them; text for a terminal wraps and cuts them.
	Unwrapped bool
}

func (o Options) width() int {
	if o.Width == 0 {
		return 80
	}
	return max(o.Width, 60)
}

func (o Options) version() string {
	if o.Version == "" {
		return "unknown"
	}
	return o.Version
}

// A Format writes the reports of one run, one for each target.
type Format func(w io.Writer, reports []*verify.Report, o Options) error

var formats = []struct {
	name  string
	write Format
}{
	{"text", writeText},
	{"json", writeJSON},
	{"junit", writeJUnit},
}

// Formats lists the names of all formats, the default first.
func Formats() []string {
	names := make([]string, len(formats))
	for i, f := range formats {
		names[i] = f.name
	}
	return names
}

// Find returns the format of a name. The error of an unknown name says which
// there are.
func Find(name string) (Format, error) {
	for _, f := range formats {
		if f.name == name {
			return f.write, nil
		}
	}
	hint := ""
	if s := suggest(name, Formats()); s != "" {
		hint = fmt.Sprintf(" (did you mean %s?)", s)
	}
	return nil, fmt.Errorf("unknown output format %q%s; there are %s", name, hint, strings.Join(Formats(), ", "))
}
