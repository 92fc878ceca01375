package report

import (
	"encoding/json"
	"io"
	"math"
	"time"

	"mailprobe/internal/finding"
	"mailprobe/internal/probe"
	"mailprobe/internal/safe"
	"mailprobe/internal/settings"
	"mailprobe/internal/verify"
)

// schema is the version of the JSON document. It rises when a field is
// removed or changes its meaning, not when one is added.
const schema = 1

// A text is a string of the document. It is made harmless as it is written,
// so that no field can be forgotten.
type text string

// MarshalText returns the display of t.
func (t text) MarshalText() ([]byte, error) { return []byte(safe.Display(string(t))), nil }

// A document is the JSON of one report; docs/json.md explains every field.
type document struct {
	Schema       int              `json:"schema"`
	Mailprobe    text             `json:"mailprobe"`
	Target       text             `json:"target"`
	Provider     *providerView    `json:"provider"`
	Started      text             `json:"started"`
	TookMS       float64          `json:"took_ms"`
	Verdict      text             `json:"verdict"`
	SignInAsked  bool             `json:"sign_in_asked"`
	SignInTested bool             `json:"sign_in_tested"`
	Interrupted  bool             `json:"interrupted"`
	Endpoints    []endpointView   `json:"endpoints"`
	NotOffered   []notOfferedView `json:"not_offered"`
	Findings     []findingView    `json:"findings"`
	Controls     []controlView    `json:"controls"`
}

// documents is the JSON of a run with several targets.
type documents struct {
	Schema    int        `json:"schema"`
	Mailprobe text       `json:"mailprobe"`
	Verdict   text       `json:"verdict"`
	Reports   []document `json:"reports"`
}

type providerView struct {
	ID   text `json:"id"`
	Name text `json:"name"`
}

type notOfferedView struct {
	Protocol     text        `json:"protocol"`
	Note         text        `json:"note"`
	DocumentedIn *sourceView `json:"documented_in"`
}

type findingView struct {
	Code     text  `json:"code"`
	Severity text  `json:"severity"`
	Blame    text  `json:"blame"`
	Phase    *text `json:"phase"`
	Message  text  `json:"message"`
	Remedy   text  `json:"remedy"`
	HelpURL  text  `json:"help_url"`
	Evidence text  `json:"evidence"`
}

// writeJSON writes the document of one report, or one object around those of
// several.
func writeJSON(w io.Writer, reports []*verify.Report, o Options) error {
	views := each(reports, func(r *verify.Report) document { return viewReport(r, o) })
	if len(views) == 1 {
		return encode(w, views[0])
	}
	return encode(w, documents{schema, text(o.version()), text(verify.Overall(reports)), views})
}

// encode writes v as every JSON of this program is written: indented, and
// with <, > and & as they are.
func encode(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(v)
}

func viewReport(r *verify.Report, o Options) document {
	d := document{
		Schema:       schema,
		Mailprobe:    text(o.version()),
		Target:       text(r.Target),
		Started:      moment(r.Started),
		TookMS:       milliseconds(r.Took),
		Verdict:      text(r.Verdict),
		SignInAsked:  r.SignInAsked,
		SignInTested: signInTested(r),
		Interrupted:  r.Interrupted,
		Endpoints:    []endpointView{},
		NotOffered:   each(r.NotOffered, viewNotOffered),
		Findings:     each(r.Findings, viewFinding),
		Controls:     each(r.Controls, viewControl),
	}
	if r.Provider != nil {
		d.Provider = &providerView{text(r.Provider.ID), text(r.Provider.Name)}
	}
	for i := range r.Endpoints {
		d.Endpoints = append(d.Endpoints, viewEndpoint(&r.Endpoints[i], r))
	}
	return d
}

// signInTested reports whether a server judged the credential.
func signInTested(r *verify.Report) bool {
	for i := range r.Endpoints {
		switch authOf(&r.Endpoints[i]).Status {
		case probe.AuthAccepted, probe.AuthRejected:
			return true
		}
	}
	return false
}

func viewNotOffered(n settings.NotOffered) notOfferedView {
	return notOfferedView{text(n.Protocol), text(n.Note), viewSource(n.Source)}
}

func viewFinding(f finding.Finding) findingView {
	return findingView{
		Code: text(f.Code), Severity: text(f.Severity), Blame: text(f.Blame), Phase: orNull(f.Phase),
		Message: text(f.Says()), Remedy: text(f.Advises()), HelpURL: text(f.HelpURL), Evidence: text(f.Seen()),
	}
}

// moment returns t as RFC 3339 writes it, in UTC.
func moment(t time.Time) text { return text(t.UTC().Format(time.RFC3339)) }

func momentOrNull(t time.Time) *text {
	if t.IsZero() {
		return nil
	}
	m := moment(t)
	return &m
}

// milliseconds returns d in milliseconds to one decimal place.
func milliseconds(d time.Duration) float64 {
	return math.Round(float64(d)/float64(100*time.Microsecond)) / 10
}

// orNull returns nil for an empty string, which stands for unknown.
func orNull(s string) *text {
	if s == "" {
		return nil
	}
	t := text(s)
	return &t
}

// each maps a list; the result is never nil, so that it is written as [].
func each[T, V any](list []T, view func(T) V) []V {
	views := make([]V, 0, len(list))
	for _, v := range list {
		views = append(views, view(v))
	}
	return views
}

func texts(list []string) []text {
	return each(list, func(s string) text { return text(s) })
}
