package diagnose

import (
	"slices"

	"mailprobe/internal/finding"
	"mailprobe/internal/probe"
	"mailprobe/internal/settings"
)

// mistyped takes the blame for what the user alone has written: a name next to
// one of the catalogue, or a known server with a port or a security that its
// provider documents otherwise.
func (c Context) mistyped(r *probe.Result, f finding.Finding) finding.Finding {
	step := r.FailedStep()
	if c.Setting == nil || c.Setting.Origin != settings.FromURL || step == nil || f.Phase != step.Phase || f.Severity != finding.Error {
		return f
	}
	switch misfitOf(r) {
	case noSuchHost:
		return c.anotherName(r, f)
	case wrongMode, wrongPort:
		return c.anotherPort(r, f)
	}
	return f
}

func (c Context) anotherName(r *probe.Result, f finding.Finding) finding.Finding {
	if c.Near == nil || r.Host != r.Endpoint.Host {
		return f
	}
	near := c.Near(r.Host, r.Endpoint.Port)
	if len(near) == 0 || sameHost(near[0].Host, r.Host) {
		return f
	}
	f.Blame, f.Args = finding.Account, with(f.Args, "near", near[0].String())
	f.Remedy = "Did you mean {near}?"
	return f
}

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
