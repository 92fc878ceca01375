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
func differentOffers(at string, nodes []node) []finding.Finding {
	first, rest := working(nodes)
	var all []finding.Finding
	for _, n := range rest {
		less, more := difference(waysIn(first), waysIn(n))
		f := finding.Finding{Code: "net.address_inconsistent", Severity: finding.Warning, Blame: finding.Provider, Phase: probe.Capabilities,
			Remedy: "A mail program that meets the one or the other signs in now and then only. The provider should make its servers alike."}
		if len(less)+len(more) == 0 {
			f.Severity, f.Blame, f.Remedy = finding.Info, "", ""
			less, more = difference(offers(first), offers(n))
		}
		if len(less)+len(more) == 0 {
			continue
		}
		f.Message = fmt.Sprintf("The addresses of %s announce different abilities: %s.", at, contrast(n, first, less, more))
		f.Evidence = finding.Saw(fmt.Sprintf("%s: %s\n%s: %s", first, strings.Join(first.Capabilities, " "), n, strings.Join(n.Capabilities, " ")))
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
func differentTLS(at string, nodes []node) []finding.Finding {
	first, rest := working(nodes)
	var all []finding.Finding
	for _, n := range rest {
		if n.TLS == nil || first.TLS == nil || n.TLS.Version == first.TLS.Version {
			continue
		}
		f := finding.Finding{Code: "tls.inconsistent_addresses", Severity: finding.Info, Phase: securePhase(n.Result),
			Message:  fmt.Sprintf("The addresses of %s speak different versions of TLS: %s %s, %s %s.", at, n, tls.VersionName(n.TLS.Version), first, tls.VersionName(first.TLS.Version)),
			Evidence: finding.Saw(fmt.Sprintf("%s: %s\n%s: %s", first, tls.VersionName(first.TLS.Version), n, tls.VersionName(n.TLS.Version)))}
		if min(n.TLS.Version, first.TLS.Version) < tls.VersionTLS12 {
			f.Severity, f.Blame = finding.Warning, finding.Provider
			f.Remedy = "The provider must bring the older server up to date."
		}
		all = append(all, f)
	}
	return all
}
