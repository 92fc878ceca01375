package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"

	"mailprobe/internal/document"
	"mailprobe/internal/report"
)

// An outlet is an output that is written to. Its first error ends it.
type outlet struct {
	output
	options report.Options
	to      io.Writer // nil: nothing was written yet
	summary *os.File  // of the step that GitHub runs; nil: there is none
	writer  report.Writer
	err     error
}

// outlets returns the outputs, ready for the reports of some targets. Nothing
// is opened before there is something to write.
func (a *app) outlets(f *runFlags, outputs []output, targets int) outlets {
	width, terminal := terminalWidth(a.stdout)
	list := outlets{stdout: a.stdout}
	for _, out := range outputs {
		list.all = append(list.all, &outlet{output: out, options: report.Options{
			Version: version(), Targets: targets, Suite: f.suite, Files: f.ofFiles, Width: width, Verbose: f.verbose, Quiet: f.quiet, Strict: f.strict,
			Language: a.lang.Language, Compare: f.published.compare, Card: f.published.card, From: thisComputer(), Over: f.results.over, Unwrapped: out.file != "" || !terminal,
			Color:  out.file == "" && terminal && !f.noColor && os.Getenv("NO_COLOR") == "",
			Frames: out.file == "" && terminal && hasFrames(os.Getenv), Plain: f.plain,
		}})
	}
	list.saved = f.baseline.saver(targets, a.stderr)
	return list
}

// thisComputer names the computer as its users know it, and its system.
func thisComputer() string {
	system := runtime.GOOS + "/" + runtime.GOARCH
	if name, err := os.Hostname(); err == nil && name != "" {
		return name + " (" + system + ")"
	}
	return system
}

type outlets struct {
	all    []*outlet
	stdout io.Writer
	saved  *saver // nil: no baseline is saved
}

// report writes a document to all outputs. It must not be called by several
// goroutines at once. What goes wrong is told by end.
func (o outlets) report(d *document.Document) {
	for _, out := range o.all {
		out.write(o.stdout, func(w report.Writer) error { return w.Report(d) })
	}
	o.saved.report(d)
}

// end ends all outputs, and reports every one that failed.
func (o outlets) end() error {
	var errs []error
	for _, out := range o.all {
		out.write(o.stdout, report.Writer.End)
		if file, ok := out.to.(*os.File); ok && out.file != "" {
			out.fail(file.Close())
		}
		if out.summary != nil {
			out.fail(out.summary.Close())
		}
		errs = append(errs, out.err)
	}
	errs = append(errs, o.saved.end())
	return errors.Join(errs...)
}

// write opens the output where that was not done, and writes to it.
func (o *outlet) write(stdout io.Writer, part func(report.Writer) error) {
	if o.to == nil && o.err == nil {
		o.fail(o.open(stdout))
	}
	if o.err == nil {
		o.fail(part(o.writer))
	}
}

func (o *outlet) open(stdout io.Writer) (err error) {
	o.to = stdout
	if o.file != "" {
		if o.to, err = os.Create(o.file); err != nil {
			o.to = nil
			return errors.Unwrap(err)
		}
	}
	if err := o.summarise(); err != nil {
		return err
	}
	if o.writer, err = report.New(o.name, o.to, o.options); err != nil {
		return err
	}
	return o.writer.Begin()
}

// summarise opens the summary of the step that GitHub runs, for the format that
// writes one.
func (o *outlet) summarise() error {
	path := os.Getenv("GITHUB_STEP_SUMMARY")
	if o.name != "github" || path == "" {
		return nil
	}
	file, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	o.summary, o.options.Summary = file, file
	if info, err := file.Stat(); err == nil {
		o.options.SummarySize = int(info.Size())
	}
	return nil
}

// fail keeps the first error, with the name of the file.
func (o *outlet) fail(err error) {
	if err == nil || o.err != nil {
		return
	}
	o.err = err
	if o.file != "" {
		o.err = fmt.Errorf("cannot write %s: %w", o.file, err)
	}
}
