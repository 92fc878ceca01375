package verify

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"mailprobe/internal/auth"
	"mailprobe/internal/finding"
	"mailprobe/internal/probe"
)

// scrubber returns the one that serves all plans: a server of one may have been
// shown a secret in another.
func scrubber(plans []Plan) *auth.Scrubber {
	var known []string
	var credentials []*auth.Credential
	for _, p := range plans {
		credentials = append(credentials, p.Options.Credential)
		for _, e := range p.Endpoints {
			known = append(known, e.Host, p.user(e))
		}
	}
	return auth.NewScrubberBeside(known, credentials...)
}

// Scrub takes the secrets of a run out of all that servers have said in it, on
// every connection, once it was judged by what was received. What this program
// says itself stays: a password may be a word of it.
func (r *Report) Scrub(s *auth.Scrubber) {
	r.Scrubber = s
	scrubFindings(s, r.Findings)
	for i := range r.Controls {
		scrubResult(s, r.Controls[i].Result)
	}
	for _, list := range [][]Endpoint{r.Endpoints, r.Also} {
		scrubEndpoints(s, list)
	}
}

func scrubEndpoints(s *auth.Scrubber, list []Endpoint) {
	for i := range list {
		e := &list[i]
		scrubFindings(s, e.Findings)
		scrubResult(s, e.Result)
		for _, a := range e.Addresses {
			scrubResult(s, a)
		}
		if e.Scan != nil {
			e.Scan.Err = scrubbed(s, e.Scan.Err)
		}
	}
}

// scrubFindings keeps the sentences, which are the rules' own, and scrubs what
// is filled into them.
func scrubFindings(s *auth.Scrubber, findings []finding.Finding) {
	for i := range findings {
		f := &findings[i]
		f.Args = maps.Clone(f.Args)
		for name, value := range f.Args {
			f.Args[name] = s.Scrub(value)
		}
		f.Evidence = slices.Clone(f.Evidence)
		for j := range f.Evidence {
			o := &f.Evidence[j]
			o.At, o.What = s.Scrub(o.At), s.Scrub(clip(o.What))
		}
	}
}

// maxShown bounds one text of a server's in a report, in bytes. It was judged as
// a whole.
const maxShown = 8 << 10

func clip(text string) string {
	over := len(text) - maxShown
	if over <= 0 {
		return text
	}
	return fmt.Sprintf("%s [... %d bytes dropped]", strings.ToValidUTF8(text[:maxShown], ""), over)
}

func scrubResult(s *auth.Scrubber, r *probe.Result) {
	if r == nil {
		return
	}
	r.Greeting = s.Scrub(clip(r.Greeting))
	for _, list := range []*[]string{&r.PlainCaps, &r.Capabilities, &r.PlainMechanisms, &r.Mechanisms} {
		*list = s.ScrubLines(*list)
	}
	for i := range r.Steps {
		r.Steps[i].Note, r.Steps[i].Err = s.Scrub(r.Steps[i].Note), scrubbed(s, r.Steps[i].Err)
	}
	for i := range r.Checked {
		r.Checked[i].Mechanism = s.Scrub(r.Checked[i].Mechanism)
	}
	for _, a := range []*probe.Auth{&r.Auth, r.OtherForm} {
		if a != nil {
			a.Reason, a.Challenge = s.Scrub(a.Reason), s.Scrub(a.Challenge)
		}
	}
	if u := r.UnlikeAsked; u != nil {
		u.First = []byte(s.Scrub(string(u.First)))
	}
	if m := r.Message; m != nil {
		m.Reason = s.Scrub(m.Reason)
	}
}

// A scrubbedError is an error that shows no secret. What it is does not change.
type scrubbedError struct {
	error
	text string
}

func (e *scrubbedError) Error() string { return e.text }
func (e *scrubbedError) Unwrap() error { return e.error }

func scrubbed(s *auth.Scrubber, err error) error {
	if err == nil {
		return nil
	}
	if text := s.Scrub(err.Error()); text != err.Error() {
		return &scrubbedError{err, text}
	}
	return err
}
