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

// An ndjsonWriter writes one line for each endpoint. It keeps nothing but room.
type ndjsonWriter struct {
	w      io.Writer
	buffer bytes.Buffer
	lines  *json.Encoder // to the buffer
}

func newNDJSON(w io.Writer, _ Options) Writer {
	n := &ndjsonWriter{w: w}
	n.lines = json.NewEncoder(&n.buffer)
	n.lines.SetEscapeHTML(false)
	return n
}

func (n *ndjsonWriter) Begin() error { return nil }

func (n *ndjsonWriter) Report(d *document.Document) error {
	n.buffer.Reset()
	head := lineHead{d.Schema, d.Mailprobe, d.Index, d.Target, d.Provider, d.Started, d.Verdict, document.Each(d.Findings, same), d.Case, d.Listed}
	if len(d.Endpoints) == 0 {
		if err := n.lines.Encode(runLine{head, d.Verdict, head.RunFindings}); err != nil {
			return err
		}
	}
	for i := range d.Endpoints {
		if err := n.lines.Encode(endpointLine{head, d.Endpoints[i]}); err != nil {
			return err
		}
	}
	_, err := n.w.Write(n.buffer.Bytes())
	return err
}

func (n *ndjsonWriter) End() error { return nil }

func same[T any](v T) T { return v }
