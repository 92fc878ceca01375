package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"

	"mailprobe/internal/bulk"
	"mailprobe/internal/document"
	"mailprobe/internal/report"
	"mailprobe/internal/safe"
)

// bulkResults are where the results of a list go. Each target's are written at
// once, so that a run that is killed leaves one line unfinished at most.
type bulkResults struct {
	to     io.Writer
	file   *os.File // nil: the standard output
	held   *bulk.Held
	buffer bytes.Buffer
	writer report.Writer
}

// openResults opens what the results are written to, behind those that are held.
func (a *app) openResults(f *bulkFlags) (*bulkResults, error) {
	if f.json {
		f.output = append(f.output, "ndjson")
	}
	outputs, err := outputsOf(append(f.output, defaultOutput(f.output)...), false, bulkFormat)
	if err != nil {
		return nil, err
	}
	if len(outputs) > 1 {
		return nil, errors.New("bulk writes one format: -o ndjson or -o csv, to a file with =FILE")
	}
	r, out := &bulkResults{to: a.stdout}, outputs[0]
	same, err := a.sameFile(f.resume, out)
	if err != nil {
		return nil, err
	}
	before, _ := os.Stat(f.resume)
	earlier, err := readHeld(f.resume, same)
	if err != nil {
		return nil, err
	}
	begun := earlier != nil && same && earlier.Format != ""
	if begun && earlier.Format != out.name {
		return nil, fmt.Errorf("%s holds %s, and %s would be written behind it; name another file", safe.Display(f.resume), earlier.Format, out.name)
	}
	if earlier != nil {
		r.held = earlier.Held
		if n := earlier.Torn(); n > 0 {
			fmt.Fprintf(a.stderr, "mailprobe: %d lines of %s cannot be read; what they held is verified anew\n", n, safe.Display(f.resume))
		}
	}
	if out.file != "" {
		if err := r.open(out.file, same); err != nil {
			return nil, err
		}
		if now, err := r.file.Stat(); same && earlier != nil && (err != nil || before == nil || now.Size() != before.Size()) {
			return nil, fmt.Errorf("another run has written to %s just now; begin again", safe.Display(f.resume))
		}
	}
	if same && earlier != nil {
		if err := repair(f.resume, earlier, r.to); err != nil {
			return nil, err
		}
	}
	return r, r.begin(out.name, begun)
}

// open opens a file, behind what stands in it or anew, unless another run writes
// to it: what both wrote could not be told apart.
func (r *bulkResults) open(name string, behind bool) (err error) {
	mode := os.O_CREATE | os.O_WRONLY
	if behind {
		mode |= os.O_APPEND
	}
	if r.file, err = os.OpenFile(name, mode, 0o644); err != nil {
		return fmt.Errorf("cannot write %s: %w", safe.Display(name), errors.Unwrap(err))
	}
	r.to = r.file
	info, err := r.file.Stat()
	if err != nil || !info.Mode().IsRegular() {
		return err
	}
	if taken(r.file) {
		return fmt.Errorf("another run is writing to %s; wait for its end, or name another file", safe.Display(name))
	}
	if !behind {
		return r.file.Truncate(0)
	}
	return nil
}

// begin writes what stands before the results, unless it stands there already.
func (r *bulkResults) begin(format string, begun bool) (err error) {
	if r.writer, err = report.New(format, &r.buffer, report.Options{Version: version()}); err != nil {
		return err
	}
	if begun {
		return nil
	}
	if err := r.writer.Begin(); err != nil {
		return err
	}
	return r.flush()
}

// write writes the results of one target.
func (r *bulkResults) write(d *document.Document) error {
	if err := r.writer.Report(d); err != nil {
		return err
	}
	return r.flush()
}

func (r *bulkResults) flush() error {
	if r.buffer.Len() == 0 {
		return nil
	}
	_, err := r.to.Write(r.buffer.Bytes())
	r.buffer.Reset()
	if err != nil {
		return fmt.Errorf("cannot write the results: %w", err)
	}
	return nil
}

func (r *bulkResults) close() error {
	if r.file == nil {
		return nil
	}
	if err := r.file.Close(); err != nil {
		return fmt.Errorf("cannot write the results: %w", err)
	}
	return nil
}
