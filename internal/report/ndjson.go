package report

import (
	"bytes"
	"encoding/json"
	"io"
	"time"

	"mailprobe/internal/document"
)

// A lineHead is what stands on each line of NDJSON beside an endpoint.
type lineHead struct {
	Schema      int                `json:"schema"`
	Mailprobe   document.Text      `json:"mailprobe"`
	Index       int                `json:"index"`
	Target      document.Text      `json:"target"`
	Provider    *document.Provider `json:"provider"`
	Started     time.Time          `json:"started"`
	RunVerdict  document.Text      `json:"run_verdict"`
	RunFindings []document.Finding `json:"run_findings"`

	*document.Case   // nil: it was no suite that was run
	*document.Listed // nil: it was no list that was run
}

// An endpointLine is one endpoint of a run.
type endpointLine struct {
	lineHead
	document.Endpoint
}

// A runLine stands for a run without an endpoint: no run goes without a line.
type runLine struct {
	lineHead
	Verdict  document.Text      `json:"verdict"`
	Findings []document.Finding `json:"findings"` // those of the run
}

// An ndjsonWriter writes one line for each endpoint. It keeps nothing.
type ndjsonWriter struct{ w io.Writer }

func newNDJSON(w io.Writer, _ Options) Writer { return ndjsonWriter{w} }

func (n ndjsonWriter) Begin() error { return nil }

func (n ndjsonWriter) Report(d *document.Document) error {
	head := lineHead{d.Schema, d.Mailprobe, d.Index, d.Target, d.Provider, d.Started, d.Verdict, document.Each(d.Findings, same), d.Case, d.Listed}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if len(d.Endpoints) == 0 {
		if err := e.Encode(runLine{head, d.Verdict, head.RunFindings}); err != nil {
			return err
		}
	}
	for i := range d.Endpoints {
		if err := e.Encode(endpointLine{head, d.Endpoints[i]}); err != nil {
			return err
		}
	}
	_, err := n.w.Write(b.Bytes())
	return err
}

func (n ndjsonWriter) End() error { return nil }

func same[T any](v T) T { return v }
