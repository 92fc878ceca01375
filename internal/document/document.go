// Package document is the JSON of a run: what it says, how it is made of a
// report, and how it is read again. All formats are made of it, so that they
// cannot say different things. docs/json.md explains every field.
package document

import (
	"time"

	"mailprobe/internal/diagnose"
	"mailprobe/internal/finding"
	"mailprobe/internal/probe"
	"mailprobe/internal/settings"
	"mailprobe/internal/verify"
)

// Schema is the version of the document. It rises when a field is removed or
// changes its meaning, not when one is added.
const Schema = 1

// The words of verdicts, of what became of a phase, and of a sign-in.
const (
	Works   = Text(verify.Works)
	Fails   = Text(verify.Fails)
	Unknown = Text(verify.Unknown)

	OK      = Text(probe.OK)
	Failed  = Text(probe.Failed)
	Skipped = Text(probe.Skipped)

	Accepted  = Text(probe.AuthAccepted)
	Rejected  = Text(probe.AuthRejected)
	NotJudged = Text(probe.AuthUnknown)
	Withheld  = Text(probe.AuthSkipped)
	NotTested = Text(probe.AuthNotTested)
)

// A Document is what is said of one run.
type Document struct {
	Schema       int          `json:"schema"`
	Mailprobe    Text         `json:"mailprobe"`
	Index        int          `json:"index"` // among the targets that were asked for, from 0
	Target       Text         `json:"target"`
	Title        Text         `json:"title"` // what people call the target
	Provider     *Provider    `json:"provider"`
	Started      time.Time    `json:"started"`
	Took         Millis       `json:"took_ms"`
	Verdict      Text         `json:"verdict"`
	UpToSignIn   bool         `json:"works_up_to_sign_in"`
	SignInAsked  bool         `json:"sign_in_asked"`
	SignInTested bool         `json:"sign_in_tested"`
	Interrupted  bool         `json:"interrupted"`
	Endpoints    []Endpoint   `json:"endpoints"`
	NotOffered   []NotOffered `json:"not_offered"`
	Findings     []Finding    `json:"findings"`
	Controls     []Control    `json:"controls"`
	Faults       []Fault      `json:"faults"`
	Warnings     []Warning    `json:"warnings"`
	Comparison   *Comparison  `json:"comparison"` // nil: none was asked for

	*Case   // of a suite; nil: it was no suite that was run
	*Listed // of a list; nil: it was no list that was run
}

// A Listed is where in a list of targets a target stands.
type Listed struct {
	InputLine    int    `json:"input_line"`    // of the list, from 1
	InputResolve []Text `json:"input_resolve"` // where the line leads hosts
	InputResults int    `json:"input_results"` // how many results the target has: one for each endpoint, or one
}

// A Provider is who the settings are for.
type Provider struct {
	ID   Text `json:"id"`
	Name Text `json:"name"`
}

// A NotOffered is a protocol that the provider states it does not offer.
type NotOffered struct {
	Protocol     Text    `json:"protocol"`
	Note         Text    `json:"note"`
	DocumentedIn *Source `json:"documented_in"`
}

// A Source is a page that documents something.
type Source struct {
	Kind      Text `json:"kind"`
	Title     Text `json:"title"`
	Publisher Text `json:"publisher"`
	URL       Text `json:"url"`
	Read      Text `json:"read"`
}

// A Finding is one judgement.
type Finding struct {
	Code     Text            `json:"code"`
	Severity Text            `json:"severity"`
	Blame    Text            `json:"blame"`
	Phase    Maybe           `json:"phase"`
	Args     map[string]Text `json:"args"`
	Message  Text            `json:"message"`
	Remedy   Text            `json:"remedy"`
	Steps    []Text          `json:"steps"` // the first of it that somebody does, three at most
	HelpURL  Text            `json:"help_url"`
	Evidence Text            `json:"evidence"`
}

// A Control is one dialogue that was held for comparison.
type Control struct {
	Server
	Elsewhere bool   `json:"elsewhere"`
	Took      Millis `json:"took_ms"`
	Phase     Maybe  `json:"failed_phase"`
	Error     Maybe  `json:"error"`
}

// Of returns the document of a report, written by a version of mailprobe;
// empty: "unknown".
func Of(r *verify.Report, version string) *Document {
	if version == "" {
		version = "unknown"
	}
	d := &Document{
		Schema: Schema, Mailprobe: Text(version), Target: Text(r.Target), Title: title(r),
		Started: moment(r.Started), Took: millis(r.Took),
		Verdict: Text(r.Verdict), SignInAsked: r.SignInAsked, Interrupted: r.Interrupted,
		Endpoints:  []Endpoint{},
		NotOffered: Each(r.NotOffered, notOffered),
		Findings:   Each(r.Findings, FindingOf),
		Controls:   Each(r.Controls, control),
	}
	if r.Provider != nil {
		d.Provider = &Provider{Text(r.Provider.ID), Text(r.Provider.Name)}
	}
	for i := range r.Endpoints {
		e := endpoint(&r.Endpoints[i])
		e.TLS.scrub(r.Scrubber)
		d.Endpoints = append(d.Endpoints, e)
	}
	d.countDays(r.Started)
	d.judgeSignIn()
	d.share(r)
	return d
}

func notOffered(n settings.NotOffered) NotOffered {
	return NotOffered{Text(n.Protocol), Text(n.Note), source(n.Source)}
}

// source returns nil where nothing is documented.
func source(s settings.Source) *Source {
	if s == (settings.Source{}) {
		return nil
	}
	cited := SourceOf(s)
	return &cited
}

// SourceOf returns a page as documents name it.
func SourceOf(s settings.Source) Source {
	return Source{Text(s.Kind), Text(s.Title), Text(s.Publisher), Text(s.URL), Text(s.Read)}
}

// FindingOf returns a finding as documents say it.
func FindingOf(f finding.Finding) Finding {
	args := map[string]Text{}
	for name, value := range f.Args {
		args[name] = Text(value)
	}
	return Finding{
		Code: Text(f.Code), Severity: Text(f.Severity), Blame: Text(f.Blame), Phase: Maybe(f.Phase), Args: args,
		Message: Text(f.Says()), Remedy: Text(f.Advises()), Steps: Texts(finding.Steps(f.Advises())), HelpURL: Text(f.HelpURL), Evidence: Text(f.Seen()),
	}
}

func control(c diagnose.Control) Control {
	said := Control{Server: ServerOf(c.Result.Endpoint), Elsewhere: c.Elsewhere, Took: millis(c.Result.Took)}
	if step := c.Result.FailedStep(); step != nil {
		said.Phase, said.Error = Maybe(step.Phase), reason(step.Err)
	}
	return said
}

// reason returns an error's words; empty: there is none.
func reason(err error) Maybe {
	if err == nil {
		return ""
	}
	return Maybe(err.Error())
}
