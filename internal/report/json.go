package report

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"mailprobe/internal/document"
)

// A jsonWriter writes the document of one report, or one object around those
// of several. The verdict over all stands behind them: it is known last.
type jsonWriter struct {
	w       io.Writer
	o       Options
	verdict document.Text // of those that came; empty: none did
	suite   document.Suite
	begun   bool // the object around several is open
}

func newJSON(w io.Writer, o Options) Writer { return &jsonWriter{w: w, o: o} }

func (j *jsonWriter) Begin() error {
	if j.o.Targets == 1 && j.o.Suite == nil {
		return nil
	}
	return j.open()
}

// open writes the head of the object around several.
func (j *jsonWriter) open() error {
	j.begun = true
	version, err := json.Marshal(document.Text(cmp.Or(j.o.Version, "unknown")))
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(j.w, "{\n  \"schema\": %d,\n  \"mailprobe\": %s,\n  \"reports\": [", document.Schema, version)
	return err
}

func (j *jsonWriter) Report(d *document.Document) error {
	first := j.verdict == ""
	if d.Case != nil && j.o.Suite != nil {
		j.suite.Count(d.Case)
	}
	j.verdict = document.Worse(j.verdict, cmp.Or(d.Counted(), document.Unknown))
	if !j.begun {
		return encode(j.w, "", d)
	}
	separator := ",\n    "
	if first {
		separator = "\n    "
	}
	var b bytes.Buffer
	b.WriteString(separator)
	if err := encode(&b, "    ", d); err != nil {
		return err
	}
	_, err := j.w.Write(bytes.TrimSuffix(b.Bytes(), []byte("\n")))
	return err
}

// End closes the object around several. Where one report was to come and none
// did, it is an object around none.
func (j *jsonWriter) End() error {
	if !j.begun {
		if j.verdict != "" {
			return nil
		}
		if err := j.open(); err != nil {
			return err
		}
	}
	end := "\n  ]"
	if j.verdict == "" {
		end = "]"
	}
	over := cmp.Or(j.verdict, document.Unknown)
	if j.o.Over != nil {
		over = j.o.Over.Verdict()
	}
	verdict, err := json.Marshal(over)
	if err != nil {
		return err
	}
	suite, err := j.suiteField()
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(j.w, "%s,\n%s  \"verdict\": %s\n}\n", end, suite, verdict)
	return err
}

// suiteField is what stands of a suite in the object around its cases; empty: it
// was none.
func (j *jsonWriter) suiteField() (string, error) {
	if j.o.Suite == nil {
		return "", nil
	}
	j.suite.Name, j.suite.File, j.suite.Cases = j.o.Suite.Name, j.o.Suite.File, j.o.Suite.Cases
	var b bytes.Buffer
	if err := encode(&b, "  ", j.suite); err != nil {
		return "", err
	}
	return "  \"suite\": " + strings.TrimSuffix(b.String(), "\n") + ",\n", nil
}

// encode writes v as every JSON of this program is written: indented, each
// line but the first behind a margin, and with <, > and & as they are.
func encode(w io.Writer, margin string, v any) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent(margin, "  ")
	return e.Encode(v)
}
