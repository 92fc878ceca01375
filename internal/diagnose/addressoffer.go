package diagnose

import (
	"crypto/tls"
	"fmt"
	"slices"
	"strings"

	"mailprobe/internal/finding"
	"mailprobe/internal/probe"
)

// differentOffers names the addresses that announce something else than the
// first one that works. A missing way to sign in is a warning.
func differentOffers(nodes []node) []finding.Finding {
	first, rest := working(nodes)
	var all []finding.Finding
	for _, n := range rest {
		less, more := difference(waysIn(first), waysIn(n))
		f := finding.Finding{Code: "net.address_inconsistent", Phase: probe.Capabilities,
			Message: "The addresses of {server} announce different abilities: {difference}.",
			Remedy:  "A mail program that meets the one or the other signs in now and then only. The provider should make its servers alike."}
		if len(less)+len(more) == 0 {
			f.Severity, f.Remedy = finding.Info, "" // whichever is met, the sign-in works alike
			less, more = difference(offers(first), offers(n))
		}
		if len(less)+len(more) == 0 {
			continue
		}
		f.Args = finding.Args{"difference": contrast(n, first, less, more)}
		for _, x := range []node{first, n} {
			f.Evidence = append(f.Evidence, finding.Observation{At: x.String(), What: strings.Join(x.Capabilities, " ")})
		}
		all = append(all, f)
	}
	return all
}

// working returns the first node that works and the others that do.
func working(nodes []node) (first node, rest []node) {
	good, _ := split(nodes, node.works, none)
	if len(good) == 0 {
		return node{}, nil
	}
	return good[0], good[1:]
}

// waysIn are the ways to sign in that a node announces.
func waysIn(n node) []string {
	ways := slices.Clone(n.Mechanisms)
	if n.NativeLogin != "" {
		ways = append(ways, n.NativeLogin)
	}
	return ways
}

// offers are the names of what a node announces, before and inside TLS;
// parameters such as a size limit do not count.
func offers(n node) []string {
	var names []string
	for _, c := range slices.Concat(n.PlainCaps, n.Capabilities) {
		name, _, _ := strings.Cut(strings.ToUpper(c), " ")
		names = append(names, name)
	}
	return names
}

// difference returns what only a has, and what only b has, sorted.
func difference(a, b []string) (onlyA, onlyB []string) {
	without := func(x, y []string) []string {
		rest := slices.DeleteFunc(slices.Clone(x), func(s string) bool { return s == "" || slices.Contains(y, s) })
		slices.Sort(rest)
		return slices.Compact(rest)
	}
	return without(a, b), without(b, a)
}

func contrast(n, first node, less, more []string) string {
	var parts []string
	if len(less) > 0 {
		parts = append(parts, fmt.Sprintf("%s lacks %s", n, few(less)))
	}
	if len(more) > 0 {
		parts = append(parts, fmt.Sprintf("only %s has %s", n, few(more)))
	}
	return strings.Join(parts, "; ") + fmt.Sprintf(" (compared with %s)", first)
}

// differentTLS names the addresses that negotiate another version of TLS. It
// is a warning only if one of them is out of date (RFC 8996).
func differentTLS(nodes []node) []finding.Finding {
	first, rest := working(nodes)
	var all []finding.Finding
	for _, n := range rest {
		if n.TLS == nil || first.TLS == nil || n.TLS.Version == first.TLS.Version {
			continue
		}
		one, other := tls.VersionName(first.TLS.Version), tls.VersionName(n.TLS.Version)
		f := finding.Finding{Code: "tls.inconsistent_addresses", Phase: securePhase(n.Result),
			Message:  "The addresses of {server} speak different versions of TLS: {versions}.",
			Args:     finding.Args{"versions": fmt.Sprintf("%s %s, %s %s", n, other, first, one)},
			Remedy:   "The provider must bring the older server up to date.",
			Evidence: finding.Evidence{{At: first.String(), What: one}, {At: n.String(), What: other}}}
		if min(n.TLS.Version, first.TLS.Version) >= tls.VersionTLS12 {
			f.Severity, f.Remedy = finding.Info, "" // both are good enough
		}
		all = append(all, f)
	}
	return all
}
