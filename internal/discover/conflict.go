package discover

import (
	"fmt"
	"slices"
	"strings"

	"mailprobe/internal/finding"
	"mailprobe/internal/published"
	"mailprobe/internal/settings"
)

// A Conflict is a contradiction between two sources. Its finding's code is
// "settings.conflict", "dns.srv_mismatch" or "dns.srv_service_disabled".
type Conflict struct {
	finding.Finding
	Protocol settings.Protocol
	Between  [2]Source
}

// conflicts compares each source that offers something with the first that
// does. Guesses contradict nobody.
func conflicts(reports []Report, target string) []Conflict {
	var all []Conflict
	for _, p := range settings.Protocols() {
		first := -1
		for i := range reports {
			r := &reports[i]
			if r.Source == Guess || r.Status != Found && len(r.Absent) == 0 {
				continue
			}
			if first < 0 {
				if offers(r.Offers, p) {
					first = i
				}
				continue
			}
			if c, ok := between(&reports[first], r, p, target); ok {
				all = append(all, c)
			}
		}
	}
	return all
}

// between compares what two sources say of a protocol.
func between(x, y *Report, p settings.Protocol, target string) (Conflict, bool) {
	mine, theirs := endpoints(x, p, target), endpoints(y, p, target)
	c := Conflict{Protocol: p, Between: [2]Source{x.Source, y.Source}}
	args := finding.Args{"service": p.Name(), "first": string(x.Source), "second": string(y.Source), "one": named(mine), "other": named(theirs)}
	switch at := modes(mine, theirs); {
	case len(theirs) == 0 && slices.Contains(y.Absent, p):
		return c.with(disabled(y, args)), true
	case len(theirs) == 0:
		return c, false
	case at != "":
		args["where"] = at
		return c.with(finding.Finding{Code: "settings.conflict", Severity: finding.Error, Args: args,
			Message: "{service} at {where}: {first} and {second} name the same server with different encryption; one of them is wrong.", Remedy: "Find out which works, and correct the other."}), true
	case slices.ContainsFunc(mine, func(e settings.Endpoint) bool { return slices.Contains(theirs, e) }):
		return c, false
	}
	f := finding.Finding{Code: "settings.conflict", Args: args, Message: "{service}: {first} names {one}, {second} names {other}. Which of them a mail program takes depends on the program.",
		Remedy: "If both work, let both sources name the same server; if one is old, correct the source that names it."}
	if y.Source == SRV {
		f.Code = "dns.srv_mismatch"
	}
	return c.with(f), true
}

// disabled says that a source denies what another offers.
func disabled(y *Report, args finding.Args) finding.Finding {
	f := finding.Finding{Code: "settings.conflict", Severity: finding.Error, Args: args, Message: "{first} offers {service} at {one}, and {second} says that it is not offered.", Remedy: "Correct the one that is wrong."}
	if y.Source == SRV {
		f.Code, f.Message = "dns.srv_service_disabled", `{first} offers {service} at {one}, and DNS says that it is not offered (SRV, target ".").`
	}
	return f
}

func (c Conflict) with(f finding.Finding) Conflict {
	var r Report
	r.says(f)
	c.Finding = r.Findings[0].Finding
	return c
}

// endpoints returns what a source offers of a protocol, with the hosts'
// placeholders filled in.
func endpoints(r *Report, p settings.Protocol, target string) []settings.Endpoint {
	var list []settings.Endpoint
	for _, o := range r.Offers {
		if e := o.Endpoint(target); o.Protocol == p && !slices.Contains(list, e) {
			e.Host = strings.ToLower(e.Host)
			list = append(list, e)
		}
	}
	return list
}

// modes returns a server that two lists name with different encryption.
func modes(x, y []settings.Endpoint) string {
	for _, a := range x {
		if slices.Contains(y, a) {
			continue
		}
		for _, b := range y {
			if a.Address() == b.Address() && a.Security != b.Security && !slices.Contains(x, b) {
				return a.Address()
			}
		}
	}
	return ""
}

// named writes servers down.
func named(list []settings.Endpoint) string {
	var texts []string
	for _, e := range list {
		texts = append(texts, fmt.Sprintf("%s (%s)", e.Address(), e.Security.Name()))
	}
	return strings.Join(texts, ", ")
}

// Inside reports whether a host is in a private network and not to be dialled.
func (r *Result) Inside(host string) bool { return r.inside[host] }

// An Endpoint is one distinct server with who names it.
type Endpoint struct {
	At      settings.Endpoint
	Offer   published.Offer // of the first that names it
	Sources []Report        // all that name it, in their order, without their offers
}

// Endpoints returns each distinct server once, in the order of the sources. A
// host whose placeholders cannot be filled in is left out.
func (r *Result) Endpoints() []Endpoint {
	var all []Endpoint
	for _, s := range r.Sources {
		if s.Status != Found {
			continue
		}
		from := Report{Source: s.Source, Where: s.Where, Provider: s.Provider}
		for _, o := range s.Offers {
			at := o.Endpoint(r.Target)
			if strings.Contains(at.Host, "%") || r.inside[at.Host] {
				continue
			}
			i := slices.IndexFunc(all, func(x Endpoint) bool { return x.At == at })
			switch {
			case i < 0:
				all = append(all, Endpoint{at, o, []Report{from}})
			case !slices.ContainsFunc(all[i].Sources, func(x Report) bool { return x.Source == s.Source }):
				all[i].Sources = append(all[i].Sources, from)
			}
		}
	}
	return all
}
