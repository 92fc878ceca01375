package diagnose

import (
	"net/netip"
	"slices"

	"mailprobe/internal/finding"
	"mailprobe/internal/probe"
)

// translators are the prefixes behind which a network without IPv4 shows IPv4
// addresses (NAT64): RFC 6052 §2.1, RFC 8215.
var translators = []netip.Prefix{netip.MustParsePrefix("64:ff9b::/96"), netip.MustParsePrefix("64:ff9b:1::/48")}

func throughTranslator(a netip.Addr) bool {
	return slices.ContainsFunc(translators, func(p netip.Prefix) bool { return p.Contains(a) })
}

// isTranslated reports whether a host is reached through a translator alone.
func isTranslated(r *probe.Result) bool {
	return len(r.Resolved) > 0 && !slices.ContainsFunc(r.Resolved, func(a netip.Addr) bool { return !throughTranslator(a) })
}

// translates reports whether anything was reached through a translator.
func (s scene) translates() bool {
	return slices.ContainsFunc(s.sightings(), func(x sighting) bool {
		return slices.ContainsFunc(x.result.Tried, func(t probe.Attempt) bool { return t.Err == nil && throughTranslator(t.Addr.Addr()) })
	})
}

// translatorSilent words silence behind a translator of which nothing shows
// that it works: what answers directly clears only the rest of the network.
func translatorSilent(k Case, f finding.Finding, other sighting) finding.Finding {
	f.Severity, f.Blame = finding.Warning, finding.LocalNetwork
	f.Args = finding.Args{"other": other.Host, "address": k.Result.Resolved[0].String()}
	f.Message = "{server} does not answer. It has no IPv6, so this network leads there through a translator to IPv4 (NAT64, {address}), through which nothing was reached; {other}, which has IPv6, answers. More likely the translator is out than the server."
	f.Remedy = "Try from another network, such as a phone's. If it works there, whoever runs this network must mend its translator (NAT64) or provide IPv4."
	return f
}
