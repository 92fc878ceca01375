package document

import (
	"slices"
	"strings"

	"mailprobe/internal/finding"
	"mailprobe/internal/probe"
	"mailprobe/internal/verify"
)

// title returns the provider's name, and the target as typed if it is another
// word.
func title(r *verify.Report) Text {
	if r.Provider == nil || r.Provider.Name == "" {
		return Text(r.Target)
	}
	known := append([]string{"", r.Provider.ID, r.Provider.Name}, r.Provider.Aliases...)
	if slices.ContainsFunc(known, func(name string) bool { return strings.EqualFold(name, r.Target) }) {
		return Text(r.Provider.Name)
	}
	return Text(r.Provider.Name + " (" + r.Target + ")")
}

// judgeSignIn says what became of signing in over all endpoints.
func (d *Document) judgeSignIn() {
	for i := range d.Endpoints {
		e := &d.Endpoints[i]
		e.HeldBack = e.heldBack()
		d.SignInTested = d.SignInTested || e.Auth.Status == Accepted || e.Auth.Status == Rejected
	}
	d.UpToSignIn = d.upToSignIn()
}

// upToSignIn reports whether nothing but the account is in question: every
// server got as far as signing in, and not every one beyond.
func (d *Document) upToSignIn() bool {
	if !d.SignInAsked || d.Interrupted || slices.ContainsFunc(d.Findings, Finding.grave) {
		return false
	}
	short := false
	for i := range d.Endpoints {
		if e := &d.Endpoints[i]; e.Verdict != Works {
			short = true
			if !e.reachedSignIn() {
				return false
			}
		}
	}
	return short
}

// reachedSignIn reports whether an endpoint did all that comes before signing
// in, with a server that has proved who it is, and nothing was wrong there.
func (e *Endpoint) reachedSignIn() bool {
	if e.Phase(probe.Capabilities).Status != OK || e.TLS == nil || !e.TLS.Trusted {
		return false
	}
	if failed := e.FailedStep(); failed != nil && comesBefore(string(failed.Name)) {
		return false
	}
	return !slices.ContainsFunc(e.Findings, func(f Finding) bool { return f.grave() && comesBefore(string(f.Phase)) })
}

// comesBefore reports whether a phase is neither signing in nor access.
func comesBefore(phase string) bool { return phase != probe.SignIn && phase != probe.Access }

func (f Finding) grave() bool { return f.Severity == Text(finding.Error) }

// heldBack reports whether nothing keeps an endpoint from its verdict but that
// it was not signed in to, for a reason that is known.
func (e *Endpoint) heldBack() bool {
	return e.Verdict == Unknown && len(e.Decisive()) == 0 && e.reachedSignIn() && e.Auth.Status == Withheld && e.Auth.Reason != ""
}

// Do returns the steps to take, also of a document that was written before
// there were any in it.
func (f Finding) Do() []string {
	if f.Steps == nil {
		return finding.Steps(string(f.Remedy))
	}
	return Each(f.Steps, func(step Text) string { return string(step) })
}

// ByAdministrator reports whether the account's owner cannot act alone: the
// first step is an administrator's.
func (f Finding) ByAdministrator() bool {
	steps := f.Do()
	return f.Blame == Text(finding.Account) && len(steps) > 0 && finding.ForAdministrator(steps[0])
}

// Decisive returns the findings that explain the verdict of an endpoint. Where
// nothing is wrong for certain, the warnings are all that is known.
func (e *Endpoint) Decisive() []Finding { return decisive(e.Verdict, e.Findings) }

// Decisive returns the findings about the run as a whole that explain its
// verdict.
func (d *Document) Decisive() []Finding { return decisive(d.Verdict, d.Findings) }

func decisive(verdict Text, findings []Finding) []Finding {
	return slices.DeleteFunc(slices.Clone(findings), func(f Finding) bool {
		return !f.grave() && (verdict != Unknown || f.Severity != Text(finding.Warning))
	})
}

// Worse returns the verdict over two verdicts; an empty one is none yet.
func Worse(a, b Text) Text { return Text(verify.Verdict(a).And(verify.Verdict(b))) }
