package target

import (
	"slices"
	"strings"

	"mailprobe/internal/discover"
	"mailprobe/internal/finding"
)

// held says which servers of a target are not those of the provider that is
// expected. What a domain publishes is judged by its sources.
func (r Resolver) held(t Target) Target {
	if r.Expect == nil || t.Found != nil {
		return t
	}
	var hosts []string
	for _, s := range t.Settings {
		if !discover.Runs(r.Expect, s.Host) && !slices.Contains(hosts, s.Host) {
			hosts = append(hosts, s.Host)
		}
	}
	if len(hosts) > 0 {
		t.Beside = append(t.Beside, finding.Finding{Code: "settings.not_expected", Severity: finding.Error, Blame: finding.Provider,
			Args:    finding.Args{"hosts": strings.Join(hosts, ", "), "provider": r.Expect.Name},
			Message: "{hosts}: no server of {provider}, which is expected.", Remedy: "Change what names the servers, or expect another provider."})
	}
	return t
}

// Held says the same of targets that were read from files.
func (r Resolver) Held(list []Target) []Target {
	for i := range list {
		list[i] = r.held(list[i])
	}
	return list
}
