package diagnose

import (
	"slices"

	"mailprobe/internal/finding"
	"mailprobe/internal/probe"
	"mailprobe/internal/settings"
	"mailprobe/internal/tlscheck"
)

// mistyped takes the blame for what the user alone has written: a name next to
// one of the catalogue, or a known server with a port or a security that its
// provider documents otherwise.
func (c Context) mistyped(r *probe.Result, f finding.Finding) finding.Finding {
	step := r.FailedStep()
	concerned := step != nil && f.Phase == step.Phase || step == nil && f.Code == certRules[tlscheck.NameMismatch].code
	if c.Setting == nil || c.Setting.Origin != settings.FromURL || !concerned || f.Severity != finding.Error {
		return f
	}
	fit := misfitOf(r)
	if near := c.meant(r); near != nil && fit != fits {
		return anotherName(f, *near, fit)
	}
	if fit == wrongMode || fit == wrongPort {
		return c.anotherPort(r, f)
	}
	return f
}

// meant returns the server of the catalogue next to whose name the one stands
// that the user wrote; nil: there is none.
func (c Context) meant(r *probe.Result) *settings.Endpoint {
	if c.Near == nil || r.Host != r.Endpoint.Host || c.Setting == nil || c.Setting.Origin != settings.FromURL {
		return nil
	}
	near := c.Near(r.Host, r.Endpoint.Port)
	if len(near) == 0 || sameHost(near[0].Host, r.Host) {
		return nil
	}
	return &near[0]
}

// anotherName asks for the name that may have been meant. One that leads
// somewhere may also be right.
func anotherName(f finding.Finding, near settings.Endpoint, fit misfit) finding.Finding {
	f.Blame, f.Args = finding.Account, with(f.Args, "near", near.String())
	if fit == noSuchHost {
		f.Remedy = "Did you mean {near}?"
		return f
	}
	f.Remedy = "Did you mean {near}? Somebody else may have the name that was typed. If {host} is right, compare the setting with the settings page of whoever runs it."
	return f
}

// isTyping reports whether a finding is explained by what the user wrote.
func isTyping(f finding.Finding) bool { return f.Args["near"] != "" || f.Args["documented"] != "" }

// Mistyped reports whether a host that the user wrote, and that fails, is
// probably another one than was meant: nothing of it is worth recommending.
func Mistyped(r *probe.Result, c Context) bool { return c.meant(r) != nil && misfitOf(r) != fits }

func (c Context) anotherPort(r *probe.Result, f finding.Finding) finding.Finding {
	if !catalogued(c.Provider) {
		return f
	}
	fitting := slices.DeleteFunc(c.Provider.Settings(), func(s settings.Setting) bool {
		return !sameHost(s.Host, r.Endpoint.Host) || s.Protocol != r.Endpoint.Protocol || s.Role != settings.Documented && s.Role != settings.Alternative
	})
	if len(fitting) == 0 || slices.ContainsFunc(fitting, func(s settings.Setting) bool { return s.Endpoint == r.Endpoint }) {
		return f
	}
	f.Blame, f.Args = finding.Account, with(f.Args, "documented", fitting[0].Endpoint.String())
	f.Args["owner"] = c.Provider.Name
	f.Remedy = "{owner} documents {documented} for this server: use that."
	return f
}
